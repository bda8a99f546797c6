/** Ten incidents, each on a target of its own, in one world: what goes wrong, and what the reader should know of it. */

import type { Cloud } from '../../../local/slipway/slipway-cloud.ts';
import { playScenario, scenarioOf } from '../../../local/stories/scenario.ts';
import { BEGIN } from '../../../local/stories/setup/scenario-world.ts';
import type { Pipeline } from '../../../shared/config/config.ts';

const UNTIL = 45;

interface Incident {
  readonly target: string;
  readonly title: string;
  /** What really went wrong: only the model knows it. */
  readonly truth: string;
  /** What a reader must find in the answer. */
  readonly says: RegExp;
  readonly setup?: object;
  readonly steps: (push: Push) => readonly object[];
  /** Read at this minute; absent: when the first mail comes. */
  readonly readAt?: number;
}

type Push = (at: string, tag: string, behaviour?: object) => object;

export const INCIDENTS: readonly Incident[] = [
  {
    target: 'checkout',
    title: 'A release answers with errors',
    truth: 'a quarter of the answers of main-2 are errors, from its first task on',
    says: /main-2 was rolled back: .* % of answers were errors/,
    steps: (push) => [push('5m', 'main-2', { errorRate: 0.25 })],
  },
  {
    target: 'cart',
    title: 'A release that is well at first, and not after seven minutes',
    truth: 'main-2 is well for seven minutes; then half of its answers are errors',
    says: /main-2 was rolled back: .* % of answers were errors/,
    steps: (push) => [push('5m', 'main-2', { errorRate: 0.5, faultyAfterSeconds: 420 })],
  },
  {
    target: 'search',
    title: 'A container that ends at once',
    truth: 'main-2 ends with exit code 3 as soon as it starts',
    says: /main-2 was rolled back: .*exited with code 3/,
    steps: (push) => [push('5m', 'main-2', { exitCodeOnStart: 3 })],
  },
  {
    target: 'images',
    title: 'An image that cannot be pulled',
    truth: 'the registry refuses main-2',
    says: /main-2 was rolled back: .*CannotPullContainerError/,
    steps: (push) => [push('5m', 'main-2', { unpullable: true })],
  },
  {
    target: 'reports',
    title: 'Out of memory',
    truth: 'each task of main-2 is killed for memory a minute after its start',
    says: /main-2 was rolled back: .*was killed for its memory/,
    steps: (push) => [push('5m', 'main-2', { oomAfterSeconds: 60 })],
  },
  {
    target: 'login',
    title: 'Tasks that never get healthy',
    truth: 'no task of main-2 passes the health check of the load balancer',
    says: /main-2 was rolled back: .*health check/,
    steps: (push) => [push('5m', 'main-2', { failsHealthCheck: true })],
  },
  {
    target: 'billing',
    title: 'A bad release, and nothing to return to',
    truth: 'main-2 is bad, and somebody deleted the image and the revision that ran before',
    says: /main-2 is bad and STILL SERVES, with all 4 tasks: .*no proven release can be returned to \(.* is no longer in ECR\)/,
    steps: (push) => [
      { at: '4m', deleteImage: { repository: 'shop/billing', tag: 'main-0000000' } },
      { at: '4m', deregister: { target: 'billing', revisions: [1] } },
      push('5m', 'main-2', { errorRate: 0.25 }),
    ],
  },
  {
    target: 'catalog',
    title: 'An image that waits for a red alarm',
    truth: 'the database alarm is red before main-2 comes, and the config says hold',
    says: /catalog-database is red/,
    setup: {
      config: { alarms: ['catalog-database'], whileAlarmRed: 'hold', holdMinutes: 10 },
      alarms: { 'catalog-database': { byHand: true } },
    },
    steps: (push) => [
      { at: '4m', setAlarm: { name: 'catalog-database', state: 'ALARM' } },
      push('5m', 'main-2'),
    ],
  },
  {
    target: 'orders',
    title: 'The service is gone',
    truth: 'somebody deletes the service while main-2 bakes',
    says: /ECS shows no such service/,
    steps: (push) => [push('5m', 'main-2'), { at: '11m', deleteService: { target: 'orders' } }],
  },
  {
    target: 'wallet',
    title: 'Held by a person',
    truth: 'Ada holds the target during a sale; main-2 comes meanwhile',
    says: /ada holds this target \(the sale\)/,
    readAt: 8,
    steps: (push) => [
      {
        at: '4m',
        operator: { target: 'wallet', by: 'ada', because: 'the sale', ask: { do: 'hold' } },
      },
      push('5m', 'main-2'),
    ],
  },
];

const MAIL = 'arn:aws:sns:eu-central-1:123456789012:mail';

/** Each service behind a load balancer, with an alarm on its errors. */
function targetsOf(): Record<string, object> {
  return Object.fromEntries(
    INCIDENTS.map(({ target, setup = {} }) => {
      const { config = {}, ...rest } = setup as { config?: object };
      const all = {
        cluster: 'production',
        service: target,
        containers: { app: { repository: `shop/${target}`, tags: { glob: 'main-*' } } },
        alarms: [`${target}-5xx`],
        rollout: { circuitBreaker: { enable: true } },
        ...config,
      };
      return [target, { ...rest, config: all }];
    }),
  );
}

function stepsOf(): readonly object[] {
  return INCIDENTS.flatMap(({ target, steps }) =>
    steps((at, tag, behaviour = {}) => ({
      at,
      push: { repository: `shop/${target}`, tag, behaviour },
    })),
  );
}

/** A mail is what is told first. */
const WANTED = ['rolled-back', 'failed', 'needs-attention', 'refused'] as const;

/** The mail of a target that has come by now. */
export function mailOf({ world }: Cloud, target: string) {
  return world.sns.topics[MAIL]?.find(({ subject = '' }) => subject.startsWith(`${target}: `));
}

/** All ten in one world; `look` is called at the end of each minute. */
export async function playIncidents(
  pipeline: Pipeline,
  look: (cloud: Cloud, minute: number) => Promise<void>,
): Promise<void> {
  const base = { ...pipeline, sources: {}, notices: { mail: MAIL, of: WANTED } };
  const story = {
    about: 'Ten incidents.',
    targets: targetsOf(),
    steps: stepsOf(),
    until: `${UNTIL}m`,
  };
  await playScenario(scenarioOf(JSON.stringify(story), base), base, {
    seed: 1,
    everyMinute: (cloud) => look(cloud, Math.round((cloud.world.now - BEGIN) / 60_000)),
  });
}
