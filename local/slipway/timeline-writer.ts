/** Writes the timeline: what the functions log and decide, and what the buses, the rules and GitHub were told. */
import type { ForwardChange } from '@slipway/local-cloud/elbv2/state.ts';
import type { BusEvent } from '@slipway/local-cloud/eventbridge/bus-event.ts';
import { eventsOn } from '@slipway/local-cloud/eventbridge/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { Call } from '../../shared/aws/connect/call-log.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import type { GitHubCall } from '../../shared/github/client.ts';
import { prefixOf } from '../../shared/parsing/pipeline-name.ts';
import type { SourceHandled } from '../../shared/reconcile/build-batch.ts';
import type { ReconcileOutcome } from '../../shared/reconcile/reconcile-batch.ts';
import { type ImageNames, noteImage } from '../stories/image-names.ts';
import type {
  Announced,
  CallMade,
  Entry,
  HookAnswered,
  SourceAnnounced,
} from '../stories/timeline.ts';
import type { FunctionName } from './lambda.ts';
import { answeredIn, isSaidAgain, movedSince } from './shift-entries.ts';

/** Events of AWS that the timeline shows; those of tasks are many and say little. */
const SHOWN = new Set([
  'ECR Image Action',
  'ECR Image Scan',
  'Inspector2 Scan',
  'CloudWatch Alarm State Change',
  'ECS Deployment State Change',
  'CodeBuild Build State Change',
]);

export class TimelineWriter {
  readonly #world: World;
  readonly #pipeline: Pipeline;
  readonly #labels: ImageNames;
  readonly #timeline: Entry[];
  readonly #lines: string[];
  #heard: { default?: BusEvent | undefined; ours?: BusEvent | undefined } = {};
  /** How a rule changed last, as far as it was taken over. */
  #moved: ForwardChange | undefined;
  /** By target, what ECS was answered last. */
  readonly #answered = new Map<string, HookAnswered>();
  /** By repository on GitHub, how many statuses were taken over. */
  readonly #statuses = new Map<string, number>();

  constructor({ world, pipeline, labels, timeline, lines }: Written) {
    this.#world = world;
    this.#pipeline = pipeline;
    this.#labels = labels;
    this.#timeline = timeline;
    this.#lines = lines;
  }

  /** What was there before is not told; `ours`: what stands on our own bus, neither. */
  beginHere(ours: 'told' | 'known'): void {
    this.#heard.default = eventsOn(this.#world, 'default').at(-1);
    if (ours === 'known') this.#heard.ours = eventsOn(this.#world, prefixOf(this.#pipeline)).at(-1);
    this.#moved = this.#world.elbv2.changes.at(-1);
  }

  call(name: FunctionName, call: Call): void {
    this.#timeline.push({ type: 'call', at: this.#world.now, function: name, ...call });
  }

  github(name: FunctionName, { route, repository, outcome }: GitHubCall): void {
    const call = { service: 'github', operation: route, input: { repository }, outcome } as const;
    this.#timeline.push({ type: 'call', at: this.#world.now, function: name, ...call });
  }

  failed(name: FunctionName, error: unknown, next: string): void {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const at = this.#world.now;
    this.#timeline.push({ type: 'failure', at, function: name, error: text, next });
  }

  /** `onCall` comes right before the line of the same call, and the line knows the cause. */
  line(line: string): void {
    this.#lines.push(line);
    const answer = answeredIn(line, this.#pipeline);
    if (answer !== undefined && !isSaidAgain(answer, this.#answered.get(answer.target))) {
      this.#answered.set(answer.target, answer);
      this.#timeline.push(answer);
    }
    const last = this.#timeline.at(-1);
    if (last?.type !== 'call' || last.cause !== undefined) return;
    const { call, cause, target } = JSON.parse(line) as {
      call?: object;
      cause?: unknown;
      target?: string;
    };
    if (call === undefined || cause === undefined) return;
    const about = target === undefined ? { cause } : { cause, target };
    this.#timeline[this.#timeline.length - 1] = { ...last, ...about } satisfies CallMade;
  }

  reconciled(outcome: ReconcileOutcome): void {
    if (!('handled' in outcome)) return;
    const { target } = outcome;
    for (const decision of outcome.handled.decisions) {
      this.#timeline.push({ type: 'decision', at: this.#world.now, target, ...decision });
    }
  }

  built({ source: target, decisions }: SourceHandled): void {
    for (const { event, because, actions } of decisions) {
      const entry = { type: 'decision', at: this.#world.now, target, event, because } as const;
      const action = actions.length === 0 ? {} : { action: actions.join(', ') };
      this.#timeline.push({ ...entry, phase: 'source', ...action });
    }
  }

  /** Takes over what the buses received since the last time. */
  takeOver(): void {
    for (const event of this.#fresh('default')) {
      noteImage(this.#world, this.#labels, event);
      if (!SHOWN.has(event['detail-type'])) continue;
      this.#timeline.push({ type: 'event', at: this.#world.now, event });
    }
    for (const event of this.#fresh('ours')) {
      if (Object.hasOwn(event.detail, 'source')) {
        const announcement = event.detail as unknown as SourceAnnounced;
        this.#timeline.push({ type: 'source', at: announcement.at, announcement });
      } else {
        const announcement = event.detail as unknown as Announced;
        this.#timeline.push({ type: 'announcement', at: announcement.at, announcement });
      }
    }
    this.#timeline.push(...movedSince(this.#world, this.#pipeline, this.#moved));
    this.#moved = this.#world.elbv2.changes.at(-1);
    for (const { fullName, statuses } of Object.values(this.#world.github.repositories)) {
      const known = this.#statuses.get(fullName) ?? 0;
      this.#statuses.set(fullName, statuses.length);
      for (const { sha, context, state, description } of statuses.slice(known)) {
        const said = { sha, context, state, description: description ?? '' };
        this.#timeline.push({ type: 'status', at: this.#world.now, repository: fullName, ...said });
      }
    }
  }

  #fresh(bus: 'default' | 'ours'): readonly BusEvent[] {
    const events = eventsOn(this.#world, bus === 'ours' ? prefixOf(this.#pipeline) : bus);
    const last = this.#heard[bus];
    const fresh = last === undefined ? events : events.slice(events.lastIndexOf(last) + 1);
    const newest = events.at(-1);
    if (newest !== undefined) this.#heard = { ...this.#heard, [bus]: newest };
    return [...fresh];
  }
}

/** What it reads, and the lists that it writes to. */
interface Written {
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly labels: ImageNames;
  readonly timeline: Entry[];
  readonly lines: string[];
}
