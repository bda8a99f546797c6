/** `local-cloud`: serves until a signal comes. Exit codes: 0 done, 2 it could not begin. */
import { ACCOUNT, type CloudServer, startCloudServer } from './cloud-server.ts';
import { listenTrouble, signalled } from './command-line.ts';
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
    const whenTaken = ': give another one, or --port 0 for any';
    const why = listenTrouble(error as NodeJS.ErrnoException, options, whenTaken);
    throw why === undefined ? error : new UsageError(why);
  }
}

function greet({ url }: CloudServer, { region, speed, seed }: Options): void {
  process.stdout.write(
    `The local cloud listens at ${url} (account ${ACCOUNT}, ${region}, speed ${speed}, seed ${seed}). Ctrl-C ends it.\n` +
      `  aws --endpoint-url ${url} --region ${region} ecs list-clusters\n`,
  );
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2));
