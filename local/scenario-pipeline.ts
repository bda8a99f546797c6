/** The pipeline that a scenario plays with: the given one, with the scenario's own settings. */

import { ConfigError, type Pipeline, parsePipeline, type Target } from '../shared/config.ts';
import type { EcsServiceTarget, PipelineInput } from '../shared/config-input.ts';
import { meant, problem } from '../shared/config-problems.ts';
import { namesInWords } from './scenario-check.ts';
import { type Scenario, ScenarioError } from './scenario-format.ts';

/**
 * A target's `config` replaces settings by name; a target that the pipeline does not have needs all
 * of them. With `targets`, only those that it names are there. Throws `ScenarioError`.
 */
export function pipelineOf(scenario: Scenario, base: Pipeline): Pipeline {
  if (scenario.targets === undefined) return base;
  const targets: Record<string, EcsServiceTarget> = {};
  for (const [id, { config }] of Object.entries(scenario.targets)) {
    const known = base.targets[id];
    if (known === undefined && config === undefined) throw unknownTarget(id, base);
    targets[id] = {
      ...(known === undefined ? { type: 'ecs-service' } : inputOf(known)),
      ...config,
    } as EcsServiceTarget;
  }
  const input: PipelineInput = { account: base.account, region: base.region, targets };
  try {
    return parsePipeline(input);
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

function unknownTarget(id: string, base: Pipeline): ScenarioError {
  const names = Object.keys(base.targets);
  const expected = `a target of the pipeline (${namesInWords(names)}), or its whole config${meant(id, names)}`;
  return new ScenarioError([problem(['targets', id], id, expected)]);
}

/** What the user would have written for this target. */
function inputOf({ cluster, service, rules, tagRules, noAlarmsBecause }: Target): EcsServiceTarget {
  const { alarms, alarmsSharedWith: _, containers, rollout, ...rest } = rules;
  const [first, ...others] = alarms;
  return {
    type: 'ecs-service',
    cluster,
    service,
    containers: Object.fromEntries(
      Object.entries(containers).flatMap(([name, { repository }]) => {
        const rule = tagRules[name];
        if (rule === undefined) return [];
        const { tags, newer } = rule;
        return [[name, { repository, tags, newer }]];
      }),
    ),
    alarms:
      first === undefined ? { noAlarmsBecause: noAlarmsBecause ?? 'none' } : [first, ...others],
    rollout,
    ...rest,
  };
}
