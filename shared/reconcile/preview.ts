/**
 * What the next handling of a target would do: the loop of `reconcile.ts` with its looks and decisions,
 * and without its writes and calls. It reads and changes nothing, in AWS as in the table.
 */

import { configure } from '../core/configure.ts';
import { decide } from '../core/decide.ts';
import { type CouldReturn, couldReturn } from '../core/explain/can-roll-back.ts';
import { explain } from '../core/explain/explain.ts';
import type { Tried } from '../core/explain/rule-result.ts';
import { intendedCall } from '../core/intended-call.ts';
import type { Action } from '../core/model/action.ts';
import type { Event } from '../core/model/event.ts';
import type { TaskDefinitionArn } from '../core/model/image.ts';
import type { Observation } from '../core/model/observation.ts';
import type { Standing } from '../core/model/record/phase.ts';
import type { Skipped } from '../core/model/record/rollback.ts';
import type { TargetRecord } from '../core/model/record/target-record.ts';
import type { Hold } from '../core/model/record/waiting.ts';
import { standingOf } from '../core/model/standing.ts';
import { isAnswered, questionFor } from '../core/question.ts';
import type { JsonRecord } from '../core/release/definition/containers.ts';
import { type RenderedRevision, renderRevision } from '../core/release/task-definition.ts';
import type { ObservationPorts } from '../ports.ts';
import { overlayOf } from './answers/definition-file.ts';
import { observe, observeCandidate } from './observe.ts';
import type { ReconciledTarget } from './reconcile.ts';

/** Of the looks that one handling would take without a call between them. */
const LOOKS_MAX = 5;
/** The number that ECS will give is not known. */
const NEXT_REVISION = '(next)';

export interface Preview {
  /** The record as it is stored, with what the config says now. */
  readonly before: TargetRecord;
  /** What the event would lead to, if there was one. */
  readonly said?: string;
  readonly looks: readonly PreviewedLook[];
  /** The calls that would come next, in order; none: nothing is to be done yet. */
  readonly actions: readonly Action[];
  /** As the record would be then. */
  readonly after: TargetRecord;
}

export interface PreviewedLook {
  readonly seen: Observation;
  readonly tried: readonly Tried[];
  readonly because: string;
  readonly phase: Standing;
}

/** `event`: heard before the first look, as a person's word would be. Throws `TransientError`. */
export async function preview(
  target: ReconciledTarget,
  stored: TargetRecord | undefined,
  ports: ObservationPorts,
  { stop, event }: { readonly stop?: Hold | undefined; readonly event?: Event } = {},
): Promise<Preview> {
  const before = asConfigured(target, stored, ports.clock.now());
  const heard = event === undefined ? undefined : decide(before, event);
  const said = heard === undefined ? {} : { said: heard.because };
  let record = heard?.record ?? before;
  const looks: PreviewedLook[] = [];
  if (record.retired) {
    return { before, ...said, looks, actions: [], after: record };
  }
  while (looks.length < LOOKS_MAX) {
    const question = questionFor(record, ports.clock.now());
    const observation = await observe(target, record, question, ports, stop);
    const tried = explain(record, observation);
    const decision = decide(record, { type: 'Observed', observation: observation });
    record = decision.record;
    looks.push({ seen: observation, tried, because: decision.because, phase: standingOf(record) });
    const action = intendedCall(record, observation);
    if (action !== undefined) {
      const next = following(record, action, observation);
      return { before, ...said, looks, ...next };
    }
    if (isAnswered(questionFor(record, ports.clock.now()), observation.question)) break;
  }
  return { before, ...said, looks, actions: [], after: record };
}

export function asConfigured(
  { key, id, rules }: ReconciledTarget,
  stored: TargetRecord | undefined,
  at: number,
): TargetRecord {
  const event = { type: 'Configured', at, id, rules } as const;
  const record = configure(stored, key, event)?.record ?? stored;
  if (record === undefined) throw new Error(`${key} has no record, and none was introduced`);
  return record;
}

/** What comes after the next call, if AWS does what it is asked: a new revision is started. */
function following(
  record: TargetRecord,
  action: Action,
  observation: Observation,
): Pick<Preview, 'actions' | 'after'> {
  if (action.type !== 'RegisterRevision') return { actions: [action], after: record };
  const family = action.base.slice(0, action.base.lastIndexOf(':'));
  const registered = decide(record, {
    type: 'RevisionRegistered',
    at: observation.at,
    revision: `${family}:${NEXT_REVISION}` as TaskDefinitionArn,
  });
  const { record: after } = decide(registered.record, {
    type: 'Observed',
    observation: observation,
  });
  const next = intendedCall(after, observation);
  return { actions: next === undefined ? [action] : [action, next], after };
}

/** Could it roll back now, and to what? The places to return to are looked at until one is usable. */
export async function previewReturn(
  record: TargetRecord,
  ports: ObservationPorts,
  to?: string,
): Promise<CouldReturn> {
  const gone: Skipped[] = [];
  for (;;) {
    const answer = couldReturn(record, ports.clock.now(), {
      gone,
      ...(to === undefined ? {} : { to }),
    });
    if (!answer.possible) return answer;
    const seen = await observeCandidate(answer.candidate, ports);
    if (seen.state !== 'gone') return answer;
    gone.push({ revision: seen.revision, because: seen.because, gone: true });
  }
}

/** The task definition that is copied, and the copy that would be registered. */
export interface RevisionChange {
  readonly before: JsonRecord;
  readonly rendered: RenderedRevision;
}

/** As ECS wrote it; undefined: ECS has it no more. */
export type ReadDefinition = (
  revision: TaskDefinitionArn,
) => Promise<{ readonly definition: JsonRecord; readonly tags: readonly JsonRecord[] } | undefined>;

/** What RegisterTaskDefinition would be given, beside what it is a copy of. */
export async function previewRevision(
  action: Extract<Action, { type: 'RegisterRevision' }>,
  rawDefinition: ReadDefinition,
  definitions: ObservationPorts['definitions'],
): Promise<RevisionChange | undefined> {
  const { base, images, tags } = action;
  const raw = await rawDefinition(base);
  if (raw === undefined) return undefined;
  const rendered = renderRevision(
    raw.definition,
    raw.tags,
    images,
    tags,
    await overlayOf(action, definitions),
  );
  return { before: { ...raw.definition, tags: raw.tags }, rendered };
}
