/**
 * One scene: be in this phase, then this happens, under this fault; later the faults stop, a fix is
 * pushed, and it must run. Phases are recognised by the world and by our calls, not by our record.
 */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import type { Pipeline } from '../../../shared/config/config.ts';
import type { Announcement } from '../../../shared/core/model/announcement.ts';
import { chanceOf } from '../chance.ts';
import { Engine } from '../engine.ts';
import { Invariants } from '../invariants.ts';
import { describeFinding, type Finding } from '../oracle/finding.ts';
import { Oracle } from '../oracle/oracle.ts';
import type { Act } from '../oracle/trail.ts';
import { BEGIN, pipelineOf, type Settings, setStage } from '../stage.ts';
import { introduce, planTicks } from '../ticks.ts';

const SECOND = 1_000;
export const MINUTE = 60_000;
const HOURS_MAX = 14;

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
}

/** One service, its alarm, and a hand on everything. */
export class Stage {
  readonly engine: Engine;
  readonly oracle: Oracle;
  readonly invariants = new Invariants();
  readonly pushed: Pushed[] = [];
  readonly lines: string[] = [];
  #words = 0;

  constructor(seed: number, withLog = false) {
    const pipeline = onlyWeb(pipelineOf(SCENE_SETTINGS));
    const world = setStage(seed, SCENE_SETTINGS, pipeline, ['web']);
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
        saved: (record, before, on) => this.invariants.saved(record, before, on),
        failed: (error, envelope) => this.invariants.failed(error, envelope),
        settled: (envelope, decisions) => this.invariants.settled(envelope, decisions),
        announced: (one, on) => {
          this.invariants.announced(one, on);
          this.oracle.announced(one);
        },
        quarantined: (key, change) => this.oracle.quarantined(key, change),
      },
      ...(withLog ? { onLog: (line: string) => this.lines.push(line) } : {}),
    });
    this.oracle = new Oracle(this.engine, BEGIN);
    const end = BEGIN + HOURS_MAX * 60 * MINUTE;
    planTicks(this.engine, BEGIN, end);
    this.oracle.watch(BEGIN, end);
    const base = Object.values(world.ecr.repositories['shop/web']?.images ?? {})[0];
    if (base !== undefined) this.pushed.push({ digest: base.digest, tag: 'main-0', behaviour: {} });
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

  introduce(): void {
    introduce(this.engine);
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

  push(behaviour: Behaviour = {}, tag = `main-${this.pushed.length}`): Pushed {
    const digest = pushImage(this.world, { repository: 'shop/web', tag, behaviour });
    const pushed = { digest, tag, behaviour };
    this.pushed.push(pushed);
    this.engine.log(() => `scene: push ${tag} ${JSON.stringify(behaviour)}`);
    return pushed;
  }

  note(what: Act['what'], of?: string): void {
    const act = { at: this.now, target: 'web', what, ...(of === undefined ? {} : { of }) };
    this.truth.trail.acts.push(act);
    this.engine.log(() => `scene: ${what} ${of ?? ''}`);
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
    this.note(ask.do, images?.app?.digest ?? (ask.digest as string) ?? (ask.to as string));
    this.deliver(ask, id);
  }

  deliver(command: object, id: string, saidAt = this.now): void {
    this.engine.send(
      'ecs/production/web',
      {
        type: 'CommandReceived',
        by: 'ana',
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
