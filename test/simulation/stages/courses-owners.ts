/** Two pipelines of different names for one service: the other one is somebody who leaves its tag on what it registers. */
import { RELEASE_TAG } from '../../../shared/core/model/release-tag.ts';
import type { Course } from './course.ts';
import { EVENT_HELPS } from './events.ts';
import type { Stage } from './scene.ts';

interface Described {
  readonly taskDefinition: {
    readonly containerDefinitions: readonly { readonly image: string }[];
  };
}

let releases = 0;

/** What the other pipeline does for an image of its own: a revision with its tag, and a rollout. */
function released(stage: Stage, by: string, behaviour = {}): void {
  const { image: before } = (
    stage.ecs('DescribeTaskDefinition', { taskDefinition: 'web' }) as Described
  ).taskDefinition.containerDefinitions[0] ?? { image: '' };
  const { digest } = stage.push(behaviour, `other-${++releases}`);
  const { taskDefinition } = stage.ecs('DescribeTaskDefinition', {
    taskDefinition: 'web',
  }) as Described;
  const [first, ...rest] = taskDefinition.containerDefinitions;
  const image = `${before.split('@')[0]}@${digest}`;
  stage.note('by-hand');
  stage.ecs('RegisterTaskDefinition', {
    ...taskDefinition,
    containerDefinitions: [{ ...first, image }, ...rest],
    tags: [{ key: RELEASE_TAG, value: `${by}ecs/production/web/${releases}` }],
  });
  stage.ecs('UpdateService', { service: 'web', taskDefinition: 'web' });
}

const NAMED: Course['configure'] = (pipeline) => {
  const { web } = pipeline.targets;
  if (web === undefined) return pipeline;
  const rules = { ...web.rules, pipeline: 'shop' };
  return { ...pipeline, targets: { web: { ...web, rules } } };
};

/** Nothing of ours starts over it, and a person is told; then a person takes the service over. */
async function takenOver(stage: Stage, by: string): Promise<void> {
  released(stage, by);
  await stage.pass(20 * 60);
  stage.push();
  await stage.pass(40 * 60);
  EVENT_HELPS.deployOf(stage, -1);
  await stage.pass(20 * 60);
}

export const OWNERS = {
  'a pipeline with a name released over ours': {
    phase: 'idle with two proven',
    happen: (stage) => takenOver(stage, 'other:'),
  },
  'the pipeline without a name released over ours, which has one': {
    phase: 'idle with two proven',
    configure: NAMED,
    happen: (stage) => takenOver(stage, ''),
  },
  'two pipelines with names, in turns': {
    phase: 'idle with two proven',
    configure: NAMED,
    happen: async (stage) => {
      await takenOver(stage, 'other:');
      await takenOver(stage, 'other:');
    },
  },
} as const satisfies Record<string, Course>;
