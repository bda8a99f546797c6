/**
 * What the page shows of all targets: asked of AWS only while somebody looks, all of them once a minute,
 * and those on which something moves every ten seconds. Whatever does not answer leaves what was seen
 * last, with its age.
 */
import type { Target } from '../../shared/config/config.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import type { Connection } from '../connect/connection.ts';
import { entriesOf } from '../connect/history-entries.ts';
import { type Status, statusOf, type TargetStatus } from '../connect/target-status.ts';
import type { Invoked } from '../output/invocation.ts';
import { byTrouble } from '../output/status/trouble-first.ts';
import { says } from './says.ts';

const REST_MS = 60_000;
const MOVING_MS = 10_000;
/** Of the newest decisions of a target. */
const ENTRIES = 300;

const MOVING: readonly TargetStatus['state'][] = [
  'down',
  'rolling-back',
  'alarm',
  'deploying',
  'baking',
  'watching',
  'waiting',
];

export interface StatusShown {
  /** Undefined: nothing was ever answered. */
  readonly status?: Status;
  /** Why the newest question had no answer. */
  readonly trouble?: string;
}

export interface TargetShown {
  /** Looked at closely: whether it could go back was asked of ECR and ECS. Undefined: nobody answered. */
  readonly status?: TargetStatus | undefined;
  /** Of it; undefined: nobody answered. */
  readonly claims?: Status['claims'];
  readonly entries: readonly HistoryEntry[];
  readonly trouble?: string;
}

export class Fleet {
  readonly #connection: Connection;
  readonly #invoked: Invoked;
  /** Real milliseconds. */
  readonly #clock: () => number;
  #shown: StatusShown = {};
  #allAt = Number.NEGATIVE_INFINITY;
  #movingAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;
  readonly #targets = new Map<string, { readonly at: number; readonly shown: TargetShown }>();

  /** `invoked`: how `slipway` was called, so that its commands can be copied. */
  constructor(
    connection: Connection,
    invoked: Invoked = {},
    clock: () => number = () => performance.now(),
  ) {
    this.#connection = connection;
    this.#invoked = invoked;
    this.#clock = clock;
  }

  /** As many pages as there are ask together. */
  async look(): Promise<StatusShown> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    await this.#asking;
    return this.#shown;
  }

  async target(target: Target, moves: boolean): Promise<TargetShown> {
    const { key } = target;
    const known = this.#targets.get(key);
    const now = this.#clock();
    if (known !== undefined && now - known.at < (moves ? MOVING_MS : REST_MS)) return known.shown;
    const shown = await this.#read(target, known?.shown ?? { entries: [] });
    this.#targets.set(key, { at: now, shown });
    return shown;
  }

  async #read(target: Target, last: TargetShown): Promise<TargetShown> {
    try {
      const [entries, { targets, claims }] = await Promise.all([
        entriesOf(this.#connection, target.key, ENTRIES),
        statusOf(this.#connection, [target], this.#invoked),
      ]);
      return { status: targets[0], claims, entries };
    } catch (error) {
      return { ...last, trouble: says(error) };
    }
  }

  async #ask(): Promise<void> {
    const now = this.#clock();
    const targets = Object.values(this.#connection.pipeline.targets);
    try {
      await this.#connection.sync();
      if (now - this.#allAt >= REST_MS) {
        [this.#allAt, this.#movingAt] = [now, now];
        this.#shown = { status: await statusOf(this.#connection, targets, this.#invoked) };
      } else if (now - this.#movingAt >= MOVING_MS) {
        this.#movingAt = now;
        await this.#askMoving(targets);
      }
    } catch (error) {
      this.#shown = { ...this.#shown, trouble: says(error) };
    }
  }

  async #askMoving(all: readonly Target[]): Promise<void> {
    const known = this.#shown.status;
    const moving = all.filter(({ key }) =>
      known?.targets.some((one) => one.key === key && isMoving(one)),
    );
    if (known === undefined || moving.length === 0) return;
    const fresh = await statusOf(this.#connection, moving, this.#invoked);
    this.#shown = { status: withFresh(known, fresh) };
  }
}

/** `fresh` is of some targets; of the others all stays as it was seen last. */
export function withFresh(known: Status, fresh: Status): Status {
  const others = known.targets.filter(({ key }) => fresh.targets.every((one) => one.key !== key));
  const rest = known.claims.filter(({ target }) => others.some((one) => one.target === target));
  const targets = byTrouble([...fresh.targets, ...others]);
  return { ...fresh, targets, claims: [...fresh.claims, ...rest] };
}

export function isMoving({ state }: Pick<TargetStatus, 'state'>): boolean {
  return MOVING.includes(state);
}
