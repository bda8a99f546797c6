/** What a command of development was asked for. What it does not take is said in words, with its help. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

const HELP = { help: { type: 'boolean', short: 'h', default: false } } as const;

/** Ends the process: after `--help` with 0, after what the command does not take with 2. */
export function readArguments<const T extends ParseArgsOptionsConfig>(help: string, options: T) {
  return readPlaces(help, options, 0).values;
}

/** And what stands without an option: at most so many. */
export function readPlaces<const T extends ParseArgsOptionsConfig>(
  help: string,
  options: T,
  most: number,
) {
  const read = () => parseArgs({ allowPositionals: true, options: { ...options, ...HELP } });
  try {
    const parsed = read();
    const tooMany = parsed.positionals[most];
    if (tooMany !== undefined) return refuse(help, `"${tooMany}" is no option`);
    if (!('help' in parsed.values && parsed.values.help === true)) return parsed;
  } catch (error) {
    const [why = ''] = String(error instanceof Error ? error.message : error).split('. ');
    return refuse(help, why);
  }
  console.log(help);
  return process.exit(0);
}

/** A whole number from `least` on. */
export function wholeNumber(help: string, option: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  return refuse(help, `--${option} takes a whole number from ${least} on, and not "${text}"`);
}

export function refuse(help: string, why: string): never {
  console.error(`${why}\n\n${help}`);
  return process.exit(2);
}
