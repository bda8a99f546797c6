/** Plays one scene to its end: phase, event, the faults stop, a fix, rest. */

import { evidenceAgainst } from '../oracle/evidence.ts';
import type { Finding } from '../oracle/finding.ts';
import { describeFinding } from '../oracle/finding.ts';
import { wasTakenBackUnasked } from '../oracle/shares.ts';
import { nameOf } from '../oracle/truth.ts';
import { OutsideDeeds } from '../outside-deeds.ts';
import { followAdvice, mendRule } from './advice.ts';
import { type CourseName, courseOf } from './courses.ts';
import { MINUTE, Stage } from './scene.ts';
import { ALL_EVENTS, ALL_PHASES, type AnyEvent, type AnyPhase, settingsOf } from './tables.ts';
import { type IllName, illOf } from './troubles.ts';

export interface Scene {
  readonly phase: AnyPhase;
  /** Or a course: that is played in its own phase, with its own config. */
  readonly event: AnyEvent | CourseName;
  readonly ill: IllName;
}

export interface Played {
  /** The phase was never reached: nothing is said of it. */
  readonly reached: boolean;
  readonly broken: readonly string[];
  readonly checked: number;
  readonly log: readonly string[];
}

const SEED = 11;
/** With the event and the fault. */
const ILL_FOR_SECONDS = 20 * 60;
/** From the end of the faults to the fix. */
const CALM_SECONDS = 45 * 60;
/** A hold of thirty minutes, a rollout, a bake and its extension, and again. */
const FIX_RUNS_WITHIN_MINUTES = 150;

export function describeScene({ phase, event, ill }: Scene): string {
  return `${phase} / ${event} / ${ill}`;
}

export async function play(scene: Scene, { withLog = false } = {}): Promise<Played> {
  const course = courseOf(scene.event);
  const settings = { ...settingsOf(scene.phase), ...course?.settings };
  const stage = new Stage(SEED, withLog, settings, course?.configure, course?.hours);
  if (scene.phase !== 'not seen yet') {
    stage.introduce();
    await stage.until(() => stage.told('adopted') > 0, 10, 5);
  }
  const reached = await ALL_PHASES[scene.phase](stage);
  if (!reached) return { reached, broken: [], checked: 0, log: stage.lines };
  stage.engine.log(() => `scene: ${scene.phase} is reached`);
  begin(stage, scene.ill);
  const happen: (on: Stage) => Promise<void> | void =
    course?.happen ?? ALL_EVENTS[scene.event as AnyEvent];
  await happen(stage);
  if (/unheard/.test(scene.event)) {
    stage.truth.isOnlyBlind = false;
    stage.truth.isDeaf = true;
  }
  if (scene.phase === 'not seen yet') stage.introduce();
  await stage.pass(ILL_FOR_SECONDS);
  calm(stage);
  await stage.pass((stage.truth.quietFrom - stage.now) / 1000 + CALM_SECONDS);
  stage.oracle.whileCalm();
  // What is advised there is another commit: that is the fix.
  const waiting = stage.isOfCommits ? undefined : newestWaits(stage);
  const advice = stage.isOfCommits ? undefined : await followAdvice(stage);
  const fix = await pushFix(stage);
  const found = [waiting, advice, fix].filter((one) => one !== undefined).map(describeFinding);
  const all = [...stage.end().broken, ...found];
  const checked = stage.oracle.checked + stage.invariants.checked;
  return { reached, broken: all, checked, log: stage.lines };
}

function begin(stage: Stage, name: IllName): void {
  const { faults = {}, readLagMs = 0, troubles = [] } = illOf(name);
  stage.engine.faults = faults;
  stage.world.readLagMs = readLagMs;
  for (const { operation, kind, minutes } of troubles) {
    const from = stage.now;
    stage.engine.troubles.add({ operation, kind, from, to: from + minutes * MINUTE });
  }
  if (name !== 'none') stage.truth.faulty = true;
  stage.truth.isOnlyBlind =
    troubles.length > 0 && troubles.every(({ operation }) => /Alarm/.test(operation));
}

const MEND = { at: 0, do: 'mend-rule' } as const;

/** The faults stop, and people undo what would hold everything for good. */
function calm(stage: Stage): void {
  stage.engine.faults = {};
  stage.world.readLagMs = 0;
  stage.engine.loses = () => false;
  stage.truth.quietFrom = Math.max(stage.now, stage.engine.troubles.endAt());
  stage.engine.log(() => 'scene: the faults stop');
  const asked = (what: string) => stage.truth.trail.acts.some((act) => act.what === what);
  if (asked('hold')) stage.say({ do: 'resume' });
  if (asked('edit-rule')) new OutsideDeeds(stage.engine, stage.truth.trail).perform(MEND);
  if (asked('stop-all')) {
    stage.note('resume-all');
    stage.engine.stop = undefined;
  }
  if (asked('scale')) stage.scale(2);
}

/** Nobody said or did anything, all is calm: what was pushed last, and is good, runs. */
function newestWaits(stage: Stage): Finding | undefined {
  const { truth, now } = stage;
  const newest = stage.pushed.at(-1);
  const primary = truth.primary('production/web');
  if (newest === undefined || primary === undefined || truth.trail.acts.length > 0)
    return undefined;
  const isCalm = now > truth.quietFrom + 20 * MINUTE && truth.pushedAt(newest.digest) !== undefined;
  const alarm = stage.world.cloudwatch.alarms['web-5xx'];
  const isGreen = alarm?.state.value === 'OK' && alarm.state.transitionedAt < now - 30 * MINUTE;
  if (!newest.isGood || !isCalm || !isGreen) return undefined;
  const { digest, tag } = newest;
  const { web } = stage.engine.pipeline.targets;
  const runs = Object.values(truth.digestsOf(primary)).includes(digest);
  const stopped = web === undefined || evidenceAgainst(truth, web, digest).length > 0;
  if (runs || stopped || web.rules.mode === 'watch') return undefined;
  // Nobody blames it, and a person deploys it again.
  const back = truth.reigns('production/web').findLast(({ by }) => by === 'us');
  if (back !== undefined && wasTakenBackUnasked(back)) return undefined;
  const last = truth.trail.told.at(-1)?.announcement;
  // What failed was over before its traffic went back: a person decides.
  if (last?.because.startsWith('nobody can tell what it was:') === true) return undefined;
  // A permission does not come back by itself: a person was asked, and what was advised is followed.
  const failed = truth.trail.told.findLast(({ announcement: { kind } }) => kind === 'failed');
  if (/AccessDenied/.test(failed?.announcement.because ?? '')) return undefined;
  const facts = `${tag} does not, ${nameOf(primary)} does; told: ${last?.kind} ${last?.because}`;
  return { rule: '6. the newest good image runs', target: 'ecs/production/web', at: now, facts };
}

/** What a target must never lose: the way for a good image that is pushed when all is calm again. */
async function pushFix(stage: Stage): Promise<Finding | undefined> {
  const { web } = stage.engine.pipeline.targets;
  const isThere = stage.truth.primary('production/web') !== undefined;
  // The config may say that a release waits for a red alarm: then it does, and a person is asked.
  const alarm = stage.world.cloudwatch.alarms['web-5xx'];
  const digest = stage.pushFix();
  const at = stage.now;
  const runs = () => {
    const primary = stage.truth.primary('production/web') ?? '';
    const fix = digest();
    return fix !== undefined && Object.values(stage.truth.digestsOf(primary)).includes(fix);
  };
  const isHeld = web?.rules.whileAlarmRed === 'hold' && alarm?.state.value === 'ALARM';
  const expects = isThere && web?.rules.mode === 'act' && alarm !== undefined && !isHeld;
  const done = await stage.until(
    () => {
      // What holds it may be told only now.
      mendRule(stage);
      const last = stage.truth.reigns('production/web').at(-1);
      return runs() && last?.deployment.status === 'SUCCESSFUL';
    },
    expects ? FIX_RUNS_WITHIN_MINUTES : 30,
    30,
  );
  await stage.pass(25 * 60);
  // Whoever has something in hand at that moment ends it.
  await stage.until(() => !stage.owes, 1);
  if (done || !expects) return undefined;
  const primary = nameOf(stage.truth.primary('production/web') ?? 'nothing');
  const last = stage.truth.trail.told.at(-1)?.announcement;
  const facts = `it waits since ${new Date(at).toISOString()}, ${primary} runs; told: ${last?.kind} ${last?.because}`;
  return { rule: '6. a fix runs in the end', target: 'ecs/production/web', at, facts };
}
