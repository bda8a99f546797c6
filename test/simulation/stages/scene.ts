/**
 * One scene: be in this phase, then this happens, under this fault; later the faults stop, a fix is
 * pushed, and it must run. Phases are recognised by the world and by our calls, not by our record.
 */

import type { BuildPlan } from '@slipway/local-cloud/codebuild/state.ts';
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { signImage } from '@slipway/local-cloud/ecr/cosign.ts';
import { type Push, pushImage } from '@slipway/local-cloud/ecr/images.ts';
import type { Pipeline } from '../../../shared/config/config.ts';
import type { Announcement } from '../../../shared/core/model/announcement.ts';
import { defined } from '../../../shared/core/model/defined.ts';
import { chanceOf } from '../chance.ts';
import { pushClaim } from '../ci-deeds.ts';
import { Engine } from '../engine.ts';
import { GitDeeds } from '../git-deeds.ts';
import { Invariants } from '../invariants.ts';
import { headImage } from '../oracle/commits.ts';
import { describeFinding, type Finding } from '../oracle/finding.ts';
import { Oracle } from '../oracle/oracle.ts';
import type { Act, Claimed } from '../oracle/trail.ts';
import {
  BEGIN,
  DEFINITION,
  type Gate,
  type GitImages,
  pipelineOf,
  type Settings,
  setStage,
} from '../stage.ts';
import type { CiImageDeed } from '../story.ts';
import { planTicks } from '../ticks.ts';

const SECOND = 1_000;
export const MINUTE = 60_000;
/** A scene lasts so long at most, unless it says otherwise. */
const HOURS = 14;

const SCENE_SETTINGS: Settings = {
  bakeMinutes: 3,
  maxTaskFailures: 3,
  whileAlarmRed: 'hold',
  afterHold: 'ask',
  breaker: true,
  desired: 2,
};

export interface Pushed {
  readonly digest: string;
  readonly tag: string;
  readonly behaviour: Behaviour;
  /** Nothing is wrong with it, and what the config asks of an image it has, or gets. */
  readonly isGood: boolean;
}

/** One service, its alarm, and a hand on everything. */
export class Stage {
  readonly engine: Engine;
  readonly oracle: Oracle;
  readonly invariants = new Invariants();
  readonly pushed: Pushed[] = [];
  readonly lines: string[] = [];
  readonly #gate: Gate | undefined;
  readonly #git: GitImages | undefined;
  readonly #hasDefinition: boolean;
  readonly hasSidecar: boolean;
  readonly #end: number;
  #isIntroduced = false;
  #words = 0;
  #sidecars = 0;

  constructor(
    seed: number,
    withLog = false,
    own: Partial<Settings> = {},
    configure: (pipeline: Pipeline) => Pipeline = (pipeline) => pipeline,
    hours = HOURS,
  ) {
    this.#end = BEGIN + hours * 60 * MINUTE;
    const settings = { ...SCENE_SETTINGS, ...own };
    this.#gate = settings.gate;
    this.hasSidecar = settings.sidecar === true;
    this.#git = settings.git;
    this.#hasDefinition = settings.hasDefinition === true;
    const pipeline = configure(onlyWeb(pipelineOf(settings)));
    const world = setStage(seed, settings, pipeline, ['web']);
    this.engine = new Engine({
      world,
      pipeline,
      chance: chanceOf(seed ^ 0x5eed),
      faults: {},
      watcher: {
        called: (call, on) => {
          this.invariants.called(call, on);
          this.oracle.called(call);
        },
        refused: (call) => this.oracle.refused(call),
        saved: (record, before, on) => this.invariants.saved(record, before, on),
        failed: (error, envelope) => this.invariants.failed(error, envelope),
        settled: (envelope, decisions) => this.invariants.settled(envelope, decisions),
        announced: (one, on) => {
          this.invariants.announced(one, on);
          this.oracle.announced(one);
        },
        quarantined: (key, change) => this.oracle.quarantined(key, change),
        asked: (asked) => this.oracle.asked(asked),
        announcedOfSource: (announcement) => this.oracle.announcedOfSource(announcement),
      },
      ...(withLog ? { onLog: (line: string) => this.lines.push(line) } : {}),
    });
    this.oracle = new Oracle(this.engine, BEGIN);
    this.oracle.watch(BEGIN, this.#end);
    const base = Object.values(world.ecr.repositories['shop/web']?.images ?? {})[0];
    if (base !== undefined)
      this.pushed.push({
        digest: base.digest,
        tag: 'main-0',
        behaviour: {},
        isGood: this.#gate !== 'signature',
      });
  }

  get world() {
    return this.engine.world;
  }

  get now(): number {
    return this.world.now;
  }

  get truth() {
    return this.oracle.truth;
  }

  /** Slipway is there: `tick` finds a target without a record. */
  introduce(): void {
    if (this.#isIntroduced) return;
    this.#isIntroduced = true;
    planTicks(this.engine, this.now, this.#end);
  }

  async pass(seconds: number): Promise<void> {
    await this.engine.run(this.now + seconds * SECOND);
  }

  /** Until it is so, looked at each second; false: it never was within that time. */
  async until(holds: () => boolean, minutesMax: number, stepSeconds = 1): Promise<boolean> {
    const end = this.now + minutesMax * MINUTE;
    while (this.now < end) {
      if (holds()) return true;
      await this.pass(stepSeconds);
    }
    return holds();
  }

  told(kind: Announcement['kind']): number {
    return this.truth.trail.told.filter(({ announcement }) => announcement.kind === kind).length;
  }

  calls(operation: string): number {
    return this.truth.trail.calls.filter((call) => call.operation === operation).length;
  }

  /** Our newest service deployment, or anybody's. */
  deployment() {
    return this.truth.reigns('production/web').findLast(({ by }) => by !== 'ecs')?.deployment;
  }

  /** Good by its scan and signed, where the config asks for that, unless `plan` says otherwise. */
  push(
    behaviour: Behaviour = {},
    tag = `main-${this.pushed.length}`,
    plan: Partial<Push> = { signed: this.#gate === 'signature' },
  ): Pushed {
    const digest = pushImage(this.world, { repository: 'shop/web', tag, behaviour, ...plan });
    const isSound = Object.keys(behaviour).every((name) => name === 'startSeconds');
    const isLetThrough = this.#gate !== 'scan' || (!plan.findings && !plan.scan);
    const isSigned = this.#gate !== 'signature' || plan.signed === true;
    const isGood = isSound && isLetThrough && isSigned;
    const pushed = { digest, tag, behaviour, isGood };
    this.pushed.push(pushed);
    this.engine.log(() => `scene: push ${tag} ${JSON.stringify(behaviour)}`);
    return pushed;
  }

  /** Where images are built from commits, the digest is known when its build has ended. */
  get isBuilt(): boolean {
    return this.#git === 'built';
  }

  /** What others build is a fix only of a newer commit. */
  get isOfCommits(): boolean {
    return this.isBuilt || this.#git === 'elsewhere';
  }

  /** Somebody's CI. */
  ci(deed: Omit<CiImageDeed, 'do'> & Pick<Push, 'digest'>): Claimed {
    const claimed = pushClaim(this.engine, this.truth.trail, { do: 'ci-image', ...deed });
    if (claimed === undefined) throw new Error(`there is no commit of ${deed.of}`);
    return claimed;
  }

  commit(branch: string, build: BuildPlan = {}, forced = false): void {
    const git = new GitDeeds(this.engine, this.truth.trail);
    git.perform({ do: 'commit', branch, build, forced });
  }

  /** A commit of `main` that changes the task definition as well. */
  define(text: string): void {
    const git = new GitDeeds(this.engine, this.truth.trail);
    git.perform({ do: 'commit', branch: 'main', build: {}, files: { [DEFINITION]: text } });
  }

  /** A good image that nobody can object to; what it answers tells the digest, as soon as there is one. */
  pushFix(): () => string | undefined {
    if (this.isBuilt) {
      this.commit('main', { seconds: 20 });
      return () => headImage(this.truth)?.digest;
    }
    if (this.#git === 'elsewhere') {
      if (this.#hasDefinition) this.define(definitionOf('20'));
      else this.commit('main');
      const { digest } = this.ci({ of: 'head', says: 'label' });
      return () => digest;
    }
    const { digest } = this.push();
    if (this.hasSidecar) this.pushSidecar();
    return () => digest;
  }

  /** Of the container beside. */
  pushSidecar(behaviour: Behaviour = {}): string {
    const tag = `main-${++this.#sidecars}`;
    const digest = pushImage(this.world, { repository: 'shop/sidecar', tag, behaviour });
    this.engine.log(() => `scene: push sidecar ${tag} ${JSON.stringify(behaviour)}`);
    return digest;
  }

  /** What somebody pushed without it is signed afterwards. */
  sign(): void {
    for (const [i, one] of this.pushed.entries()) {
      if (one.isGood || this.#gate !== 'signature') continue;
      signImage(this.world, { repository: 'shop/web', digest: one.digest });
      this.pushed[i] = { ...one, isGood: Object.keys(one.behaviour).length === 0 };
    }
  }

  note(what: Act['what'], of?: string, leaves?: string): void {
    this.truth.trail.acts.push(defined({ at: this.now, target: 'web', what, of, leaves }));
    this.engine.log(() => `scene: ${what} ${of ?? ''}`);
  }

  scale(desired: number): void {
    this.note('scale', `${desired}`);
    this.ecs('UpdateService', { service: 'web', desiredCount: desired });
  }

  ecs(operation: string, input: object): unknown {
    return this.engine.asSomebody('ecs', operation, { cluster: 'production', ...input });
  }

  alarm(state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA'): void {
    this.engine.log(() => `scene: web-5xx is ${state}`);
    this.engine.asSomebody('monitoring', 'SetAlarmState', {
      AlarmName: 'web-5xx',
      StateValue: state,
      StateReason: 'somebody set it',
    });
  }

  /** A person's word; `id` again: the same message delivered once more. */
  say(ask: { readonly do: Act['what'] } & Record<string, unknown>, id = `word-${++this.#words}`) {
    const images = ask.images as { app?: { digest: string } } | undefined;
    const of = images?.app?.digest ?? (ask.digest as string) ?? (ask.to as string);
    this.note(ask.do, of, ask.leaves as string | undefined);
    this.deliver(ask, id);
  }

  deliver(command: object, id: string, saidAt = this.now, by = 'ana'): void {
    this.engine.send(
      'ecs/production/web',
      {
        type: 'CommandReceived',
        by,
        because: 'the scene says so',
        saidAt,
        command,
      } as never,
      { id, source: 'slipway.person', detailType: 'Operator Asked' },
    );
  }

  reconfigure(change: (pipeline: Pipeline) => Pipeline): void {
    this.note('reconfigure');
    this.engine.pipeline = change(this.engine.pipeline);
  }

  /** Is a decision saved whose announcements or entries are on their way? */
  get owes(): boolean {
    return [...this.engine.records.values()].some(({ record: { outbox } }) =>
      Object.values(outbox).some((owed) => owed.length > 0),
    );
  }

  end(): { readonly broken: readonly string[]; readonly findings: readonly Finding[] } {
    this.oracle.atRest();
    this.invariants.settledWorld(this.engine, [], []);
    const { findings } = this.oracle;
    return { findings, broken: [...this.invariants.broken, ...findings.map(describeFinding)] };
  }
}

function onlyWeb(pipeline: Pipeline): Pipeline {
  const { web } = pipeline.targets;
  if (web === undefined) throw new Error('the stage has a target web');
  const rules = { ...web.rules, alarmsSharedWith: {} };
  return { ...pipeline, targets: { web: { ...web, rules } } };
}

/** What may stand in the file: one variable of the only container. */
export function definitionOf(poolSize: string, more: object = {}): string {
  const environment = [{ name: 'POOL_SIZE', value: poolSize }];
  return JSON.stringify({ ...more, containerDefinitions: [{ name: 'app', environment }] });
}
