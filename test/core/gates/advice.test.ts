/** Every `next` of a hold or a refusal works: here somebody does what the sentence says. */
import { expect, test } from 'vitest';
import type { CommandReceived } from '../../../shared/core/model/event.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import type { Step } from '../../build.ts';
import {
  asking,
  at,
  crashed,
  digest,
  image,
  looked,
  type ObservationChange,
  order,
  person,
  pushed,
  record,
  red,
  rolling,
  rollout,
  rules,
  scanned,
  scanRules,
  signatureRules,
  waiting,
  when,
} from '../../build.ts';

const RED: ObservationChange = { alarms: { 'web-5xx': red(at(-5)) } };
const MISSING: ObservationChange = { alarms: { 'web-5xx': { state: 'missing' } } };
const UNSUPPORTED: ObservationChange = {
  scans: { [digest(2)]: { state: 'unavailable', because: 'UNSUPPORTED_IMAGE' } },
};
const UNSIGNED: ObservationChange = {
  signatures: { [digest(2)]: { state: 'unsigned', because: 'no signature' } },
};
let words = 0;
const say = (given: TargetRecord, command: CommandReceived['command']) =>
  when(given, person(command, { id: `said ${++words}` })).record;
const deploy = (given: TargetRecord, n = 2) =>
  say(given, { do: 'deploy', images: { app: image(n) } });
const after = (given: TargetRecord, seen: ObservationChange, minute = 61) =>
  looked(looked(given, 1, seen).record, minute, seen);
/** No task of it could pull its image: rolled back for that. */
const unpulled = (id: string) =>
  crashed(id, 2, {
    stopCode: 'TaskFailedToStart',
    stoppedReason: 'CannotPullContainerError: not found',
    containers: [{ name: 'app', reason: 'CannotPullContainerError: not found' }],
  });
const ended = (status: 'IN_PROGRESS' | 'ROLLBACK_SUCCESSFUL') => ({
  rollouts: [rollout(2, { status })],
});
const NOT_PULLED = looked(
  looked(rolling(), 5, { ...ended('IN_PROGRESS'), stoppedTasks: ['a', 'b', 'c'].map(unpulled) })
    .record,
  7,
  { ...ended('ROLLBACK_SUCCESSFUL'), service: 1 },
);
const refusing = { rules: rules({ afterHold: 'refuse' }) };
const configured = (given: TargetRecord, is: TargetRecord['rules']) =>
  when(given, { type: 'Configured', at: at(62), id: 'web', rules: is }).record;
const FOUND = { scans: { [digest(2)]: scanned(['CVE-1', 'CRITICAL']) } };
const quarantined = { quarantine: [{ digest: digest(2), at: at(0) }], newest: { app: order(2) } };

/** What was announced; what the sentence says; and what a look finds after it was done. */
test.each<
  [told: Step, says: string, done: (given: TargetRecord) => TargetRecord, seen: ObservationChange]
>([
  [looked(waiting(), 1, RED), 'deploy it by hand: that is not held', deploy, RED],
  [looked(waiting(), 1, RED), 'starts by itself when the alarm is OK', (it) => it, {}],
  [after(waiting(), RED), 'deploy it by hand', deploy, RED],
  [after(waiting(refusing), RED), 'deploy it by hand: that is not held', deploy, RED],
  [looked(waiting(), 1, MISSING), 'create it', (it) => it, {}],
  [
    looked(waiting(), 1, MISSING),
    'or take it out of pipeline.config.ts',
    (it) => configured(it, rules({ alarms: [] })),
    {},
  ],
  [
    looked(waiting({ hold: { by: 'bob', because: 'a drill', since: at(0) } }), 1),
    'it starts after `resume`',
    (it) => say(it, { do: 'resume' }),
    {},
  ],
  [
    after(waiting({ rules: rules(scanRules()) }), UNSUPPORTED, 2),
    'take scan out of this target in pipeline.config.ts: it then starts by itself',
    (it) => configured(it, rules()),
    UNSUPPORTED,
  ],
  [
    looked(waiting({ rules: rules(scanRules()) }), 1, FOUND),
    'push a fix',
    (it) => when(it, pushed(3)).record,
    {},
  ],
  [
    looked(waiting({ rules: rules(signatureRules()) }), 11, UNSIGNED),
    'then push it again or deploy it by hand',
    deploy,
    {},
  ],
  [
    looked(waiting(), 1, { waiting: { [digest(2)]: 'missing' } }),
    'push it again',
    (it) => when(it, pushed(2)).record,
    {},
  ],
  [when(record(quarantined), pushed(2)), 'push a fix', (it) => when(it, pushed(3)).record, {}],
  [
    when(record(quarantined), pushed(2)),
    'lift the quarantine by hand',
    (it) => deploy(say(it, { do: 'unquarantine', digest: digest(2) })),
    {},
  ],
  [when(record({ newest: { app: order(9) } }), pushed(2)), 'slipway deploy web', deploy, {}],
  [
    when(asking(undefined, { rollbackCandidates: [] }), person({ do: 'rollback' })),
    'deploy an image by hand instead: that is not held for alarms',
    deploy,
    RED,
  ],
  [
    NOT_PULLED,
    'mend the pull (execution role, registry, network), then lift the quarantine of shop/web:main-2',
    (it) => deploy(say(it, { do: 'unquarantine', digest: digest(2) })),
    {},
  ],
  [NOT_PULLED, 'or push another image', (it) => when(it, pushed(3)).record, {}],
])('%#: what is advised works', (told, says, done, seen) => {
  expect(told.told.map(({ next }) => next).join()).toContain(says);
  const then = looked(done(told.record), 63, seen);
  expect(then.action?.type).toBe('RegisterRevision');
});
