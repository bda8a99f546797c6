/** The connection, loaded when it is needed: `--help` and a wrong word need no client of the SDK. */
import type { Connection } from './connection.ts';
import type { CommonOptions } from './options.ts';

/** As `connectAs`. */
export async function connected(options: CommonOptions): Promise<Connection> {
  const { connectAs } = await import('./connection.ts');
  return await connectAs(options);
}
