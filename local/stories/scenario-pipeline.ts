/** The pipeline that a scenario plays with: the given one, with the scenario's own settings. */

import {
  ConfigError,
  type Pipeline,
  parsePipeline,
  type Source,
  type Target,
} from '../../shared/config/config.ts';
import { COMMIT_IN } from '../../shared/config/git/elsewhere.ts';
import type { EcsServiceTarget, PipelineInput } from '../../shared/config/input.ts';
import { problem } from '../../shared/config/problems.ts';
import { meant } from '../../shared/parsing/meant.ts';
import { namesInWords } from './scenario-check.ts';
import { type Scenario, ScenarioError } from './scenario-format.ts';
import type { TargetSetup } from './setup/setup-format.ts';

/**
 * A target's `config` replaces settings by name; a target that the pipeline does not have needs all
 * of them. With `targets`, only those that it names are there. Throws `ScenarioError`.
 */
export function pipelineOf(scenario: Scenario, base: Pipeline): Pipeline {
  const git = scenario.steps.some(({ gitPush }) => gitPush !== undefined);
  if (git) {
    const sources = sourcesOf(scenario, base);
    return { ...targetsOf(scenario, base, true), sources };
  }
  return Object.keys(base.sources).length === 0 && scenario.targets === undefined
    ? base
    : targetsOf(scenario, base, false);
}

/** As the pipeline has them, but for what the scenario says of them. Throws `ScenarioError`. */
function sourcesOf(scenario: Scenario, { sources }: Pipeline): Pipeline['sources'] {
  const names = Object.keys(sources);
  const unknown = Object.keys(scenario.sources ?? {}).find((id) => !names.includes(id));
  if (unknown !== undefined) {
    const expected = `a source of the pipeline (${namesInWords(names)})${meant(unknown, names)}`;
    throw new ScenarioError([problem(['sources', unknown], unknown, expected)]);
  }
  return Object.fromEntries(
    Object.entries(sources).map(([id, source]) => {
      const { whileBuilding = source.rules.whileBuilding, builtBy } = scenario.sources?.[id] ?? {};
      const changed = { ...source, rules: { ...source.rules, whileBuilding } };
      const isOther = builtBy === 'elsewhere' && source.rules.elsewhere === undefined;
      return [id, isOther ? builtElsewhere(changed) : changed];
    }),
  );
}

/** Its images are what `push` steps bring, with the commit in their label or tag. */
function builtElsewhere(source: Source): Source {
  const { images, ...rules } = source.rules;
  const elsewhere = Object.fromEntries(
    Object.entries(images).map(([name, { registry, repository }]) => [
      name,
      { registry, repository },
    ]),
  );
  return {
    ...source,
    rules: { ...rules, images: {}, elsewhere },
    ...{ paths: {}, projects: {}, commitIn: COMMIT_IN },
  };
}

function targetsOf(scenario: Scenario, base: Pipeline, git: boolean): Pipeline {
  const targets: Record<string, EcsServiceTarget> = {};
  const named =
    scenario.targets ?? Object.fromEntries(Object.keys(base.targets).map((id) => [id, {}]));
  for (const [id, { config }] of Object.entries<Partial<TargetSetup>>(named)) {
    const known = base.targets[id];
    if (known === undefined && config === undefined) throw unknownTarget(id, base);
    targets[id] = {
      ...(known === undefined ? { type: 'ecs-service', mode: 'act' } : inputOf(known, git)),
      ...config,
    } as EcsServiceTarget;
  }
  const { name, account, region, notices } = base;
  const place = { account, region, ...(name !== undefined && { name }) };
  const input: PipelineInput = { ...place, targets, ...(notices && { notices }) };
  try {
    // A scenario in which nobody pushes to git brings its images by itself.
    const parsed = parsePipeline(git ? { ...input, sources: sourcesInput(base) } : input);
    return withRulesOf(base, parsed, named, git);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ScenarioError(
      error.problems.map(({ path, line }) => {
        const here = path.replace(/^targets\.("(?:[^"\\]|\\.)*"|[^."]+)(?=\.)/, '$&.config');
        // The path may have signs that `replace` would read in a text.
        return { path: here, line: line.replace(path, () => here) };
      }),
    );
  }
}

/**
 * What no input can say without the rest of the config, unless the scenario says otherwise: the task definition
 * in git with its roles, targets of other pipelines, and what builds may start there, branches included.
 */
function withRulesOf(
  base: Pipeline,
  parsed: Pipeline,
  named: Readonly<Record<string, Partial<TargetSetup>>>,
  git: boolean,
): Pipeline {
  const targets = Object.entries(parsed.targets).map(([id, target]): [string, Target] => {
    const { containers, definition, after } = base.targets[id]?.rules ?? {};
    const said = named[id]?.config ?? {};
    const rules = {
      ...target.rules,
      ...(git && containers && !('containers' in said) && { containers }),
      ...(definition && !('definition' in said) && { definition }),
      ...(after && !('after' in said) && { after }),
    };
    return [id, { ...target, rules }];
  });
  return { ...parsed, targets: Object.assign(Object.create(null), Object.fromEntries(targets)) };
}

function unknownTarget(id: string, base: Pipeline): ScenarioError {
  const names = Object.keys(base.targets);
  const expected = `a target of the pipeline (${namesInWords(names)}), or its whole config${meant(id, names)}`;
  return new ScenarioError([problem(['targets', id], id, expected)]);
}

/** What the user would have written for this target. */
function inputOf(
  { cluster, service, rules, tagRules, noAlarmsBecause, commandQueue, ownRequests }: Target,
  git: boolean,
): EcsServiceTarget {
  const {
    alarms,
    alarmsSharedWith: _,
    hook: __,
    ownRequests: ___,
    pipeline: ____,
    definition: _____,
    containers,
    rollout,
    approvals,
    after,
    ...rest
  } = rules;
  const [first, ...others] = alarms;
  const upstream = after?.targets.filter(({ elsewhere }) => elsewhere === undefined) ?? [];
  return {
    type: 'ecs-service',
    cluster,
    service,
    containers: Object.fromEntries(
      Object.entries(containers).flatMap(([name, { repository }]) => {
        const rule = tagRules[name];
        if (rule === undefined) return [];
        const { tags, newer } = rule;
        const order = newer === 'commit' && !git ? {} : { newer };
        return [[name, { repository, tags, ...order }]];
      }),
    ),
    alarms:
      first === undefined ? { noAlarmsBecause: noAlarmsBecause ?? 'none' } : [first, ...others],
    rollout,
    ...rest,
    ...(commandQueue !== undefined && { commandQueue }),
    ...(ownRequests && { ownRequests: writtenRequests(ownRequests) }),
    ...(approvals && { approvals: approvalsInput(approvals) }),
    ...(after &&
      upstream.length > 0 && { after: { ...after, targets: upstream.map(({ id }) => id) } }),
  };
}

function writtenRequests({
  paths,
  ...rest
}: NonNullable<Target['ownRequests']>): NonNullable<EcsServiceTarget['ownRequests']> {
  return { ...rest, paths: paths.map(({ path, status }) => (status ? { path, status } : path)) };
}

function approvalsInput({
  commands,
  release,
  ...rest
}: NonNullable<Target['rules']['approvals']>): NonNullable<EcsServiceTarget['approvals']> {
  return {
    ...rest,
    ...Object.fromEntries(commands.map((command) => [command, 1 as const])),
    ...(release && { release: releaseInput(release) }),
  };
}

function releaseInput({
  minutes,
  ...rest
}: NonNullable<NonNullable<Target['rules']['approvals']>['release']>): NonNullable<
  NonNullable<EcsServiceTarget['approvals']>['release']
> {
  return { ...rest, within: `${minutes}m` };
}

/** Enough of the sources to know which repositories they build; the rest is taken over whole. */
function sourcesInput({ sources }: Pipeline): PipelineInput['sources'] {
  return Object.fromEntries(
    Object.entries(sources).map(([id, { repository, rules }]) => [
      id,
      {
        repository,
        images: Object.fromEntries(
          Object.entries({ ...rules.images, ...rules.elsewhere }).map(([name, image]) => [
            name,
            { repository: image.repository },
          ]),
        ),
      },
    ]),
  );
}
