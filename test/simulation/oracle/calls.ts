/** Rules about the calls that change AWS, judged at the moment of each, by the world as it is then. */
import type { Target } from '../../../shared/config/config.ts';
import type { CallMade } from '../engine.ts';
import { judgeCommits } from './commits.ts';
import { judgeDefinition, judgeOwner } from './definitions.ts';
import { judgeClearing, judgeEligible } from './eligible.ts';
import type { Rule } from './finding.ts';
import { judgeFrozen } from './frozen.ts';
import { judgePromoted } from './promoted.ts';
import { judgeWayBack } from './shifting.ts';
import { MINUTE, nameOf, patience, type Reign, TASK_FAILURES_LEAST, type Truth } from './truth.ts';

type Say = (rule: Rule, facts: string) => void;

interface Update {
  readonly taskDefinition: string;
  readonly deploymentConfiguration?: {
    readonly deploymentCircuitBreaker?: { readonly rollback?: boolean };
    readonly alarms?: { readonly enable?: boolean; readonly rollback?: boolean };
  };
}

const CHANGING: readonly string[] = [
  'UpdateService',
  'RegisterTaskDefinition',
  'StopServiceDeployment',
];

/** So long a call that changes AWS is waited for: its answer must come before Lambda ends the handler. */
const WRITE_TAKES_MS = 8_000;

export function judgeCall(call: CallMade, truth: Truth, say: Say): void {
  const target = truth.target(call.target);
  const { operation } = call;
  if (call.service !== 'ecs' || !CHANGING.includes(operation)) return;
  judgeMode(call, truth, say);
  if (target === undefined) return;
  if (operation !== 'RegisterTaskDefinition' && call.after !== undefined) {
    if (call.after !== 'version') {
      say(
        '1. whoever changes AWS has just seen that the record is still its own',
        `${operation} after ${call.after}`,
      );
    }
  }
  if (call.leftMs !== undefined && call.leftMs < WRITE_TAKES_MS) {
    say('1. no call is begun that the end of its time would cut', `${call.leftMs} ms were left`);
  }
  if (operation === 'UpdateService') judgeUpdate(call, truth, say);
  if (operation === 'StopServiceDeployment') judgeStop(call, truth, say);
}

/** A little less than the minute after which it is asked for again. */
const STOPS_APART_MS = 50_000;

/** Who asks again at once has not heard that ECS was asked. A handler that is paused calls late. */
function judgeStop(call: CallMade, { trail }: Truth, say: Say): void {
  const { serviceDeploymentArn } = call.input as { readonly serviceDeploymentArn?: string };
  const before = trail.calls.findLast(
    ({ operation, input }, index) =>
      operation === 'StopServiceDeployment' &&
      index < trail.calls.length - 1 &&
      (input as { serviceDeploymentArn?: string }).serviceDeploymentArn === serviceDeploymentArn,
  );
  if (before === undefined || call.at >= before.at + STOPS_APART_MS) return;
  const isPaused = (call.beganAt ?? call.at) < call.at - PROMPTLY_MS;
  const wasPaused = (before.beganAt ?? before.at) < before.at - PROMPTLY_MS;
  if (isPaused || wasPaused) return;
  const seconds = Math.round((call.at - before.at) / 1_000);
  say('1. ECS is asked once a minute to stop', `again ${seconds} s after the last time`);
}

/** A handler that nothing holds up comes to its call within this time. */
const PROMPTLY_MS = 5_000;

/** Whether AWS took it or not. */
export function judgeMode(call: CallMade, truth: Truth, say: Say): void {
  if (!CHANGING.includes(call.operation)) return;
  const target = truth.target(call.target);
  const changed = lastAct(truth, call.target, ['retire', 'reconfigure', 'create']);
  const settledConfig =
    (changed === undefined || changed < truth.now - patience(truth)) &&
    truth.now > truth.trail.overlapsUntil;
  if ((target === undefined || target.rules.mode === 'watch') && settledConfig) {
    say('10. nothing is changed in watch mode, or without the config', call.operation);
  }
}

function lastAct(truth: Truth, key: string, what: readonly string[]): number | undefined {
  const id = key.slice(key.lastIndexOf('/') + 1);
  return truth.trail.acts.findLast((act) => act.target === id && what.includes(act.what))?.at;
}

function judgeUpdate(call: CallMade, truth: Truth, say: Say): void {
  const target = truth.target(call.target);
  if (target === undefined) return;
  const service = call.target.slice('ecs/'.length);
  const { taskDefinition, deploymentConfiguration } = call.input as Update;
  const reigns = truth.reigns(service);
  const before = reigns.findLast(({ from }) => from < call.at);
  const succeeded = reigns.some(
    (reign) =>
      reign.from < call.at &&
      reign.taskDefinition === taskDefinition &&
      reign.by !== 'ecs' &&
      reign.deployment.status === 'SUCCESSFUL',
  );
  const copied = isCopy(truth, taskDefinition);
  const back = succeeded || copied;
  const since = truth.now - patience(truth);
  const quarantined = Object.values(truth.digestsOf(taskDefinition)).filter((digest) =>
    wasQuarantined(truth, call.target, digest, since),
  );
  if (quarantined.length > 0) {
    say('2. no quarantined digest is started', `${nameOf(taskDefinition)} has ${quarantined}`);
  }
  if (isRepeated(call, truth)) return;
  const breaker = deploymentConfiguration?.deploymentCircuitBreaker;
  const alarms = deploymentConfiguration?.alarms;
  const ecsReturns = breaker?.rollback === true || alarms?.rollback === true;
  const proven = truth.proven(service, target);
  if (back) {
    const provenDigests = [...proven.keys()].map((one) => JSON.stringify(truth.digestsOf(one)));
    const stands =
      proven.has(taskDefinition) ||
      (copied && provenDigests.includes(JSON.stringify(truth.digestsOf(taskDefinition))));
    if (!stands && !wordSaid(truth, target.id, 'deploy', since)) {
      say(
        '4. a rollback goes to what the world proves',
        `${nameOf(taskDefinition)}; proven are ${[...proven.keys()].map(nameOf)}`,
      );
    }
    if (ecsReturns || alarms?.enable === true) {
      say('4. a rollback is not undone by ECS', JSON.stringify({ breaker, alarms }));
    }
    judgeWayBack(call, target, say);
  } else {
    judgeForward(call, truth, say, since);
    const ran = reigns.filter(({ from }) => from < call.at).map((reign) => reign.taskDefinition);
    judgeEligible(target, taskDefinition, ran, truth, say);
    judgePromoted(call, { taskDefinition, ranBefore: ran }, truth, say);
    judgeClearing(target, taskDefinition, since, truth, say);
    const goal = reigns.findLast(
      (reign) =>
        reign.from < call.at && reign.by !== 'ecs' && reign.deployment.status === 'SUCCESSFUL',
    );
    // A shift that ends without a way back would leave the traffic split.
    const isShift = target.rules.strategy !== undefined;
    if (ecsReturns && !isShift && goal !== undefined && proven.size > 0) {
      if (!proven.has(goal.taskDefinition) && !provenByCopy(truth, goal, proven)) {
        say('4. ECS may return only to what the world proves', nameOf(goal.taskDefinition));
      }
    }
  }
  const again = truth.trail.calls.find((other) => other !== call && isSame(other, call));
  const isTheirs = before !== undefined && (back || before.from > (again?.at ?? Infinity));
  if (isTheirs) judgeFight(before, call, truth, say, since);
}

/** We asked for the same before. */
function isSame(other: CallMade, call: CallMade): boolean {
  return (
    other.operation === call.operation &&
    other.target === call.target &&
    (other.input as Update).taskDefinition === (call.input as Update).taskDefinition
  );
}

/** A handler was paused, and its call lands once more: it decides nothing. */
function isRepeated(call: CallMade, { trail, now, faulty }: Truth): boolean {
  if (!faulty) return false;
  const input = JSON.stringify(call.input);
  return trail.calls.some(
    (other) =>
      other !== call &&
      other.operation === call.operation &&
      other.target === call.target &&
      other.at > now - 10 * MINUTE &&
      JSON.stringify(other.input) === input,
  );
}

/** Of a revision that names a tag, a copy with digests is registered. */
function isCopy(truth: Truth, taskDefinition: string): boolean {
  const number = Number(nameOf(taskDefinition).split(':')[1]);
  const family = nameOf(taskDefinition).split(':')[0] ?? '';
  const definition = truth.world.ecs.families[family]?.find((one) => one.revision === number);
  return definition?.tags.some(({ value }) => /\/return-\d/.test(value ?? '')) ?? false;
}

function provenByCopy(truth: Truth, goal: Reign, proven: ReadonlyMap<string, number>): boolean {
  const digests = JSON.stringify(truth.digestsOf(goal.taskDefinition));
  return [...proven.keys()].some((one) => JSON.stringify(truth.digestsOf(one)) === digests);
}

function wasQuarantined(truth: Truth, key: string, digest: string, at: number): boolean {
  const notes = truth.trail.quarantine.filter((one) => one.key === key && one.digest === digest);
  const newest = notes.at(-1);
  return newest?.change === 'added' && newest.at < at;
}

function wordSaid(truth: Truth, target: string, what: string, since: number): boolean {
  return truth.trail.acts.some(
    (act) => act.target === target && act.what === what && act.at >= since - 60 * MINUTE,
  );
}

/** A new release begins: nobody may hold it, and nothing newer may have started before. */
function judgeForward(call: CallMade, truth: Truth, say: Say, since: number): void {
  const target = truth.target(call.target);
  if (target === undefined) return;
  const { taskDefinition } = call.input as Update;
  const hold = truth.trail.acts.findLast(
    (act) => act.target === target.id && (act.what === 'hold' || act.what === 'resume'),
  );
  if (hold?.what === 'hold' && hold.at < since) {
    say('10. nothing is changed while a person holds the target', `held since ${hold.at}`);
  }
  const stop = truth.trail.acts.findLast(
    (act) => act.what === 'stop-all' || act.what === 'resume-all',
  );
  if (stop?.what === 'stop-all' && stop.at < Math.min(since, truth.now - 35_000)) {
    say('10. nothing is changed while the account is stopped', `stopped since ${stop.at}`);
  }
  judgeFrozen(call, taskDefinition, truth, say);
  judgeTurn(call, truth, say, since);
  judgeLifted(call, truth, say);
  judgeTheirs(call, truth, say, since);
  const before = truth
    .reigns(call.target.slice('ecs/'.length))
    .findLast(({ from }) => from < since);
  judgeCommits(call, { ran: before?.taskDefinition, comes: taskDefinition, since }, truth, say);
  judgeDefinition(call, taskDefinition, truth, say);
  judgeOwner(call, before?.taskDefinition, truth, say);
  if (truth.ordersByPush) judgeOrder(call, truth, say, since, taskDefinition);
}

/** A person chose an image: what ran before that, and is not newer, comes back by a person's word only. */
function judgeTurn(call: CallMade, truth: Truth, say: Say, since: number): void {
  const target = truth.target(call.target);
  if (target === undefined) return;
  const word = truth.trail.acts.findLast(
    ({ target: id, what, at }) =>
      id === target.id && what !== 'hold' && what !== 'resume' && at < since,
  );
  if (word?.what !== 'deploy' || word.of === undefined) return;
  const reigns = truth.reigns(call.target.slice('ecs/'.length));
  const chosen = reigns.find(
    ({ taskDefinition, from, by }) =>
      by === 'us' && from >= word.at && holds(truth, taskDefinition, word.of ?? ''),
  );
  if (chosen === undefined) return;
  const { taskDefinition } = call.input as Update;
  const beside = truth.digestsOf(chosen.taskDefinition);
  for (const [container, digest] of Object.entries(truth.digestsOf(taskDefinition))) {
    // What came with it, and was sent back, made way for what ran before.
    if (wasQuarantined(truth, call.target, beside[container] ?? '', call.at)) continue;
    const hadItsTurn = reigns.some(
      (reign) => reign.from < word.at && holds(truth, reign.taskDefinition, digest),
    );
    if (digest === word.of || !hadItsTurn || holds(truth, chosen.taskDefinition, digest)) continue;
    say(
      '7. what a person deployed is not replaced by what had its turn',
      `${nameOf(taskDefinition)} over ${nameOf(chosen.taskDefinition)}`,
    );
  }
}

/** Its quarantine is lifted: a push starts it then, or a person, and never a sweep. */
function judgeLifted(call: CallMade, truth: Truth, say: Say): void {
  // An event of its first push may still be on its way.
  if (truth.faulty) return;
  const { taskDefinition } = call.input as Update;
  const runs = truth
    .reigns(call.target.slice('ecs/'.length))
    .findLast(({ from }) => from < call.at);
  for (const digest of Object.values(truth.digestsOf(taskDefinition))) {
    const note = truth.trail.quarantine.findLast(
      (one) => one.key === call.target && one.digest === digest,
    );
    if (note?.change !== 'lifted' || holds(truth, runs?.taskDefinition ?? '', digest)) continue;
    const meant = truth.trail.acts.some(
      ({ at, what, of }) =>
        at > note.at - 10 * MINUTE && of === digest && (what === 'deploy' || what === 'push-again'),
    );
    if (!meant) say('7. what a person lifts does not start by itself', nameOf(taskDefinition));
  }
}

function holds(truth: Truth, taskDefinition: string, digest: string): boolean {
  return Object.values(truth.digestsOf(taskDefinition)).includes(digest);
}

/** Who begins so long after it was made has it before its eyes. */
const SEEN_AFTER_MS = 10_000;

/** Somebody's own rollout has the time of one of ours, unless it has failed: then a newer push is what is advised. */
function judgeTheirs(call: CallMade, truth: Truth, say: Say, since: number): void {
  const target = truth.target(call.target);
  const theirs = truth
    .reigns(call.target.slice('ecs/'.length))
    .findLast(({ from }) => from < call.at);
  if (target === undefined || theirs?.by !== 'somebody') return;
  // Reads lag by seconds, and what a handler does with its look takes some.
  const hasSeen = (call.beganAt ?? 0) > theirs.from + SEEN_AFTER_MS;
  if (theirs.from > since && !hasSeen) return;
  const { createdAt, finishedAt = Infinity } = theirs.deployment;
  const isLong = call.at > createdAt + target.rules.rolloutMinutes * MINUTE;
  // Our own call has ended it, at the moment when it is judged.
  if (finishedAt < call.at || isLong || wordSaid(truth, target.id, 'deploy', since)) return;
  if (hasFailed(theirs, target, truth) || wasCondemned(truth, call.target, theirs)) return;
  say(
    '10. what somebody else deploys is waited for',
    `${nameOf(theirs.taskDefinition)} is in flight`,
  );
}

function hasFailed(reign: Reign, target: Target, truth: Truth): boolean {
  const { deployment, taskDefinition, from } = reign;
  truth.trail.noteFailedTasks(truth.world);
  const failed = truth.failures(deployment.service, taskDefinition).filter(({ at }) => at >= from);
  return (
    failed.length >= (target.rules.maxTaskFailures ?? TASK_FAILURES_LEAST) ||
    truth.risesAgainst(reign, target, truth.now).length > 0
  );
}

/** Nothing could replace that release of ours, and somebody has it run again: its fix does not wait for it. */
function wasCondemned(truth: Truth, key: string, { taskDefinition, from }: Reign): boolean {
  const wasOurs = truth
    .reigns(key.slice('ecs/'.length))
    .some((one) => one.by === 'us' && one.taskDefinition === taskDefinition && one.from < from);
  const isBad = Object.values(truth.digestsOf(taskDefinition)).some(
    (digest) =>
      truth.trail.quarantine.findLast((note) => note.key === key && note.digest === digest)
        ?.change === 'added',
  );
  return wasOurs && isBad;
}

function judgeOrder(
  call: CallMade,
  truth: Truth,
  say: Say,
  since: number,
  taskDefinition: string,
): void {
  const target = truth.target(call.target);
  if (target === undefined) return;
  for (const [container, digest] of Object.entries(truth.digestsOf(taskDefinition))) {
    const pushedAt = truth.pushedAt(digest);
    const byHand = truth.trail.acts.some(
      ({ what, of }) => (what === 'deploy' || what === 'unquarantine') && of === digest,
    );
    if (pushedAt === undefined || byHand || target.rules.containers[container] === undefined) {
      continue;
    }
    const newer = truth.trail.calls.find((other) => {
      if (other.operation !== 'UpdateService' || other.target !== call.target) return false;
      if (other.at > since) return false;
      const its = truth.digestsOf((other.input as Update).taskDefinition)[container];
      const wasOffered = truth.trail.acts.every(({ what, of }) => what !== 'deploy' || of !== its);
      return its !== undefined && wasOffered && (truth.pushedAt(its) ?? 0) > pushedAt + 999;
    });
    const reigns = truth.reigns(call.target.slice(4));
    const now = reigns.findLast(({ from }) => from < call.at);
    if (now !== undefined && truth.digestsOf(now.taskDefinition)[container] === digest) continue;
    const before = reigns.findLast(({ from }) => from < since);
    const runs =
      before === undefined ? undefined : truth.digestsOf(before.taskDefinition)[container];
    if (runs === digest) continue;
    // It still runs: what a person had go meanwhile is replaced by nobody.
    const isTheirs = before?.by === 'somebody' && before.taskDefinition === now?.taskDefinition;
    if (isTheirs && runs !== undefined && (truth.pushedAt(runs) ?? 0) > pushedAt + 999) {
      say(
        '7. an older push never replaces a newer one',
        `${container} gets ${digest.slice(7, 15)}, which was pushed before what somebody deployed`,
      );
    }
    if (newer !== undefined) {
      say(
        '7. an older push never replaces a newer one',
        `${container} gets ${digest.slice(7, 15)} of ${new Date(pushedAt).toISOString()} after ${nameOf((newer.input as Update).taskDefinition)}`,
      );
    }
  }
}

/** We put back what we had, over somebody's own deployment. */
function judgeFight(before: Reign, call: CallMade, truth: Truth, say: Say, since: number): void {
  const target = truth.target(call.target);
  if (target === undefined || before.by !== 'somebody') return;
  // Whoever began after it, in a world without faults, has seen it.
  const hasSeen = !truth.faulty && (call.beganAt ?? 0) > before.from;
  if (before.from > since && !hasSeen) return;
  const { taskDefinition } = call.input as Update;
  if (before.taskDefinition === taskDefinition) return;
  // A forced deployment of our own release stays ours to judge.
  const ours = truth
    .reigns(call.target.slice('ecs/'.length))
    .some((reign) => reign.by === 'us' && reign.taskDefinition === before.taskDefinition);
  if (ours) return;
  const asked = truth.trail.acts.some(
    (act) =>
      act.target === target.id &&
      (act.what === 'rollback' || act.what === 'deploy') &&
      act.at >= before.from,
  );
  if (!asked) {
    say(
      '10. what somebody else deployed is never fought',
      `${nameOf(taskDefinition)} over ${nameOf(before.taskDefinition)}`,
    );
  }
}
