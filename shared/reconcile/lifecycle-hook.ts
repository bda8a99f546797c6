/**
 * Answers ECS at each stage of a deployment that shifts traffic. It changes nothing: whatever it cannot
 * find out makes ECS wait, and what speaks against a release is decided by the looks.
 */
import type { Pipeline, Target } from '../config/config.ts';
import { answerHook, guardsOf, inTime } from '../core/hook/answer.ts';
import type { HookAnswer, HookSeen } from '../core/hook/ask.ts';
import type { TargetRecord } from '../core/model/record/target-record.ts';
import {
  type HookCall,
  type HookResponse,
  hookResponse,
  parseHookEvent,
} from '../edge/lifecycle-hook.ts';
import type { Alarms, Clock, Records } from '../ports.ts';
import { type BoundLog, withLog } from '../runtime/log.ts';

export interface HookDeps {
  readonly pipeline: Pipeline;
  readonly records: Pick<Records, 'load' | 'stop'>;
  readonly alarms: Pick<Alarms, 'states'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: BoundLog;
}

/** ECS takes the traffic back when a hook throws: trouble of ours is waited out. */
const TROUBLE_SECONDS = 30;

export async function lifecycleHook(event: unknown, deps: HookDeps): Promise<HookResponse> {
  let { log } = deps;
  let call: HookCall | undefined;
  let target: Target | undefined;
  try {
    const asked = parseHookEvent(event, deps.clock.now());
    call = asked;
    target = targetOf(deps.pipeline, asked);
    log = log.with({ ...(target && { target: target.key }), ...asked.ask, cause: causeOf(asked) });
    const answer = await withLog(log, () => answerTo(asked.ask, target, deps));
    log.info('answered', { answer });
    return hookResponse(answer, deps.clock.now(), asked.ask);
  } catch (error) {
    log.error('ECS is told to wait, since its question could not be answered', { error });
    const because = 'the question could not be answered: see the log of lifecycle-hook';
    const wait = { status: 'IN_PROGRESS', because, seconds: TROUBLE_SECONDS } as const;
    const now = deps.clock.now();
    const { whenUnsure } = target?.rules.strategy ?? {};
    const answer = call === undefined ? wait : inTime(wait, call.ask, now, whenUnsure);
    return hookResponse(answer, now, call?.ask);
  }
}

/** It has no event of its own: who asks is a deployment at a stage. */
function causeOf({ ask }: HookCall) {
  return { id: ask.deployment, source: 'aws.ecs', detailType: ask.stage };
}

async function answerTo(
  ask: HookCall['ask'],
  target: Target | undefined,
  deps: HookDeps,
): Promise<HookAnswer> {
  if (target === undefined) {
    return { status: 'SUCCEEDED', because: 'the config names no such service: it is let through' };
  }
  const [stored, stop] = await Promise.all([deps.records.load(target.key), deps.records.stop()]);
  if (stored === undefined) {
    return { status: 'SUCCEEDED', because: 'nothing was ever started here: it is let through' };
  }
  const { record } = stored;
  const seen = { at: deps.clock.now(), ...(stop && { stop }), ...(await seenOf(record, deps)) };
  return answerHook({ record, ask, seen });
}

function targetOf(
  { targets }: Pipeline,
  { cluster, service }: Pick<HookCall, 'cluster' | 'service'>,
): Target | undefined {
  return Object.values(targets).find(
    (one) => one.service === service && (cluster === undefined || one.cluster === cluster),
  );
}

async function seenOf(
  record: TargetRecord,
  { alarms }: HookDeps,
): Promise<Pick<HookSeen, 'alarms'>> {
  const names = guardsOf(record);
  return { alarms: names.length === 0 ? {} : await alarms.states(names) };
}
