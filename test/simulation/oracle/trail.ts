/** What happened in a world, noted from outside as it happens: calls, words, announcements, failed tasks. */

import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { Announcement } from '../../../shared/core/model/announcement.ts';
import type { SourceAnnouncement } from '../../../shared/core/source/announcement.ts';
import type { CallMade } from '../engine.ts';
import type { Asked } from '../hook.ts';
import type { Plan } from '../story.ts';

/** What a person, or a tool that is not ours, did. */
export interface Act {
  readonly at: number;
  /** `web` */
  readonly target: string;
  readonly what:
    | 'hold'
    | 'resume'
    | 'rollback'
    | 'deploy'
    | 'unquarantine'
    /** To a release that waits for a word. */
    | 'approve'
    | 'reject'
    /** Not of a person: ECR tells once more of a push. */
    | 'push-again'
    | 'by-hand'
    | 'scale'
    | 'delete'
    | 'create'
    | 'retire'
    | 'reconfigure'
    /** Somebody changed the production rule by hand. */
    | 'edit-rule'
    | 'stop-all'
    | 'resume-all';
  /** What a deploy or an unquarantine names, where a rollback is to go, how many tasks are wanted. */
  readonly of?: string;
  /** Of a rollback: the revision that the person saw, and wants to go. */
  readonly leaves?: string;
}

export interface QuarantineNote {
  readonly at: number;
  readonly key: string;
  readonly digest: string;
  readonly change: 'added' | 'lifted';
  readonly because: string;
}

/** A task that ended by itself, or that did not start, or was not healthy. */
export interface FailedTask {
  readonly id: string;
  /** `production/web` */
  readonly service: string;
  readonly taskDefinition: string;
  readonly at: number;
  /** Of which container; absent: unknown. */
  readonly container?: string;
}

/** An image that others built, and of which commit it says that it is. */
export interface Claimed {
  readonly at: number;
  readonly digest: string;
  readonly tag: string;
  /** Absent: it says none. */
  readonly commit?: string;
  readonly behaviour?: Behaviour;
  readonly plan?: Plan;
}

/** A branch points there from then on; no commit: it was deleted. */
export interface Head {
  readonly at: number;
  readonly branch: string;
  readonly commit?: string;
  /** To a commit that was there before. */
  readonly isReset?: true;
}

export interface Muting {
  readonly alarm: string;
  readonly from: number;
  readonly to: number;
}

/** The clock of a handler may be so far behind that of the world. */
const CLOCKS_APART_MS = 2_000;
/** What a person said earlier is done, whatever came of it. */
const ROLLBACK_COUNTS_MS = 120 * 60_000;

export class Trail {
  readonly calls: CallMade[] = [];
  /** When the config's bake or its alarms changed for a target, and to what. */
  readonly bakes: {
    readonly at: number;
    readonly key: string;
    readonly minutes: number;
    readonly alarms: readonly string[];
  }[] = [];
  readonly acts: Act[] = [];
  /** So long handlers of the config before may go on beside those of the new one. */
  overlapsUntil = Number.NEGATIVE_INFINITY;
  /** When somebody deleted an image from ECR. */
  readonly deleted = new Map<string, number>();
  readonly told: { readonly at: number; readonly announcement: Announcement }[] = [];
  readonly quarantine: QuarantineNote[] = [];
  readonly failed = new Map<string, FailedTask>();
  readonly mutings: Muting[] = [];
  /** Of what every revision of `web` asks: so long this share of all answers failed. */
  readonly outages: { readonly from: number; readonly to: number; readonly errorRate: number }[] =
    [];
  /** One image failed for a while, through no fault of its own. */
  readonly blips: {
    readonly digest: string;
    readonly from: number;
    readonly to: number;
    readonly errorRate: number;
  }[] = [];
  /** By its beginning, what each target group of `web` counted in a minute, and when CloudWatch had it. */
  readonly minutes = new Map<
    number,
    {
      readonly groups: ReadonlyMap<string, { readonly requests: number; readonly errors: number }>;
      readonly publishedAt: number | undefined;
      /** What CloudWatch had of it before it had all. */
      readonly first?: {
        readonly at: number;
        readonly groups: ReadonlyMap<
          string,
          { readonly requests: number; readonly errors: number }
        >;
      };
    }
  >();
  /** When counts were read out of CloudWatch. */
  readonly metricReads: number[] = [];
  /** What a branch pointed to from then on; no commit: it was deleted. */
  readonly heads: Head[] = [];
  /** Images that others built, oldest first. */
  readonly claimed: Claimed[] = [];
  /** What our hook answered, in order. */
  readonly asked: Asked[] = [];
  /** What was announced of sources. */
  readonly ofSources: SourceAnnouncement[] = [];

  /**
   * Of a way back that was decided then: the newest `rollback` that had been said. What is announced
   * may be owed while the bus is down, and whoever spoke in the meantime meant the release before.
   */
  rollbackSaidBefore(target: string, decidedAt: number): Act | undefined {
    const latest = decidedAt + CLOCKS_APART_MS;
    return this.acts.findLast(
      ({ at, target: of, what }) =>
        of === target && what === 'rollback' && at <= latest && at > decidedAt - ROLLBACK_COUNTS_MS,
    );
  }

  /** When tasks were wanted again, where somebody had the service run nothing; undefined: they were wanted then. */
  filledAfter(target: string, at: number): number | undefined {
    const scaled = this.acts.filter((act) => act.target === target && act.what === 'scale');
    if (scaled.findLast((act) => act.at <= at)?.of !== '0') return undefined;
    return scaled.find((act) => act.at > at && act.of !== '0')?.at ?? Infinity;
  }

  /** ECS forgets stopped tasks after an hour: to be called each minute, and before anything is judged. */
  noteFailedTasks(world: World): void {
    for (const id in world.ecs.tasks) {
      const task = world.ecs.tasks[id];
      // One that is on its way to STOPPED is listed as stopped already.
      if (task?.stopCode === undefined || this.failed.has(id)) continue;
      const crashed =
        task.stopCode === 'EssentialContainerExited' ||
        task.stopCode === 'TaskFailedToStart' ||
        /health check/i.test(task.stoppedReason ?? '');
      if (!crashed) continue;
      // A container that ends in a task that stops already says nothing of why it stops.
      const { exit } = task.stopCode === 'ServiceSchedulerInitiated' ? {} : task;
      this.failed.set(id, {
        id,
        service: task.service,
        taskDefinition: task.taskDefinition,
        at: task.stoppingAt ?? task.stoppedAt ?? world.now,
        ...(exit === undefined ? {} : { container: exit.container }),
      });
    }
  }
}
