/** Several accounts and regions from one file: a pipeline for each environment, by a name of the user's. */

import { prefixOf } from '../parsing/pipeline-name.ts';
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
      inEnvironment(name, () => {
        environments[name] = isPipeline(input) ? input : parsePipeline(input);
      });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
    }
  }
  problems.push(...twiceAtHome(environments));
  if (problems.length > 0) throw new ConfigError(problems);
  return { environments };
}

/** What is wrong with one environment is told with its name in front. `name` is empty where the config has none. */
export function inEnvironment(name: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (name === '' || !(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.problems.map((one) => within(name, one)));
  }
}

/** All that two pipelines have in an account and region begins with their names, and a service has one of them. */
function twiceAtHome(environments: Readonly<Record<string, Pipeline>>): readonly ConfigProblem[] {
  const named = new Map<string, string>();
  const owners = new Map<string, string>();
  return Object.entries(environments).flatMap(([env, pipeline]) => {
    const home = `${pipeline.account} in ${pipeline.region}`;
    const namesake = first(named, `${home} ${prefixOf(pipeline)}`, env);
    const expected = `another name than ${namesake} has: what both have in ${home} would be one`;
    const twice = namesake === env ? [] : [problem([env, 'name'], pipeline.name, expected)];
    const services = Object.values(pipeline.targets).flatMap(({ id, key, service }) => {
      const owner = first(owners, `${home} ${key}`, env);
      if (owner === env || namesake !== env) return [];
      const other = `another service: ${owner} has ${key} in ${home}, and two would undo each other's releases`;
      return [problem([env, 'targets', id, 'service'], service, other)];
    });
    return [...twice, ...services];
  });
}

/** Whose it was first; his own, if nobody's. */
function first(owners: Map<string, string>, what: string, env: string): string {
  const owner = owners.get(what) ?? env;
  owners.set(what, owner);
  return owner;
}

/** `staging.targets.web.mode: …` */
function within(name: string, { path, line }: ConfigProblem): ConfigProblem {
  return path === ''
    ? { path: name, line: line.replace(/^the config/, name) }
    : { path: `${name}.${path}`, line: `${name}.${line}` };
}
