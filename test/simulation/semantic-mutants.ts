/**
 * Semantic mutants: what a reviewer would break. They were not chosen for being killed; each says
 * which rule of the house it breaks. `npm run simulate:mutants` tells what kills each of them, or
 * that nothing did.
 */

import { CLAIM_MUTANTS, CLAIM_RULE_MUTANTS } from './claim-mutants.ts';
import { FREEZE_MUTANTS, FREEZE_RULE_MUTANTS } from './freeze-mutants.ts';
import { JUDGE_MUTANTS, JUDGE_RULE_MUTANTS } from './judge-mutants.ts';
import type { Edit } from './place.ts';
import { PROMOTION_MUTANTS, PROMOTION_RULE_MUTANTS } from './promotion-mutants.ts';
import { SHIFT_MUTANTS, SHIFT_RULE_MUTANTS } from './shift-mutants.ts';
import { SOURCE_MUTANTS, SOURCE_RULE_MUTANTS } from './source-mutants.ts';

export interface SemanticMutant {
  readonly name: string;
  /** Number of the rule in `house.md` that it breaks. */
  readonly breaks: number;
  readonly file: string;
  /** Stands once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What guards the same rule once more. */
  readonly also?: readonly Edit[];
}

export type RuleMutant = {
  readonly name: string;
  /** What the broken sentence begins with. */
  readonly rule: string;
} & (
  | { readonly scene: string }
  /** Of a world: no scene has what it is about. */
  | { readonly seed: number }
);

/** Of each rule a mutant that one scene, or one world, kills by that very rule, and not by another one by accident: `npm test` repeats it. */
export const RULE_MUTANTS: readonly RuleMutant[] = [
  {
    name: 'acts without reading the version again',
    scene: 'not seen yet / nothing / none',
    rule: '1. whoever changes AWS',
  },
  {
    name: 'acts in the last second of its time',
    scene: 'stopping / a slow good push / paused',
    rule: '1. no call is begun',
  },
  {
    name: 'no look after the last act',
    scene: 'registering / a rollback, and the call that it left lands late, unheard / none',
    rule: '1. what a late call',
  },
  {
    name: 'a quarantined image beside is started again',
    scene: 'nothing to return to, with a sidecar / a push of the sidecar / none',
    rule: '2. no quarantined digest',
  },
  {
    name: 'a person rolls back, and nothing is quarantined',
    scene: 'idle with two proven / rollback / none',
    rule: '2. what was rolled back',
  },
  {
    name: 'that a quarantined image runs is not told',
    scene: 'rolled back / the newest by hand, then resume / none',
    rule: '2. at rest',
  },
  {
    name: 'never rolls back, always asks',
    scene: 'baking over two proven / the alarm rises / none',
    rule: '3. a bad release does not stay',
  },
  {
    name: 'a late alarm withdraws nothing',
    scene: 'idle with two proven / the alarm tells late of the bake / none',
    rule: '3. what speaks',
  },
  {
    name: 'the alarms of a bake need not judge its end, and what they tell late withdraws nothing',
    scene: 'the end of the bake / the bake ends, and the alarm tells late of it / none',
    rule: '3. a bad release whose last',
  },
  {
    name: 'what somebody deployed is adopted at once',
    scene: 'idle with two proven / a good revision by hand, a push over it, and a rollback / none',
    rule: '4. a rollback goes to what the world',
  },
  {
    name: 'the oldest proven release instead of the newest',
    scene: 'baking over two proven / the alarm rises / none',
    rule: '4. a rollback goes to the newest',
  },
  {
    name: 'what was deregistered cannot be had',
    scene: 'idle with two proven / the revision before is deregistered, and a rollback / none',
    rule: '4. a rollback is given up',
  },
  {
    name: 'the release that a person chose is not minded',
    scene: 'baking over two proven / rollback to the first / none',
    rule: '4. a rollback goes where',
  },
  {
    name: 'ECS is always asked to return',
    scene: 'baking over two proven / a hotfix by hand, unheard, and the alarm / none',
    rule: '4. ECS may return',
  },
  {
    name: 'the breaker of ECS may always return',
    scene: 'rolled back / rollback / none',
    rule: '4. a rollback is not undone',
  },
  {
    name: 'a word is heard as often as it is delivered',
    scene: 'baking over two proven / rollback, delivered twice / none',
    rule: '5. what no evidence',
  },
  {
    name: 'a person rolls back, and what stays is quarantined',
    scene: 'idle with a sidecar / rollback / none',
    rule: '5. what stays',
  },
  {
    name: 'a scan that is not complete is not waited for',
    scene: 'idle with a scan gate / a good push / none',
    rule: '6. only what its scan',
  },
  {
    name: 'a signature is not waited for',
    scene: 'idle with a signature gate / a good push / none',
    rule: '6. only what is signed',
  },
  {
    name: 'a throttle is taken for a refusal',
    scene: 'idle / a good push / UpdateService throttled for ten minutes',
    rule: '6. the newest good image',
  },
  {
    name: 'that what ran before us is adopted is not told',
    scene: 'not seen yet / nothing / none',
    rule: '6. what ran before us',
  },
  {
    name: 'the last one in the slot stays, not the newest',
    scene: 'idle / two pushes, the older heard last / none',
    rule: '7. an older push',
  },
  {
    name: 'a digest that had its turn may come again',
    scene: 'idle with two proven / deploy the oldest / none',
    rule: '7. what a person deployed',
  },
  {
    name: 'a lifted quarantine starts by itself',
    scene: 'rolled back / unquarantine / none',
    rule: '7. what a person lifts',
  },
  {
    name: 'the bake is half as long as configured',
    scene: 'not seen yet / no alarms / none',
    rule: '8. proven is true',
  },
  {
    name: 'proves without the history of its alarms',
    scene: 'baking / the alarm flaps unheard / the history of alarms down for half an hour',
    rule: '8. proven is true',
  },
  {
    name: 'a rollback that ECS ends counts as done',
    scene: 'rolling back / nothing / none',
    rule: '8. rolled back is said',
  },
  {
    name: 'the end of a release is not told',
    scene: 'idle / a good push / UpdateService refused for ten minutes',
    rule: '8. the end of a release',
  },
  {
    name: 'a crash is an ordinary stop',
    scene: 'idle / a push that crashes in the bake / none',
    rule: '8. what is told of tasks',
  },
  {
    name: 'when an alarm rose is told wrongly',
    scene: 'baking / the alarm rises / none',
    rule: '8. the alarm that is named',
  },
  {
    name: 'what runs is told as it was before',
    scene: 'idle with two proven / a bad push / none',
    rule: '8. what is said to run',
  },
  {
    name: "somebody else's deployment in the bake is fought",
    scene: 'baking / a good revision by hand / none',
    rule: '8. who is said to have deployed',
  },
  {
    name: "a person's deploy is held by a red alarm",
    scene: 'held by a red alarm / nothing / none',
    rule: '8. what is advised works',
  },
  {
    name: 'a muted alarm that is heard condemns',
    scene: 'baking / the alarm is muted and rises / none',
    rule: '9. evidence older',
  },
  {
    name: 'the alarms that condemned are not waited for',
    scene: 'rolled back, and its alarm is red / a good push / none',
    rule: '9. the next release waits',
  },
  {
    name: 'a hold of a person is not kept',
    scene: 'idle / hold, then a push / none',
    rule: '10. nothing is changed while a person',
  },
  {
    name: 'the stop switch is not minded',
    scene: 'idle / hold everything, then a push / none',
    rule: '10. nothing is changed while the account',
  },
  {
    name: 'watch mode acts',
    scene: 'the end of the bake / watch mode, then a push / none',
    rule: '10. nothing is changed in watch',
  },
  {
    name: "somebody else's rollout over ours is fought",
    scene: 'in flight / a good revision by hand / none',
    rule: '10. what somebody else deployed is never',
  },
  {
    name: "somebody else's deployment in flight is superseded",
    scene: 'idle / a forced deployment, then a push / none',
    rule: '10. what somebody else deploys is waited',
  },
  {
    name: 'every look at a stop asks ECS to stop',
    scene: 'stopping / the alarm flaps / none',
    rule: '1. ECS is asked once a minute',
  },
  ...SOURCE_RULE_MUTANTS,
  ...CLAIM_RULE_MUTANTS,
  ...SHIFT_RULE_MUTANTS,
  ...JUDGE_RULE_MUTANTS,
  ...FREEZE_RULE_MUTANTS,
  ...PROMOTION_RULE_MUTANTS,
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
  ...also: readonly Edit[]
): SemanticMutant {
  return { name, breaks, file, find, replace, also };
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
    'open.find((candidate) => !isBelow(record, candidate))',
    'open.findLast((candidate) => !isBelow(record, candidate))',
  ),
  mutant(
    'the one before the newest, where there are two',
    4,
    `${RELEASE}/rollback-candidates.ts`,
    'open.find((candidate) => !isBelow(record, candidate))',
    '(open[1] ?? open[0])',
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
    {
      file: `${RELEASE}/condemn.ts`,
      find: 'left.rollbackCandidates.filter((one) => one.revision !== revision)',
      replace: 'left.rollbackCandidates',
    },
  ),

  mutant(
    'what was put back is not the newest proven release',
    4,
    `${PHASES}/way-back-ends.ts`,
    'addCandidate({ ...noteCrossed(record, candidate, observation.at), runs: running, rollbackCandidates: others, alarmsToClear: condemned.alarms }, top)',
    '{ ...noteCrossed(record, candidate, observation.at), runs: running, rollbackCandidates: [...others, top], alarmsToClear: condemned.alarms }',
  ),
  mutant(
    'releases with a quarantined digest stay proven',
    4,
    `${CORE}/model/decision.ts`,
    '(candidate) => !holdsAny(candidate.images, digests)',
    '(candidate) => candidate.images !== undefined',
    {
      file: `${RELEASE}/rollback-candidates.ts`,
      find: 'return quarantinedIn(record, images) !== undefined;',
      replace: `return images === undefined && record.key === '';`,
    },
  ),
  mutant(
    'ECS is asked to stop, and nobody looks where it went',
    4,
    `${PHASES}/stopping.ts`,
    'provenAs(record, to)',
    '(provenAs(record, to) ?? record.rollbackCandidates[0])',
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
    `${PHASES}/way-back-ends.ts`,
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
    `${PHASES}/before-rollout/before-request.ts`,
    "const ecsRollsBack = mayReturn && primary.rolloutState === 'COMPLETED';",
    'const ecsRollsBack = mayReturn || primary.createdAt > 0;',
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
    {
      file: `${CORE}/intended-call.ts`,
      find: "record.rules.mode === 'watch' || phase.phase !== 'deploying'",
      replace: "phase.phase !== 'deploying'",
    },
    {
      file: `${PHASES}/before-rollout/before-request.ts`,
      find: "if (record.rules.mode === 'watch') {",
      replace: "if (record.rules.mode === 'watch' && observation.at < 0) {",
    },
  ),
  mutant(
    'a release without a change is started',
    10,
    `${PHASES}/starting.ts`,
    'runs.images[name]?.digest === image.digest',
    `runs.images[name]?.digest === \`\${image.digest}?\``,
    {
      file: `${PHASES}/starting.ts`,
      find: 'observation.definition?.containers[container] === imageReference(image)',
      replace: `observation.definition?.containers[container] === \`\${imageReference(image)}?\``,
    },
  ),
];

/** What speaks against a release. */
const EVIDENCE = [
  mutant(
    'the window of a bake begins at SUCCESSFUL',
    3,
    `${RELEASE}/bake-window.ts`,
    'from: servesSince ?? rollout.createdAt,',
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
    {
      file: 'shared/aws/ecs/read.ts',
      find: 'like === undefined || taskDefinitionArn === like',
      replace: 'like === undefined || taskDefinitionArn !== undefined',
    },
  ),
  mutant(
    'an ordinary stop is a failure',
    5,
    `${CORE}/model/task-stop.ts`,
    "failedCheck(reason ?? '') === undefined",
    "(reason ?? '').length === 0",
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
    'const verdict = verdictOfRise(rise, rules, window);',
    "if (own.phase === 'baking') return because(record, 'ignored'); const verdict = verdictOfRise(rise, rules, window);",
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
    {
      file: `${CORE}/question.ts`,
      find: 'const atEnd = now >= judgedAt(phase) && phase.empty === undefined;',
      replace: 'const atEnd = now > 0 * judgedAt(phase) && phase.empty === undefined;',
    },
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
    `if (event.quarantined !== undefined && isQuarantined(record, \`\${image.digest}?\`)) {`,
    {
      file: `${EVENTS}/offer.ts`,
      find: 'if (comparison === 0 && !mayComeAgain(highest, event)) {',
      replace:
        'if (comparison === 0 && !mayComeAgain(highest, event) && event.quarantined === undefined) {',
    },
    {
      file: `${GATES}/impossible.ts`,
      find: 'if (isQuarantined(record, image.digest)) {',
      replace: `if (isQuarantined(record, \`\${image.digest}?\`)) {`,
    },
  ),
  mutant(
    'a person deploys what is quarantined',
    2,
    `${EVENTS}/command.ts`,
    'isQuarantined(record, digest) || digest === event.quarantined',
    `digest.length === 0 || digest === \`\${event.quarantined}?\``,
    {
      file: `${GATES}/impossible.ts`,
      find: 'if (isQuarantined(record, image.digest)) {',
      replace: `if (isQuarantined(record, \`\${image.digest}?\`)) {`,
    },
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
    "ownReplaced(record, baking, primary, who === 'late-call', observation)",
    'ownReplaced(record, baking, primary, primary.createdAt > 0, observation)',
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
    'every look at a stop asks ECS to stop',
    1,
    `${CORE}/intended-call.ts`,
    'return stop?.observation === observation.id',
    'return stop !== undefined',
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
    'runsNow: describeRunning(record.runs) + asSeen(record, facts.at),',
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
    "tellEnd(asking, phase, 'failed', { at, because: sentence, next })",
    "((one) => one)(asking, phase, 'failed', { at, because: sentence, next })",
  ),
];

/** What may start, and when. */
const STARTS = [
  mutant(
    'that a quarantined image runs is not told',
    2,
    `${PHASES}/adopting.ts`,
    'if (bad === undefined) return undefined; const sentence',
    'if (bad === undefined || at > 0) return undefined; const sentence',
  ),
  mutant(
    'what somebody deployed is adopted at once',
    4,
    `${PHASES}/watching.ts`,
    'at.observation.at < bakedAt(at) ?',
    'at.observation.at < 0 * bakedAt(at) ?',
  ),
  mutant(
    'that what ran before us is adopted is not told',
    6,
    `${PHASES}/adopting.ts`,
    'const adopted = announce( rememberPush(',
    'const adopted = ((one) => one)( rememberPush(',
  ),
  mutant(
    'the alarms of a bake need not judge its end, and what they tell late withdraws nothing',
    3,
    `${RELEASE}/bake-window.ts`,
    'return alarms.length === 0 ? 0 : (judgesInMs ?? JUDGES_IN_MS) + METRICS_LATE_MS;',
    'return alarms.length === 0 ? 0 : 0 * ((judgesInMs ?? JUDGES_IN_MS) + METRICS_LATE_MS);',
    {
      file: `${EVENTS}/alarm-changed.ts`,
      find: 'if (hit === undefined) return',
      replace: 'if (hit === undefined || event.at > 0) return',
    },
  ),
  mutant(
    "a person's deploy is held by a red alarm",
    8,
    `${PHASES}/starting.ts`,
    'if (asked !== undefined && passesByHand(gate)) return begin(timed, asked, observation);',
    'if (asked !== undefined && gate.because === ``) return begin(timed, asked, observation);',
  ),
  mutant(
    'when an alarm rose is told wrongly',
    8,
    `${RELEASE}/evidence.ts`,
    '`alarm ${rise.alarm} rose at ${clockTime(rise.at)}${later}${sharing}',
    '`alarm ${rise.alarm} rose at ${clockTime(rise.at - 90_000)}${later}${sharing}',
  ),
  mutant(
    'a rollout may take as long as it wants',
    3,
    `${PHASES}/following.ts`,
    'return observation.at > dueAt({ phase, observation })',
    'return observation.at > 100 * dueAt({ phase, observation })',
  ),
  mutant(
    'what its scan found is let through',
    6,
    `${GATES}/scan-gate.ts`,
    'if (scan.above === 0 && ended.length === 0 && scan.cut === undefined) return undefined;',
    'if (ended.length >= 0) return undefined;',
  ),
  mutant(
    'a scan that is not complete is not waited for',
    6,
    `${GATES}/scan-gate.ts`,
    `if (scan === undefined || scan.state === 'complete' || scan.state === 'ambiguous') continue;`,
    'if (scan === undefined || scan.state.length > 0) continue;',
  ),
  mutant(
    'a signature is not waited for',
    6,
    `${GATES}/signature-gate.ts`,
    `if (signature?.state === 'unsigned') {`,
    `if (signature?.state === 'unsigned' && image.digest === '') {`,
  ),
  mutant(
    'the gates are not asked again before ECS is',
    10,
    `${GATES}/asked-again.ts`,
    '(gate) => release.by === undefined || !passesByHand(gate)',
    `(gate) => release.by === '' && !passesByHand(gate)`,
  ),
  mutant(
    'a lifted quarantine starts by itself',
    7,
    `${EVENTS}/command.ts`,
    `offeredAgain(record.newest, (place) => place.digest === digest, 'push')`,
    'offeredAgain(record.newest, (place) => place.digest === digest, true)',
  ),
  mutant(
    'a command out of the dead-letter queue is obeyed',
    4,
    `${EVENTS}/command-said.ts`,
    'if (Math.abs(at - saidAt) <= COMMAND_WORTH_MINUTES * MINUTE) return undefined;',
    'if (Math.abs(at - saidAt) >= 0) return undefined;',
  ),
  mutant(
    'what the person saw is not compared',
    4,
    `${EVENTS}/rollback-command.ts`,
    'if (leaves !== undefined && !leavable(record).includes(leaves)) {',
    `if (leaves === '' && !leavable(record).includes(leaves)) {`,
  ),
  mutant(
    'what failed beside is blamed, too',
    5,
    `${RELEASE}/condemn.ts`,
    'blamed: blamedOf(record, release.images, verdict),',
    'blamed: record.sequence < 0 ? blamedOf(record, release.images, verdict) : undefined,',
  ),
  mutant(
    'trouble of AWS ends a rollback',
    3,
    `${PHASES}/way-back-ends.ts`,
    'return nextCandidate(record, { ...phase, skipped: gone }) !== undefined;',
    'return nextCandidate(record, { ...phase, skipped: gone }) === null;',
  ),
  mutant(
    'what was deregistered cannot be had',
    4,
    `${PHASES}/selecting.ts`,
    `if (observation.rollbackTo.state === 'gone') { return skip(`,
    `if (observation.rollbackTo.state !== 'usable') { return skip(`,
  ),
  mutant(
    'an alarm that was red before keeps no proof back',
    8,
    `${RELEASE}/watched.ts`,
    'isRedSinceBefore(record, observation) ? { ...held, redBeforeAt: observation.at } : held',
    'isRedSinceBefore(record, observation) && record.sequence < 0 ? { ...held, redBeforeAt: observation.at } : held',
  ),
];

export const SEMANTIC_MUTANTS: readonly SemanticMutant[] = [
  ...SOURCE_MUTANTS,
  ...CLAIM_MUTANTS,
  ...ROLLBACK,
  ...STRATEGY,
  ...EVIDENCE,
  ...WORDS,
  ...ORDER,
  ...STARTS,
  ...SHIFT_MUTANTS,
  ...JUDGE_MUTANTS,
  ...FREEZE_MUTANTS,
  ...PROMOTION_MUTANTS,
];
