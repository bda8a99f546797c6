/** Steps of a story that are somebody's own doing in AWS, or AWS's own trouble. */
import { muteAlarm } from '@slipway/local-cloud/cloudwatch/state.ts';
import { behaviourOf } from '@slipway/local-cloud/ecr/state.ts';
import { addOutage } from '@slipway/local-cloud/traffic/state.ts';
import type { Engine } from './engine.ts';
import { hookIsIll } from './hook.ts';
import { halve, withhold } from './oracle/judge/counts.ts';
import type { Act, Trail } from './oracle/trail.ts';
import { giveRule, giveRuleToTasks, isShifting } from './rule.ts';
import type { Step } from './story.ts';

const MINUTE = 60_000;

export class OutsideDeeds {
  readonly #engine: Engine;
  readonly #trail: Trail;

  constructor(engine: Engine, trail: Trail) {
    this.#engine = engine;
    this.#trail = trail;
  }

  #note(target: string, what: Act['what']): void {
    this.#trail.acts.push({ at: this.#engine.world.now, target, what });
  }

  perform(step: Step): void {
    const engine = this.#engine;
    const { now } = engine.world;
    switch (step.do) {
      case 'delete-service':
        this.#note(step.service, 'delete');
        engine.asSomebody('ecs', 'DeleteService', {
          cluster: 'production',
          service: step.service,
          force: true,
        });
        break;
      case 'create-service':
        this.#createAgain(step.service);
        break;
      case 'mute': {
        const to = now + step.minutes * MINUTE;
        muteAlarm(engine.world, step.alarm, to);
        this.#trail.mutings.push({ alarm: step.alarm, from: now, to });
        break;
      }
      case 'no-data':
        engine.asSomebody('monitoring', 'SetAlarmState', {
          AlarmName: step.alarm,
          StateValue: 'INSUFFICIENT_DATA',
          StateReason: 'somebody set it',
        });
        break;
      case 'stop-all':
        this.#note('', 'stop-all');
        engine.stop = { by: 'ana', because: 'the story says so', since: now };
        break;
      case 'resume-all':
        this.#note('', 'resume-all');
        engine.stop = undefined;
        break;
      case 'unpinned-by-hand':
        this.#unpinned(step.service);
        break;
      case 'hook-ill':
        hookIsIll(engine.world, step.how, step.minutes);
        break;
      case 'edit-rule':
        this.#note('web', 'edit-rule');
        giveRule(engine, step.percents);
        break;
      case 'mend-rule':
        this.#mendRule();
        break;
      case 'outage':
        this.#outage(step);
        break;
      case 'blip':
        this.#blip(step);
        break;
      case 'withhold':
        this.#withhold(step);
        break;
      case 'halve':
        this.#eachMinute(step.minutes, () => halve(this.#trail, engine.world, step.first));
        break;
      case 'trouble':
        engine.troubles.add({
          operation: step.operation,
          kind: step.kind,
          from: now,
          to: now + step.minutes * MINUTE,
        });
        break;
      default:
        throw new Error(`nobody carries out ${step.do}`);
    }
  }

  /** One at a time: the next ends what is left of the one before. */
  #outage({ errorRate, minutes }: Extract<Step, { do: 'outage' }>): void {
    const { world } = this.#engine;
    const [from, to] = [world.now, world.now + minutes * MINUTE];
    const before = this.#trail.outages.pop();
    if (before !== undefined)
      this.#trail.outages.push({ ...before, to: Math.min(before.to, from) });
    this.#trail.outages.push({ from, to, errorRate });
    addOutage(world, { cluster: 'production', service: 'web' }, { from, to, errorRate });
  }

  #blip({ errorRate, seconds }: Extract<Step, { do: 'blip' }>): void {
    const { agenda, world } = this.#engine;
    const primary = world.ecs.services['production/web']?.deployments[0];
    const digest = world.ecs.revisions[primary?.id ?? '']?.containers[0]?.digest;
    if (digest === undefined) return;
    const usual = behaviourOf(world, digest);
    const to = world.now + seconds * 1_000;
    this.#trail.blips.push({ digest, from: world.now, to, errorRate });
    world.ecr.behaviours[digest] = { ...usual, errorRate, faultyAfterSeconds: 0 };
    agenda.plan(to, () => {
      world.ecr.behaviours[digest] = usual;
    });
  }

  #withhold({ minutes, lateMinutes }: Extract<Step, { do: 'withhold' }>): void {
    const lateMs = lateMinutes === undefined ? undefined : lateMinutes * MINUTE;
    this.#eachMinute(minutes, () => withhold(this.#trail, this.#engine.world, lateMs));
  }

  /** At its end, before it is published. */
  #eachMinute(minutes: number, work: () => void): void {
    const { agenda, world } = this.#engine;
    const first = Math.ceil(world.now / MINUTE) * MINUTE + 1_000;
    for (let i = 0; i < minutes; i++) agenda.plan(first + i * MINUTE, work);
  }

  /** In the middle of a shift it would be one more edit. */
  #mendRule(): void {
    const engine = this.#engine;
    const { agenda, world } = engine;
    if (isShifting(world)) {
      agenda.plan(world.now + MINUTE, () => this.#mendRule());
      return;
    }
    this.#note('web', 'edit-rule');
    giveRuleToTasks(engine);
  }

  /** As it was made, with what it ran. */
  #createAgain(name: string): void {
    this.#note(name, 'create');
    const service = this.#engine.world.ecs.services[`production/${name}`];
    if (service === undefined) return;
    this.#engine.asSomebody('ecs', 'CreateService', {
      cluster: 'production',
      serviceName: name,
      taskDefinition: service.taskDefinition,
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      loadBalancers: service.settings.loadBalancers ?? [],
    });
  }

  #unpinned(service: string): void {
    const engine = this.#engine;
    const described = engine.asSomebody('ecs', 'DescribeTaskDefinition', {
      taskDefinition: service,
    }) as { taskDefinition: { containerDefinitions: { image: string }[] } & object } | undefined;
    if (described === undefined) return;
    this.#note(service, 'by-hand');
    const { taskDefinition } = described;
    const containerDefinitions = taskDefinition.containerDefinitions.map((container) => {
      const [, host = '', repository = '', digest = ''] =
        /^([^/]+)\/(.*)@(.*)$/.exec(container.image) ?? [];
      const tag = engine.world.ecr.repositories[repository]?.images[digest]?.tags[0];
      return tag === undefined
        ? container
        : { ...container, image: `${host}/${repository}:${tag}` };
    });
    engine.asSomebody('ecs', 'RegisterTaskDefinition', { ...taskDefinition, containerDefinitions });
    engine.asSomebody('ecs', 'UpdateService', {
      cluster: 'production',
      service,
      taskDefinition: service,
    });
  }
}
