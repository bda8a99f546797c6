/**
 * The oracle: judges by the world's truth, never by our own record. It watches what leaves our code
 * (calls, announcements, items of the quarantine) and reads everything else off the model.
 */
import type { Pipeline } from '../../../shared/config/config.ts';
import type { Announcement } from '../../../shared/core/model/announcement.ts';
import type { QuarantineChange } from '../../../shared/core/model/record/outbox.ts';
import type { SourceAnnouncement } from '../../../shared/core/source/announcement.ts';
import type { CallMade, Engine } from '../engine.ts';
import type { Asked } from '../hook.ts';
import { judgeAnnouncement } from './announced.ts';
import { judgeBuilds, judgeHeads } from './builds.ts';
import { judgeCall, judgeMode } from './calls.ts';
import { judgeClaims, judgeClaimTold } from './claims.ts';
import { evidenceAgainst } from './evidence.ts';
import type { Finding, Rule } from './finding.ts';
import { judgeBlame, judgeJudged } from './judge/blame.ts';
import { noteMinute } from './judge/counts.ts';
import { judgeCounts } from './judge/told.ts';
import { judgeComes } from './promoted.ts';
import { judgeQuarantinedRuns, judgeRest } from './rest.ts';
import { judgeGivenUp, judgeReturn, judgeWord } from './returning.ts';
import { judgeAnswer, judgeShifts, judgeTraffic } from './shifting.ts';
import { judgeStaying } from './staying.ts';
import { MINUTE, Truth } from './truth.ts';
import { judgeWhole } from './whole.ts';

export class Oracle {
  readonly findings: Finding[] = [];
  readonly #engine: Engine;
  readonly truth: Truth;
  checked = 0;
  /** Of whose bakes the trail knows. */
  #noted: Pipeline | undefined;

  constructor(engine: Engine, begin: number) {
    this.#engine = engine;
    this.truth = new Truth(engine.world, () => engine.pipeline);
    this.truth.begin = begin;
    this.truth.faulty = Object.keys(engine.faults).length > 0;
    this.truth.ordersByPush = this.truth
      .targets()
      .every(({ tagRules }) => Object.values(tagRules).every(({ newer }) => newer === 'push-time'));
  }

  /** Notes what ECS forgets after an hour, each minute. */
  watch(from: number, until: number): void {
    for (let at = from; at < until; at += MINUTE) {
      this.#engine.agenda.plan(at, () => {
        this.truth.trail.noteFailedTasks(this.truth.world);
        noteMinute(this.truth.trail, this.truth.world);
        this.#noteBakes();
      });
    }
  }

  #noteBakes(): void {
    const { pipeline } = this.#engine;
    // A config never changes: another one takes its place.
    if (pipeline === this.#noted) return;
    this.#noted = pipeline;
    const { bakes } = this.truth.trail;
    for (const { key, rules } of this.truth.targets()) {
      const { bakeMinutes: minutes, alarms } = rules;
      const before = bakes.findLast((one) => one.key === key);
      if (before?.minutes === minutes && before.alarms.join() === alarms.join()) continue;
      bakes.push({ at: this.truth.now, key, minutes, alarms });
    }
  }

  #sayOf(target: string) {
    this.checked++;
    return (rule: Rule, facts: string) => {
      const at = this.truth.now;
      if (!this.findings.some((one) => one.rule === rule && one.target === target)) {
        this.findings.push({ rule, target, at, facts });
      }
    };
  }

  called(call: CallMade): void {
    if (call.operation === 'GetMetricData') this.truth.trail.metricReads.push(call.at);
    if (call.service !== 'ecs' || /^(Describe|List)/.test(call.operation)) return;
    this.#noteBakes();
    this.truth.trail.calls.push(call);
    judgeCall(call, this.truth, this.#sayOf(call.target));
  }

  /** In watch mode its rights would not do it either: it must not even be tried. */
  refused(call: CallMade): void {
    if (call.service === 'ecs') judgeMode(call, this.truth, this.#sayOf(call.target));
  }

  announced(announcement: Announcement): void {
    this.truth.trail.noteFailedTasks(this.truth.world);
    this.truth.trail.told.push({ at: this.truth.now, announcement });
    const say = this.#sayOf(announcement.key);
    judgeAnnouncement(announcement, this.truth, say);
    judgeTraffic(announcement, this.truth, say);
    judgeCounts(announcement, this.truth, say);
    if (announcement.kind === 'rolled-back') judgeReturn(announcement, this.truth, say);
    if (announcement.kind === 'needs-attention') judgeGivenUp(announcement, this.truth, say);
  }

  /** What ECS is told that asked. */
  asked(asked: Asked): void {
    this.truth.trail.noteFailedTasks(this.truth.world);
    this.truth.trail.asked.push(asked);
    judgeAnswer(asked, this.truth, this.#sayOf(`the hook at ${asked.stage}`));
  }

  announcedOfSource(announcement: SourceAnnouncement): void {
    this.truth.trail.ofSources.push(announcement);
    judgeClaimTold(announcement, this.truth, this.#sayOf(announcement.key));
  }

  quarantined(key: string, change: QuarantineChange): void {
    const { trail, now } = this.truth;
    const because = change.change === 'added' ? change.because : '';
    trail.quarantine.push({ at: now, key, digest: change.digest, change: change.change, because });
    const target = this.truth.target(key);
    if (change.change === 'lifted' || target === undefined) return;
    trail.noteFailedTasks(this.truth.world);
    const evidence = evidenceAgainst(this.truth, target, change.digest);
    const blamed = { digest: change.digest, because, evidence };
    judgeBlame(this.truth, target, blamed, this.#sayOf(key));
    if (evidence.length > 0) {
      const byWord = evidence.every(({ source }) => source === 'person');
      if (byWord) judgeWord(this.truth, target, change.digest, this.#sayOf(key));
      return;
    }
    this.#sayOf(key)(
      '5. what no evidence speaks against is never quarantined',
      `${change.digest.slice(7, 15)}: ${because}`,
    );
  }

  /** All is calm, and nobody mends anything: what is wrong now was told. */
  whileCalm(): void {
    for (const { repository } of this.truth.sources()) {
      judgeHeads(this.truth, this.#sayOf(`git/${repository}`));
      judgeClaims(this.truth, this.#sayOf(`git/${repository}`));
    }
    for (const target of this.truth.targets()) {
      judgeQuarantinedRuns(this.truth, target, this.#sayOf(target.key));
    }
  }

  /** The world is at rest, hours after the last fault. */
  atRest(): void {
    this.truth.trail.noteFailedTasks(this.truth.world);
    for (const { repository } of this.truth.sources()) {
      judgeBuilds(this.truth, this.#sayOf(`git/${repository}`));
      judgeClaims(this.truth, this.#sayOf(`git/${repository}`));
    }
    for (const target of this.truth.targets()) {
      const say = this.#sayOf(target.key);
      judgeStaying(this.truth, target, say);
      judgeShifts(this.truth, target, say);
      judgeWhole(this.truth, target, say);
      judgeJudged(this.truth, target, say);
      judgeRest(this.truth, target, say);
      judgeComes(this.truth, target, say);
    }
  }
}
