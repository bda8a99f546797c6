/** AWS refused what we asked, and would refuse it again. */
import { because, type Decision } from '../model/decision.ts';
import type { ActRefused } from '../model/event.ts';
import type { TargetRecord } from '../model/record.ts';
import { REASON_MAX, shorten } from '../model/text.ts';
import { askPerson } from '../phases/ecs-returned.ts';
import { fail } from '../release/release-ends.ts';
import { choose, skip } from '../release/rollback-candidates.ts';

export function actRefused(record: TargetRecord, event: ActRefused): Decision {
  const { phase } = record;
  const sentence = `AWS refused ${callOf(event)}: ${event.code}: ${shorten(event.message, REASON_MAX)}`;
  switch (phase.phase) {
    case 'rolling':
      return fail(record, phase, event, sentence);
    case 'returning':
      switch (phase.way.step) {
        case 'stopping':
          // It had ended already, or cannot be stopped: the next look tells which.
          return event.action === 'StopRollout' && isOver(event)
            ? because(record, `${sentence}; the next look tells how it ended`)
            : choose(record, phase, sentence);
        case 'restoring':
          return isForbidden(event)
            ? askPerson(record, phase, event, sentence)
            : skip(record, phase, phase.way.rung, sentence);
        case 'choosing':
          return because(record, sentence);
      }
      return because(record, sentence);
    case 'introduced':
    case 'resting':
    case 'baking':
    case 'observing':
    case 'asking':
    case 'retired':
      return because(record, sentence);
  }
}

function callOf(event: ActRefused): string {
  switch (event.action) {
    case 'RegisterRevision':
      return 'ecs:RegisterTaskDefinition';
    case 'StartRollout':
      return 'ecs:UpdateService';
    case 'StopRollout':
      return 'ecs:StopServiceDeployment';
  }
}

function isOver(event: ActRefused): boolean {
  return event.code === 'ConflictException' || event.code === 'ServiceDeploymentNotFoundException';
}

function isForbidden(event: ActRefused): boolean {
  return /AccessDenied|NotAuthorized|Unauthorized/.test(event.code);
}
