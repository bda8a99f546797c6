/**
 * Semantic mutants: what a reviewer would break. They were not chosen for being killed; each says
 * which rule of the house it breaks. `npm run simulate:mutants` tells what kills each of them, or
 * that nothing did.
 */
import type { Scene } from './stages/play.ts';

export interface SemanticMutant {
  readonly name: string;
  /** Number of the rule in `house.md` that it breaks. */
  readonly breaks: number;
  readonly file: string;
  /** Stands once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** A few whose kill is repeated by `npm test`: name, and the scene that does it by its own rule. */
export const RULE_MUTANTS: readonly {
  readonly name: string;
  readonly scene: Scene;
  /** What the broken sentence begins with, where that is not the number of the rule. */
  readonly rule?: string;
}[] = [
  {
    name: 'never rolls back, always asks',
    scene: { phase: 'baking over two proven', event: 'the alarm rises', ill: 'none' },
  },
  {
    name: 'acts without reading the version again',
    scene: { phase: 'not seen yet', event: 'nothing', ill: 'none' },
  },
  {
    name: 'the oldest proven release instead of the newest',
    scene: { phase: 'baking over two proven', event: 'the alarm rises', ill: 'none' },
  },
  {
    name: 'the release that a person chose is not minded',
    scene: { phase: 'baking over two proven', event: 'rollback to the first', ill: 'none' },
  },
  {
    name: 'the breaker of ECS may always return',
    scene: { phase: 'rolled back', event: 'rollback', ill: 'none' },
  },
  {
    // Where alarms guard a release, the time that they take to judge hides it.
    name: 'the bake is half as long as configured',
    scene: { phase: 'not seen yet', event: 'no alarms', ill: 'none' },
  },
  {
    name: 'proves without the history of its alarms',
    scene: {
      phase: 'baking',
      event: 'the alarm flaps unheard',
      ill: 'the history of alarms down for half an hour',
    },
  },
  {
    name: 'an older push is taken',
    scene: { phase: 'idle with two proven', event: 'the oldest push again', ill: 'none' },
    rule: '5. an older push never replaces',
  },
  {
    name: "somebody else's deployment in the bake is fought",
    scene: { phase: 'baking', event: 'a good revision by hand', ill: 'none' },
    rule: '8. who is said to have deployed',
  },
  {
    name: 'a person rolls back, and nothing is quarantined',
    scene: { phase: 'idle with two proven', event: 'rollback', ill: 'none' },
  },
  {
    name: 'a word is heard as often as it is delivered',
    scene: { phase: 'baking over two proven', event: 'rollback, delivered twice', ill: 'none' },
    rule: '5. what no evidence',
  },
  {
    name: 'a hold of a person is not kept',
    scene: { phase: 'idle', event: 'hold, then a push', ill: 'none' },
  },
  {
    name: 'acts in the last second of its time',
    scene: { phase: 'idle', event: 'a good push', ill: 'paused' },
    rule: '1. no call is begun',
  },
  {
    name: 'a late alarm withdraws nothing',
    scene: {
      phase: 'idle with two proven',
      event: 'the alarm tells late of the bake',
      ill: 'none',
    },
    rule: '3. what speaks',
  },
  {
    name: 'a digest that had its turn may come again',
    scene: { phase: 'idle with two proven', event: 'deploy the oldest', ill: 'none' },
    rule: '7. what a person deployed',
  },
  {
    name: 'a rollback that ECS ends counts as done',
    scene: { phase: 'rolling back', event: 'nothing', ill: 'none' },
    rule: '8. rolled back is said',
  },
  {
    name: 'the end of a release is not told',
    scene: {
      phase: 'idle',
      event: 'a good push',
      ill: 'UpdateService refused for ten minutes',
    },
    rule: '8. the end of a release',
  },
  {
    name: "somebody else's rollout over ours is fought",
    scene: { phase: 'in flight', event: 'a good revision by hand', ill: 'none' },
    rule: '10. what somebody else deployed is never',
  },
];

const CORE = 'shared/core';
const RELEASE = `${CORE}/release`;
const PHASES = `${CORE}/phases`;
const EVENTS = `${CORE}/events`;
const GATES = `${CORE}/gates`;

function mutant(
  name: string,
  breaks: number,
  file: string,
  find: string,
  replace: string,
): SemanticMutant {
  return { name, breaks, file, find, replace };
}

/** The way back. */
const ROLLBACK = [
  mutant(
    'never rolls back, always asks',
    3,
    `${PHASES}/selecting.ts`,
    'phase.started >= TRIES_MAX',
    'phase.started >= 0',
  ),
  mutant(
    'the oldest proven release instead of the newest',
    4,
    `${RELEASE}/rollback-candidates.ts`,
    'to === undefined ? open[0]',
    'to === undefined ? open.at(-1)',
  ),
  mutant(
    'the one before the newest, where there are two',
    4,
    `${RELEASE}/rollback-candidates.ts`,
    'to === undefined ? open[0]',
    'to === undefined ? (open[1] ?? open[0])',
  ),
  mutant(
    'the release that a person chose is not minded',
    4,
    `${RELEASE}/rollback-candidates.ts`,
    'open.find((candidate) => candidate.release === to)',
    'open[0]',
  ),
  mutant(
    'the condemned revision itself may be returned to',
    4,
    `${RELEASE}/rollback-candidates.ts`,
    'candidate.revision !== phase.condemned.revision &&',
    '',
  ),
  mutant(
    'what was put back is not the newest proven release',
    4,
    `${PHASES}/ecs-returned.ts`,
    'addCandidate({ ...record, runs: running, rollbackCandidates: others, alarmsToClear: condemned.alarms }, top)',
    '{ ...record, runs: running, rollbackCandidates: [...others, top], alarmsToClear: condemned.alarms }',
  ),
  mutant(
    'releases with a quarantined digest stay proven',
    4,
    `${CORE}/model/decision.ts`,
    '(candidate) => !holdsAny(candidate.images, digests)',
    '(candidate) => candidate.images !== undefined',
  ),
  mutant(
    'ECS is asked to stop, and nobody looks where it went',
    4,
    `${PHASES}/stopping.ts`,
    'record.rollbackCandidates.find((one) => one.revision === to)',
    '(record.rollbackCandidates.find((one) => one.revision === to) ?? record.rollbackCandidates[0])',
  ),
  mutant(
    'a rollback that ECS ends counts as done',
    3,
    `${PHASES}/redeploying.ts`,
    "case 'SUCCESSFUL':",
    "case 'SUCCESSFUL': case 'IN_PROGRESS':",
  ),
  mutant(
    'the alarms that condemned are not waited for',
    9,
    `${PHASES}/ecs-returned.ts`,
    'alarmsToClear: condemned.alarms',
    'alarmsToClear: []',
  ),
];

/** How ECS is asked. */
const STRATEGY = [
  mutant(
    'the breaker of ECS may always return',
    4,
    `${RELEASE}/strategy.ts`,
    'rollback: enable && ecsRollsBack,',
    'rollback: enable,',
  ),
  mutant(
    'ECS is always asked to return',
    4,
    `${PHASES}/before-request.ts`,
    "const ecsRollsBack = lastCompleted && primary.rolloutState === 'COMPLETED';",
    'const ecsRollsBack = lastCompleted || primary.createdAt > 0;',
  ),
  mutant(
    'ECS is given the alarms of the config',
    4,
    `${RELEASE}/strategy.ts`,
    'if (Object.keys(now).length === 0 || (purpose.forward && purpose.asOwnerSet)) return {};',
    'if (rules.alarms.length > 0) return { alarms: { alarmNames: [...rules.alarms], enable: true, rollback: true } };',
  ),
  mutant(
    'acts without reading the version again',
    1,
    'shared/reconcile/reconcile.ts',
    'const version = await this.#ports.records.version(this.#target.key);\n    if (version !== this.#record.version) throw new VersionConflict();',
    '',
  ),
  mutant(
    'acts in the last second of its time',
    1,
    'shared/reconcile/optimistic-loop.ts',
    'export const CALL_NEEDS_MS = 10_000;',
    'export const CALL_NEEDS_MS = -1_000_000;',
  ),
  mutant(
    'no look after the last act',
    1,
    `${CORE}/when-to-look.ts`,
    'if (actedAt === undefined || now > actedAt + RESTS_AFTER_MS) return undefined;',
    'if (actedAt === undefined || now > actedAt) return undefined;',
  ),
  mutant(
    'watch mode acts',
    10,
    `${PHASES}/starting.ts`,
    "if (record.rules.mode === 'watch') {",
    "if (record.rules.mode === 'watch' && observation.at < 0) {",
  ),
  mutant(
    'a release without a change is started',
    10,
    `${PHASES}/starting.ts`,
    'runs.images[name]?.digest === image.digest',
    'runs.images[name]?.digest === `${image.digest}?`',
  ),
];

/** What speaks against a release. */
const EVIDENCE = [
  mutant(
    'the window of a bake begins at SUCCESSFUL',
    3,
    `${RELEASE}/bake-window.ts`,
    'from: rollout.createdAt,',
    'from: rollout.createdAt < 0 ? 0 : phase.succeededAt,',
  ),
  mutant(
    'proves without the history of its alarms',
    8,
    `${RELEASE}/doubt.ts`,
    "if (history === 'asked' && rises?.state !== 'known') {",
    "if (history === 'asked' && rises?.state !== 'known' && observation.at < 0) {",
  ),
  mutant(
    'an unknown alarm is a quiet alarm',
    8,
    `${RELEASE}/doubt.ts`,
    "if (alarm.state === 'unknown') return",
    "if (alarm.state === 'unknown' && observation.at < 0) return",
  ),
  mutant(
    'one more failed task is forgiven',
    3,
    `${RELEASE}/evidence.ts`,
    'watch.failed >= ',
    'watch.failed > ',
  ),
  mutant(
    'failed tasks of any revision count',
    5,
    `${RELEASE}/evidence.ts`,
    'task.revision !== revision || ',
    '',
  ),
  mutant(
    'an ordinary stop is a failure',
    5,
    `${RELEASE}/diagnosis.ts`,
    '/health check/i.test(reason)',
    'reason.length > 0',
  ),
  mutant(
    'a crash is an ordinary stop',
    3,
    `${RELEASE}/diagnosis.ts`,
    "    case 'EssentialContainerExited':\n      return exitOf(task);",
    "    case 'EssentialContainerExited':\n      return undefined;",
  ),
  mutant(
    'an old breach that is told anew counts',
    9,
    `${RELEASE}/evidence.ts`,
    'if (rise.breachEndsAt !== undefined && rise.breachEndsAt <= window.from) return false;',
    '',
  ),
  mutant(
    'an alarm that is heard in the bake is ignored',
    3,
    `${EVENTS}/alarm-changed.ts`,
    'const verdict = verdictOfRise(rise, rules);',
    "if (own.phase === 'baking') return because(record, 'ignored'); const verdict = verdictOfRise(rise, rules);",
  ),
  mutant(
    'alarms are not judged at looks of the bake',
    3,
    `${RELEASE}/watched.ts`,
    'withRises(evidence, risesSeen(record, observation), window)',
    "withRises(evidence, record.phase.phase === 'baking' ? [] : risesSeen(record, observation), window)",
  ),
  mutant(
    'alarms are not judged while it rolls out',
    3,
    `${RELEASE}/watched.ts`,
    'withRises(evidence, risesSeen(record, observation), window)',
    "withRises(evidence, record.phase.phase === 'deploying' ? [] : risesSeen(record, observation), window)",
  ),
  mutant(
    'a muted alarm that is heard condemns',
    9,
    `${EVENTS}/alarm-changed.ts`,
    'if (event.muted) {',
    'if (event.muted && event.at < 0) {',
  ),
  mutant(
    'the bake is half as long as configured',
    8,
    `${RELEASE}/bake-window.ts`,
    'return bakeBeganAt(phase) + phase.release.rules.bakeMinutes * MINUTE;',
    'return bakeBeganAt(phase) + (phase.release.rules.bakeMinutes * MINUTE) / 2;',
  ),
  mutant(
    'ECS says SUCCESSFUL, and that is enough',
    8,
    `${PHASES}/baking.ts`,
    'firstBroken(BAKING, at)',
    'firstBroken(BAKING.filter(({ otherwise }) => otherwise !== goOn), at)',
  ),
  mutant(
    'a late alarm withdraws nothing',
    3,
    `${EVENTS}/alarm-changed.ts`,
    'if (hit === undefined) return',
    'if (hit === undefined || event.at > 0) return',
  ),
];

/** Quarantine, and what persons say. */
const WORDS = [
  mutant(
    'a person rolls back, and nothing is quarantined',
    2,
    `${EVENTS}/rollback-command.ts`,
    'leaveByWord(record, condemned, event.at)',
    'record',
  ),
  mutant(
    'a person rolls back, and what stays is quarantined',
    5,
    `${EVENTS}/rollback-command.ts`,
    'const left = differing(runs.images, goal);',
    'const left = { ...goal.images, ...differing(runs.images, goal) };',
  ),
  mutant(
    'a hold of a person is not kept',
    10,
    `${GATES}/gates.ts`,
    "{ rule: 'nobody holds this target', closed: held },",
    "{ rule: 'nobody holds this target', closed: () => undefined },",
  ),
  mutant(
    'the stop switch is not minded',
    10,
    `${GATES}/gates.ts`,
    'return stop === undefined\n    ? undefined',
    'return stop === undefined || stop.since > 0\n    ? undefined',
  ),
  mutant(
    'a word is heard as often as it is delivered',
    4,
    `${EVENTS}/command.ts`,
    '[event.id, ...record.handledCommands].slice(0, HEARD_MAX)',
    'record.handledCommands',
  ),
  mutant(
    'a quarantined image beside is started again',
    2,
    `${GATES}/gates.ts`,
    'if (digest === undefined || !isQuarantined(record, digest)) continue;',
    'if (digest === undefined || digest.length > 0) continue;',
  ),
  mutant(
    'a quarantined image is taken when it is pushed again',
    2,
    `${EVENTS}/offer.ts`,
    'if (event.quarantined !== undefined || isQuarantined(record, image.digest)) {',
    'if (event.quarantined !== undefined && isQuarantined(record, `${image.digest}?`)) {',
  ),
  mutant(
    'a quarantine is lifted by every push',
    2,
    'shared/reconcile/translate.ts',
    '      ...(quarantined === undefined ? {} : { quarantined }),\n    },\n    urgent: false,',
    '    },\n    urgent: quarantined === undefined && at < 0,',
  ),
];

/** Order, and what others do. */
const ORDER = [
  mutant(
    'a digest that had its turn may come again',
    7,
    `${EVENTS}/offer.ts`,
    'if (comparison === 0 && !mayComeAgain(highest, event)) {',
    'if (comparison === 0 && highest === undefined) {',
  ),
  mutant(
    'an older push is taken',
    7,
    `${EVENTS}/offer.ts`,
    'if (highest !== undefined && comparison < 0) {',
    'if (highest !== undefined && comparison < 0 && event.at < 0) {',
  ),
  mutant(
    'the last one in the slot stays, not the newest',
    7,
    `${EVENTS}/offer.ts`,
    'newest: { ...record.newest, [container]: { ...order, label: imageLabel(image) } },',
    '',
  ),
  mutant(
    "somebody else's rollout over ours is fought",
    10,
    `${PHASES}/displaced.ts`,
    "whose(record, newer, observation) === 'late-call'",
    'newer.createdAt > 0',
  ),
  mutant(
    "somebody else's deployment in the bake is fought",
    10,
    `${PHASES}/displaced.ts`,
    "ownReplaced(record, phase, primary, who === 'late-call', observation)",
    'ownReplaced(record, phase, primary, primary.createdAt > 0, observation)',
  ),
  mutant(
    "somebody else's deployment at rest is fought",
    10,
    `${PHASES}/displaced.ts`,
    "case 'external': return announceExternal(left, primary, observation);",
    "case 'external': return putLateCallRight(left, primary, observation);",
  ),
  mutant(
    "somebody else's deployment in flight is superseded",
    10,
    `${PHASES}/starting.ts`,
    "return primary.rolloutState === 'IN_PROGRESS' || deployments > 1;",
    'return deployments < 0;',
  ),
  mutant(
    'a throttle is taken for a refusal',
    6,
    'shared/aws/refusal.ts',
    "  'ThrottlingException',\n",
    '',
  ),
  mutant(
    'what runs is told as it was before',
    8,
    `${CORE}/model/decision.ts`,
    'runsNow: describeRunning(record.runs),',
    'runsNow: describeRunning(record.rollbackCandidates.at(-1) as never),',
  ),
  mutant(
    'who deployed is told wrongly',
    8,
    `${PHASES}/external.ts`,
    '`somebody else deployed ${name}`',
    '`a late call of ours started ${name}`',
  ),
  mutant(
    'the end of a release is not told',
    8,
    `${RELEASE}/release-ends.ts`,
    "const failed = announce(asking, 'failed', {",
    "const failed = asking.sequence > 0 ? asking : announce(asking, 'failed', {",
  ),
];

export const SEMANTIC_MUTANTS: readonly SemanticMutant[] = [
  ...ROLLBACK,
  ...STRATEGY,
  ...EVIDENCE,
  ...WORDS,
  ...ORDER,
];
