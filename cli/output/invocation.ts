/** A command to copy, as this person started us: through npx or npm, with their `--local`, `--config` and `--env`. */
import { LOCAL_URL } from '../connect/options.ts';

export interface Invoked {
  readonly local?: string;
  readonly config?: string;
  readonly env?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Of `slipway why web`. */
export function asTyped(
  command: string,
  { local, config, env }: Invoked,
  environment: Environment = process.env,
): string {
  const words = command.replace(/^slipway /, '');
  const place = local === undefined ? '' : local === LOCAL_URL ? ' --local' : ` --local ${local}`;
  const file = config === undefined ? '' : ` --config ${quoted(config)}`;
  const which = env === undefined ? '' : ` --env ${env}`;
  return `${startOf(environment)} ${words}${place}${file}${which}`;
}

function startOf({ npm_command: npm, npm_lifecycle_event: script }: Environment): string {
  if (npm === 'exec') return 'npx slipway';
  return npm === 'run-script' && script === 'slipway' ? 'npm run slipway --' : 'slipway';
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w./@:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
