/** Several accounts and regions from one file: a pipeline for each environment, by a name of the user's. */
import { isPipeline, type Pipeline, parsePipeline } from './config.ts';
import { ConfigError, type ConfigProblem, problem } from './problems.ts';

/** Made by `defineEnvironments`. */
export interface Environments {
  /** By name, without a prototype. */
  readonly environments: Readonly<Record<string, Pipeline>>;
}

/** Of a shell's word, and of a folder. */
const NAME = /^[a-z][a-z0-9-]{0,29}$/;

/** From anywhere, a file of JSON included. Throws `ConfigError` with every mistake of all of them. */
export function parseEnvironments(inputs: unknown): Environments {
  const named = typeof inputs === 'object' && inputs !== null ? Object.entries(inputs) : [];
  const environments: Record<string, Pipeline> = Object.create(null);
  const problems: ConfigProblem[] = [];
  if (named.length === 0) {
    problems.push(
      problem([], inputs, "at least one environment: { staging: { account: '…', … } }"),
    );
  }
  for (const [name, input] of named) {
    if (!NAME.test(name)) {
      const expected = 'a name of up to 30 small letters, digits and -, like staging';
      problems.push(problem(['environments', name], name, expected));
      continue;
    }
    try {
      environments[name] = isPipeline(input) ? input : parsePipeline(input);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems.map((one) => within(name, one)));
    }
  }
  problems.push(...twiceAtHome(environments));
  if (problems.length > 0) throw new ConfigError(problems);
  return { environments };
}

/** Its stack, table and queues have one name in an account and region. */
function twiceAtHome(environments: Readonly<Record<string, Pipeline>>): readonly ConfigProblem[] {
  const homes = new Map<string, string>();
  return Object.entries(environments).flatMap(([name, { account, region }]) => {
    const home = `${account} in ${region}`;
    const other = homes.get(home);
    homes.set(home, name);
    if (other === undefined) return [];
    const expected = `another account or region than ${other}: Slipway is there once in ${home}`;
    return [problem([name, 'region'], region, expected)];
  });
}

/** `staging.targets.web.mode: …` */
function within(name: string, { path, line }: ConfigProblem): ConfigProblem {
  return path === ''
    ? { path: name, line: line.replace(/^the config/, name) }
    : { path: `${name}.${path}`, line: `${name}.${line}` };
}
