/** Makes one call that changes AWS. What came of it is an event: `decide` hears it next. */
import type { Action } from '../core/model/action.ts';
import type {
  CallDeferred,
  CallRefused,
  MigrationStarted,
  RevisionRegistered,
  RolloutAccepted,
  StopAccepted,
} from '../core/model/event.ts';
import { type Answer, DeferredError, type Ports, type ServiceRef } from '../ports.ts';
import { overlayOf } from './answers/definition-file.ts';

type CallTaken =
  | RevisionRegistered
  | MigrationStarted
  | RolloutAccepted
  | StopAccepted
  | CallRefused;
export type CallAnswered = CallTaken | CallDeferred;

/** Throws `TransientError` when no answer came: whether it was carried out is then not known. */
export async function makeCall(
  action: Action,
  service: ServiceRef,
  ports: Pick<Ports, 'services' | 'clock' | 'definitions'>,
): Promise<CallAnswered> {
  try {
    return await call(action, service, ports);
  } catch (error) {
    if (!(error instanceof DeferredError)) throw error;
    const { code, said: message, carriedOut } = error;
    const at = ports.clock.now();
    return { type: 'CallDeferred', at, action: action.type, code, message, carriedOut };
  }
}

async function call(
  action: Action,
  service: ServiceRef,
  { services, clock, definitions }: Pick<Ports, 'services' | 'clock' | 'definitions'>,
): Promise<CallTaken> {
  switch (action.type) {
    case 'RegisterRevision': {
      const { base, images, tags } = action;
      const overlay = await overlayOf(action, definitions);
      const answer = await services.registerRevision(base, images, tags, overlay);
      const at = clock.now();
      return answer.ok
        ? { type: 'RevisionRegistered', at, revision: answer.value }
        : refused(action, answer, at);
    }
    case 'RunMigration': {
      const answer = await services.runMigration(service, action);
      const at = clock.now();
      return answer.ok
        ? { type: 'MigrationStarted', at, task: answer.value }
        : refused(action, answer, at);
    }
    case 'StartRollout': {
      const answer = await services.startRollout(service, action);
      const at = clock.now();
      const { revision, requestedAt: askedAt } = action;
      return answer.ok
        ? { type: 'RolloutAccepted', at, revision, requestedAt: askedAt }
        : refused(action, answer, at);
    }
    case 'StopRollout': {
      const answer = await services.stopRollout(action.rollout);
      const at = clock.now();
      return answer.ok
        ? { type: 'StopAccepted', at, rollout: action.rollout }
        : refused(action, answer, at);
    }
  }
}

function refused(
  action: Action,
  { code, message }: Extract<Answer<unknown>, { ok: false }>,
  at: number,
): CallRefused {
  return { type: 'CallRefused', at, action: action.type, code, message };
}
