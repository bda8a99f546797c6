/** What people and machines do in one simulated world: drawn from a seed, a value, so it can be shrunk. */
import type { BuildPlan } from '@slipway/local-cloud/codebuild/state.ts';
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import type { Push } from '@slipway/local-cloud/ecr/images.ts';
import type { Rules } from '../../shared/core/model/rules.ts';
import type { Chance } from './chance.ts';
import { REPOSITORIES } from './stage.ts';
import type { Trouble } from './troubles.ts';

const MINUTE = 60_000;

export type Step = { readonly at: number } & Deed;

export type Deed =
  | {
      readonly do: 'push';
      readonly repository: string;
      readonly behaviour: Behaviour;
      /** What ECR knows of it beside; absent: nothing is asked. */
      readonly plan?: Plan;
    }
  /** An event that was delivered before comes again, by its place among the pushes so far. */
  | { readonly do: 'repeat-event'; readonly nth: number }
  | { readonly do: 'set-alarm'; readonly alarm: string; readonly state: 'ALARM' | 'OK' }
  | { readonly do: 'scale'; readonly service: string; readonly desired: number }
  /** Somebody's UpdateService to an existing revision, so many back from the newest. */
  | { readonly do: 'update-service'; readonly service: string; readonly back: number }
  /** Somebody's own revision, with an image that was built elsewhere. */
  | { readonly do: 'deploy-by-hand'; readonly service: string; readonly behaviour: Behaviour }
  | { readonly do: 'force-deployment'; readonly service: string }
  | { readonly do: 'delete-image'; readonly repository: string; readonly nth: number }
  | { readonly do: 'deregister'; readonly service: string; readonly back: number }
  | { readonly do: 'ask'; readonly target: string; readonly word: Word; readonly nth: number }
  | { readonly do: 'reconfigure'; readonly bakeMinutes: number }
  | { readonly do: 'delete-service' | 'create-service'; readonly service: string }
  | { readonly do: 'mute'; readonly alarm: string; readonly minutes: number }
  | { readonly do: 'no-data'; readonly alarm: string }
  | { readonly do: 'stop-all' | 'resume-all' }
  /** A person's rollback is delivered so long after it was said. */
  | { readonly do: 'redrive'; readonly target: string; readonly minutes: number }
  | { readonly do: 'retire' | 'unretire'; readonly target: string }
  | { readonly do: 'change-config'; readonly target: string; readonly change: ConfigChange }
  /** Somebody's revision names a tag instead of a digest. */
  | { readonly do: 'unpinned-by-hand'; readonly service: string }
  /** The function that ECS asks before each step of a shift. */
  | { readonly do: 'hook-ill'; readonly how: 'throttled' | 'throws'; readonly minutes: number }
  /** Somebody changes the rule behind which `web` shifts its traffic. */
  | { readonly do: 'edit-rule'; readonly percents: readonly number[] }
  /** A person gives everything to the group in which the tasks are, when nothing is on its way. */
  | { readonly do: 'mend-rule' }
  /** What every revision of `web` asks fails: so much of all answers. */
  | { readonly do: 'outage'; readonly errorRate: number; readonly minutes: number }
  /** The newest image that runs fails for some seconds, through no fault of its own. */
  | { readonly do: 'blip'; readonly errorRate: number; readonly seconds: number }
  /** What the load balancer counts in these minutes comes late to CloudWatch, or never. */
  | { readonly do: 'withhold'; readonly minutes: number; readonly lateMinutes?: number }
  /** In these minutes CloudWatch gets that part of the counts in time, and the rest a minute later. */
  | { readonly do: 'halve'; readonly minutes: number; readonly first: 0.5 | 0.9 }
  /** To a release that waits for a person's word, if one does. */
  | { readonly do: 'answer'; readonly target: string; readonly word: 'approve' | 'reject' }
  | { readonly do: 'rollback-to'; readonly target: string; readonly release: string }
  | ({ readonly do: 'trouble'; readonly minutes: number } & Pick<Trouble, 'operation' | 'kind'>)
  | GitDeed;

/** A commit is pushed, and its build goes so. */
export interface CommitDeed {
  readonly do: 'commit';
  readonly branch: string;
  /** In the place of the newest one, as after `git commit --amend`. */
  readonly forced?: boolean;
  readonly build: BuildPlan;
  /** What stands in some files from then on; they are as before where it is absent. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Somebody's CI pushes an image, and says a commit in its label, in its tag, or in neither. */
export interface CiImageDeed {
  readonly do: 'ci-image';
  /** That `main` points to, or the one below it; that it had and lost; of the other branch; of nobody. */
  readonly of: 'head' | 'before' | 'left' | 'next' | 'nobody';
  readonly says: 'label' | 'tag' | 'nothing';
  readonly behaviour?: Behaviour;
  readonly plan?: Plan;
}

/** What is done at GitHub. */
export type GitDeed =
  | CommitDeed
  | CiImageDeed
  /** What `next` has comes to `main`, which goes forward to it: git refuses where it cannot. */
  | { readonly do: 'fast-forward' }
  /** The same by a commit of its own, with both before it. */
  | { readonly do: 'merge' }
  /** The branch goes back to an older commit. */
  | { readonly do: 'reset'; readonly branch: string; readonly back: number }
  | { readonly do: 'delete-branch'; readonly branch: string }
  | { readonly do: 'redeliver'; readonly nth: number }
  /** Somebody who knows the webhook's secret tells of a commit that GitHub does not have. */
  | { readonly do: 'forge'; readonly branch: string }
  /** The next deliveries reach nobody. */
  | { readonly do: 'lose-webhooks'; readonly count: number }
  | {
      readonly do: 'github-down';
      readonly minutes: number;
      readonly how?: 'unreachable' | 'unavailable';
    };

/** A scan that finds something, or never ends; a signature. */
export type Plan = Pick<Push, 'findings' | 'scan' | 'scanSeconds' | 'signed'>;

export type ConfigChange = Partial<
  Pick<Rules, 'mode' | 'alarms' | 'whileAlarmRed' | 'maxTaskFailures'>
>;

export type Word = 'hold' | 'resume' | 'rollback' | 'deploy' | 'unquarantine';

const SERVICES = ['web', 'worker', 'api'] as const;

/** The steps of the safety phase, in order of time, within `minutes`. */
export function drawStory(chance: Chance, minutes: number): readonly Step[] {
  const steps: Step[] = [];
  const count = chance.whole(3, Math.max(4, Math.round(minutes / 10)));
  for (let i = 0; i < count; i++) {
    const at = chance.whole(0, minutes * 60) * 1000;
    steps.push({ at, ...drawDeed(chance) });
  }
  // Held targets are let go, so that every world can settle.
  for (const target of SERVICES) {
    steps.push({ at: minutes * MINUTE, do: 'ask', target, word: 'resume', nth: 0 });
  }
  return steps.sort((a, b) => a.at - b.at);
}

function drawDeed(chance: Chance): Deed {
  const kind = chance.whole(0, 99);
  const service = chance.pick(SERVICES);
  if (kind < 52) {
    return { do: 'push', repository: chance.pick(REPOSITORIES), behaviour: drawBehaviour(chance) };
  }
  if (kind < 60) return { do: 'repeat-event', nth: chance.whole(0, 20) };
  if (kind < 68) {
    return {
      do: 'set-alarm',
      alarm: chance.pick(['web-5xx', 'api-5xx']),
      state: chance.pick(['ALARM', 'ALARM', 'OK']),
    };
  }
  if (kind < 74) return { do: 'scale', service, desired: chance.pick([0, 1, 2, 4]) };
  if (kind < 77) return { do: 'update-service', service, back: chance.whole(0, 3) };
  if (kind < 80) return { do: 'deploy-by-hand', service, behaviour: drawBehaviour(chance) };
  if (kind < 82) return { do: 'force-deployment', service };
  if (kind < 85) {
    return {
      do: 'delete-image',
      repository: chance.pick(REPOSITORIES),
      nth: chance.whole(0, 8),
    };
  }
  if (kind < 88) return { do: 'deregister', service, back: chance.whole(0, 4) };
  if (kind < 91) return { do: 'reconfigure', bakeMinutes: chance.pick([1, 2, 5]) };
  return {
    do: 'ask',
    target: service,
    word: chance.pick(['hold', 'resume', 'rollback', 'deploy', 'unquarantine']),
    nth: chance.whole(0, 8),
  };
}

function drawBehaviour(chance: Chance): Behaviour {
  const kind = chance.whole(0, 11);
  switch (kind) {
    case 0:
      return { errorRate: chance.pick([0.25, 1]) };
    case 1:
      return { errorRate: 0.5, faultyAfterSeconds: chance.whole(30, 600) };
    case 2:
      return { exitCodeOnStart: 1 };
    case 3:
      return { crashAfterSeconds: chance.whole(5, 200) };
    case 4:
      return { failsHealthCheck: true };
    case 5:
      return { unpullable: true };
    case 6:
      return { oomAfterSeconds: chance.whole(5, 300) };
    case 7:
      return { startSeconds: chance.whole(30, 200) };
    default:
      return {};
  }
}

export function describeStep({ at, ...deed }: Step): string {
  const minutes = Math.floor(at / MINUTE);
  const seconds = String(Math.floor((at % MINUTE) / 1000)).padStart(2, '0');
  return `${String(minutes).padStart(3)}:${seconds}  ${JSON.stringify(deed)}`;
}
