/** Which version this is: of the command, and of what it deploys. */
import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('../../package.json') as {
  readonly version: string;
};

export const VERSION = version;

/** On the table, so that another version's command sees whose functions write there. */
export const VERSION_TAG = 'slipway:version';
