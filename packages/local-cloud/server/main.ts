/** `local-cloud`: serves until a signal comes. Exit codes: 0 done, 2 it could not begin. */
import { ACCOUNT, type CloudServer, startCloudServer } from './cloud-server.ts';
import { HELP, readOptions, UsageError } from './options.ts';

export async function run(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === 'help') {
      process.stdout.write(HELP);
      return 0;
    }
    const server = await started(options);
    // Before anybody can know that it serves.
    const ended = signalled();
    greet(server, options);
    await ended;
    await server.stop();
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`local-cloud: ${error.message}\n`);
    return 2;
  }
}

type Options = Exclude<ReturnType<typeof readOptions>, 'help'>;

async function started(options: Options): Promise<CloudServer> {
  try {
    const onWarning = (line: string) => process.stderr.write(`local-cloud: ${line}\n`);
    return await startCloudServer({ ...options, onWarning });
  } catch (error) {
    throw portTrouble(error as NodeJS.ErrnoException, options) ?? error;
  }
}

function portTrouble({ code }: NodeJS.ErrnoException, { port, host }: Options) {
  switch (code) {
    case 'EADDRINUSE':
      return new UsageError(`port ${port} is taken: give another one, or --port 0 for any`);
    case 'EACCES':
      return new UsageError(`port ${port} may not be taken by you: give one above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UsageError(`this machine has no address "${host}"; expected 127.0.0.1 or 0.0.0.0`);
    default:
      return undefined;
  }
}

function greet({ url }: CloudServer, { region, speed, seed }: Options): void {
  process.stdout.write(
    `The local cloud listens at ${url} (account ${ACCOUNT}, ${region}, speed ${speed}, seed ${seed}). Ctrl-C ends it.\n` +
      `  aws --endpoint-url ${url} --region ${region} ecs list-clusters\n`,
  );
}

/** One Ctrl-C in a terminal comes twice where a Node above this one passes it on. */
const SAME_MS = 500;

/** Until somebody wants it to end; a second Ctrl-C does not wait for anything. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    const stop = () => {
      askedAt ??= performance.now();
      if (performance.now() - askedAt > SAME_MS) process.exit(130);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2));
