/** A scenario's names against the pipeline and against one another: what the form cannot know. */
import { operationsOf, SERVICE_NAMES } from '@slipway/local-cloud/services.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { type ConfigProblem, problem } from '../../shared/config/problems.ts';
import { meant } from '../../shared/parsing/meant.ts';
import { inWords } from '../../shared/parsing/unreadable.ts';
import { builtImages } from './scenario-builds.ts';
import { type Scenario, ScenarioError, type Step } from './scenario-format.ts';
import { trafficProblems } from './setup/scenario-traffic.ts';
import { INITIAL_TAG } from './setup/scenario-world.ts';

const NAMES_MAX = 12;

/** Throws `ScenarioError` with every name that means nothing. */
export function checkNames(scenario: Scenario, pipeline: Pipeline): void {
  const problems = [
    ...setupProblems(scenario, pipeline),
    ...scenario.steps.flatMap((step, index) => stepProblems(step, index, scenario, pipeline)),
    ...expectationProblems(scenario, pipeline),
  ];
  if (problems.length > 0) throw new ScenarioError(problems);
}

/** A problem unless the name is one of those that are known. */
function known(
  path: readonly PropertyKey[],
  seen: string | undefined,
  what: string,
  names: Iterable<string>,
): readonly ConfigProblem[] {
  const all = [...new Set(names)];
  if (seen === undefined || all.includes(seen)) return [];
  const list = all.length === 0 ? 'there is none' : namesInWords(all);
  return [problem(path, seen, `${what} (${list})${meant(seen, all)}`)];
}

/** The first of them. */
export function namesInWords(names: readonly string[]): string {
  const first = names.slice(0, NAMES_MAX).map((name) => inWords([name]));
  return first.join(', ');
}

function setupProblems({ targets = {} }: Scenario, pipeline: Pipeline) {
  return Object.entries(targets).flatMap(([id, setup]) => {
    const { images, alarms } = setup;
    const rules = pipeline.targets[id]?.rules;
    const containers = Object.keys(rules?.containers ?? {});
    const unknownImages = Object.keys(images === 'none' ? {} : (images ?? {})).flatMap((name) =>
      known(['targets', id, 'images', name], name, `a container of ${id}`, containers),
    );
    const unknownAlarms = Object.keys(alarms === 'none' ? {} : (alarms ?? {})).flatMap((name) =>
      known(['targets', id, 'alarms', name], name, `an alarm of ${id}`, rules?.alarms ?? []),
    );
    return [
      ...unknownImages,
      ...unknownAlarms,
      ...trafficProblems(id, setup, pipeline.targets[id]),
    ];
  });
}

function stepProblems(
  step: Step,
  index: number,
  scenario: Scenario,
  pipeline: Pipeline,
): readonly ConfigProblem[] {
  const at = ['steps', index] as const;
  if (step.at > scenario.until) {
    return [problem([...at, 'at'], step.at / 1000, `at most until (${scenario.until / 1000} s)`)];
  }
  const targets = Object.keys(pipeline.targets);
  const targetOf = (kind: string, id: string | undefined) =>
    known([...at, kind, 'target'], id, 'a target', targets);
  const imageOf = (kind: string, repository: string, tag: string, more: readonly string[]) =>
    known([...at, kind, 'tag'], tag, `a tag of ${repository}`, [
      ...tagsOf(scenario, repository, pipeline),
      ...more,
    ]);
  const initial = (repository: string) => initialTags(scenario, repository, pipeline);
  const { push, gitPush, redeliver, setAlarm, updateService, scale, traffic } = step;
  const { deleteImage, deregister, operator, muteAlarm, throttle } = step;
  const { deleteService, createService, deleteCluster } = step;
  const alarms = Object.values(pipeline.targets).flatMap(({ rules }) => rules.alarms);
  return [
    ...(push === undefined || push.tag === undefined || push.tags === undefined
      ? []
      : [problem([...at, 'push'], push, 'either tag or tags')]),
    ...(gitPush
      ? known(
          [...at, 'gitPush', 'repository'],
          gitPush.repository,
          'the repository of a source',
          Object.values(pipeline.sources).map((source) => source.repository),
        )
      : []),
    ...(redeliver ? imageOf('redeliver', redeliver.repository, redeliver.tag, []) : []),
    ...(setAlarm ? known([...at, 'setAlarm', 'name'], setAlarm.name, 'an alarm', alarms) : []),
    ...(muteAlarm ? known([...at, 'muteAlarm', 'name'], muteAlarm.name, 'an alarm', alarms) : []),
    ...(throttle
      ? known(
          [...at, 'throttle', 'operation'],
          throttle.operation,
          'an operation',
          operationNames(),
        )
      : []),
    ...targetOf('weights', step.weights?.target),
    ...targetOf('deleteService', deleteService?.target),
    ...targetOf('createService', createService?.target),
    ...targetOf('deleteCluster', deleteCluster?.target),
    ...targetOf('updateService', updateService?.target),
    ...targetOf('scale', scale?.target),
    ...targetOf('traffic', traffic?.target),
    ...targetOf('outage', step.outage?.target),
    ...targetOf('deregister', deregister?.target),
    ...targetOf('operator', operator?.target),
    ...(deleteImage
      ? imageOf(
          'deleteImage',
          deleteImage.repository,
          deleteImage.tag,
          initial(deleteImage.repository),
        )
      : []),
    ...containerProblems(step, at, pipeline),
  ];
}

function containerProblems(
  { updateService, operator, createService }: Step,
  at: readonly PropertyKey[],
  pipeline: Pipeline,
): readonly ConfigProblem[] {
  const containersOf = (id: string) => Object.keys(pipeline.targets[id]?.rules.containers ?? {});
  const check = (path: readonly PropertyKey[], id: string, images: object | undefined) =>
    pipeline.targets[id] === undefined
      ? []
      : Object.keys(images ?? {}).flatMap((name) =>
          known([...at, ...path, name], name, `a container of ${id}`, containersOf(id)),
        );
  return [
    ...(updateService
      ? check(['updateService', 'images'], updateService.target, updateService.images)
      : []),
    ...(createService
      ? check(['createService', 'images'], createService.target, createService.images)
      : []),
    ...(operator?.ask.do === 'deploy'
      ? check(['operator', 'ask', 'images'], operator.target, operator.ask.images)
      : []),
  ];
}

/** Of everything that the local AWS can be asked. */
function operationNames(): readonly string[] {
  return SERVICE_NAMES.flatMap((service) =>
    Object.keys(operationsOf(service) ?? {}).map((operation) => `${service}:${operation}`),
  );
}

/** Every tag of a repository that the scenario pushes, or has built. */
function tagsOf(scenario: Scenario, repository: string, pipeline: Pipeline): readonly string[] {
  const pushed = scenario.steps.flatMap(({ push }) =>
    push?.repository === repository ? [...(push.tags ?? []), ...(push.tag ? [push.tag] : [])] : [],
  );
  const built = builtImages(scenario, pipeline).filter((image) => image.repository === repository);
  return [...pushed, ...built.map(({ tag }) => tag)];
}

/** What runs at the beginning was pushed before, too. */
function initialTags(scenario: Scenario, repository: string, pipeline: Pipeline) {
  return Object.values(pipeline.targets).flatMap(({ id, rules }) => {
    const images = scenario.targets?.[id]?.images;
    if (images === 'none') return [];
    return Object.entries(rules.containers)
      .filter(([, source]) => source.repository === repository)
      .map(([container]) => images?.[container]?.tag ?? INITIAL_TAG);
  });
}

function expectationProblems({ expect }: Scenario, pipeline: Pipeline) {
  const targets = Object.keys(pipeline.targets);
  return Object.keys(expect?.targets ?? {}).flatMap((id) =>
    known(['expect', 'targets', id], id, 'a target', targets),
  );
}
