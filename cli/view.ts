/** `slipway view`: a page about the account, read with one's own credentials, until Ctrl-C. */
import { type CommandDefinition, GROUPS, option } from './command.ts';
import { connect } from './connect/connection.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { UsageError } from './output/command-error.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { colors, json, line } from './output/print.ts';

/** Nobody else's machine reaches it. */
const HOST = '127.0.0.1';
const PORT_MAX = 65_535;

export const viewCommand: CommandDefinition = {
  usage: 'view',
  group: GROUPS.look,
  about: 'a page in the browser: all targets, trouble first; the releases of each; read only',
  more: 'It is served to this machine alone, reads with your own rights, and puts nothing into the account.',
  options: [option('--port <n>', 'where it listens; 0: any free port', '4580')],
  examples: ['slipway view', 'slipway view --local'],
  run: async (_, given) => {
    const common = commonOptions(given);
    const port = portIn(String(given.port));
    return await view(await connect(common), port, common);
  },
};

function portIn(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= PORT_MAX) return Number(text);
  throw new UsageError(`--port is "${text}", expected a number from 0 to ${PORT_MAX}`);
}

async function view(
  connection: Awaited<ReturnType<typeof connect>>,
  wanted: number,
  common: CommonOptions,
): Promise<ExitCode> {
  const [{ createViewServer }, { close, listen }, { listenTrouble, signalled }] = await Promise.all(
    [
      import('./view/server.ts'),
      import('@slipway/local-cloud/server/http.ts'),
      import('@slipway/local-cloud/server/command-line.ts'),
    ],
  );
  const onWarning = (text: string) => process.stderr.write(`slipway view: ${text}\n`);
  const server = createViewServer(connection, { host: HOST, onWarning, invoked: common });
  let port: number;
  try {
    port = await listen(server, wanted, HOST);
  } catch (error) {
    const whenTaken = `: give another one: slipway view --port ${wanted + 1}`;
    const at = { host: HOST, port: wanted };
    const why = listenTrouble(error as NodeJS.ErrnoException, at, whenTaken);
    throw why === undefined ? error : new UsageError(why);
  }
  const ended = signalled();
  const url = `http://${HOST}:${port}/`;
  if (common.json) json({ type: 'listening', url });
  else line(`${colors.bold(url)}  ${connection.place}; read only. Ctrl-C stops it.`);
  await ended;
  await close(server);
  return EXIT.done;
}
