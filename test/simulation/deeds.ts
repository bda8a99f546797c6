/** Carries out the steps of a story in the simulated account. */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { deleteImage, pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { defined } from '../../shared/core/model/defined.ts';
import type { TaskDefinitionArn } from '../../shared/core/model/image.ts';
import { wouldLeave } from '../../shared/core/model/would-leave.ts';
import { awaitedRelease } from '../../shared/core/release/word.ts';
import type { Message } from '../../shared/edge/message.ts';
import type { Engine } from './engine.ts';
import { GitDeeds } from './git-deeds.ts';
import { type Act, Trail } from './oracle/trail.ts';
import { OutsideDeeds } from './outside-deeds.ts';
import { pipelineOf, REGISTRY, type Settings, tagOf } from './stage.ts';
import type { ConfigChange, Plan, Step } from './story.ts';

/** What was pushed so far, oldest first: steps name images by their place in it. */
export interface Pushed {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly at: number;
  readonly behaviour: Behaviour;
  readonly plan?: Plan;
}

type Asked = Extract<Message, { type: 'CommandReceived' }>['command'];

export class Deeds {
  readonly pushed: Pushed[] = [];
  readonly #engine: Engine;
  #settings: Settings;
  readonly #left = new Set<string>();
  readonly #changes = new Map<string, ConfigChange>();
  readonly #trail: Trail;
  #words = 0;

  constructor(engine: Engine, settings: Settings, trail: Trail = new Trail()) {
    this.#engine = engine;
    this.#settings = settings;
    this.#trail = trail;
  }

  /** The oracle must know who did what. */
  #note(target: string, what: Act['what'], of?: string, leaves?: string): void {
    const at = this.#engine.world.now;
    this.#trail.acts.push(defined({ at, target, what, of, leaves }));
  }

  perform(step: Step): void {
    const engine = this.#engine;
    engine.log(() => `story: ${JSON.stringify(step)}`);
    switch (step.do) {
      case 'push':
        this.#push(step);
        break;
      case 'repeat-event':
        this.#repeat(step.nth);
        break;
      case 'set-alarm':
        engine.asSomebody('monitoring', 'SetAlarmState', {
          AlarmName: step.alarm,
          StateValue: step.state,
          StateReason: 'somebody set it',
        });
        break;
      case 'scale':
        this.#note(step.service, 'scale', `${step.desired}`);
        this.#update(step.service, { desiredCount: step.desired });
        break;
      case 'update-service': {
        const taskDefinition = this.#revision(step.service, step.back);
        this.#note(step.service, 'by-hand');
        if (taskDefinition !== undefined) this.#update(step.service, { taskDefinition });
        break;
      }
      case 'deploy-by-hand':
        this.#note(step.service, 'by-hand');
        this.#deployManually(step);
        break;
      case 'force-deployment':
        this.#note(step.service, 'by-hand');
        this.#update(step.service, { forceNewDeployment: true });
        break;
      case 'delete-image': {
        const image = this.#nth(step.nth, (one) => one.repository === step.repository);
        if (image === undefined) break;
        deleteImage(engine.world, image);
        this.#trail.deleted.set(image.digest, engine.world.now);
        break;
      }
      case 'deregister': {
        const revision = this.#revision(step.service, step.back);
        if (revision !== undefined) {
          engine.asSomebody('ecs', 'DeregisterTaskDefinition', { taskDefinition: revision });
        }
        break;
      }
      case 'reconfigure':
        for (const target of Object.keys(engine.pipeline.targets))
          this.#note(target, 'reconfigure');
        this.#settings = { ...this.#settings, bakeMinutes: step.bakeMinutes };
        this.#configure();
        break;
      case 'ask':
        this.#ask(step);
        break;
      case 'retire':
        this.#note(step.target, 'retire');
        this.#left.add(step.target);
        this.#configure();
        this.#hint(step.target);
        break;
      case 'unretire':
        this.#note(step.target, 'retire');
        this.#left.delete(step.target);
        this.#configure();
        this.#hint(step.target);
        break;
      case 'change-config':
        this.#note(step.target, 'reconfigure');
        this.#changes.set(step.target, { ...this.#changes.get(step.target), ...step.change });
        this.#configure();
        break;
      case 'redrive':
        this.#redrive(step);
        break;
      case 'answer':
        this.#answer(step);
        break;
      case 'rollback-to':
        this.#note(step.target, 'rollback', step.release);
        this.#say(step.target, { do: 'rollback', to: step.release });
        break;
      case 'commit':
      case 'ci-image':
      case 'fast-forward':
      case 'merge':
      case 'reset':
      case 'delete-branch':
      case 'redeliver':
      case 'forge':
      case 'lose-webhooks':
      case 'github-down':
        new GitDeeds(engine, this.#trail).perform(step);
        break;
      default:
        new OutsideDeeds(engine, this.#trail).perform(step);
    }
  }

  /** The config as it is now: without the targets that left it, with what was changed. */
  #configure(): void {
    const whole = pipelineOf(this.#settings);
    const targets = Object.entries(whole.targets)
      .filter(([id]) => !this.#left.has(id))
      .map(([id, target]) => {
        const rules = { ...target.rules, ...this.#changes.get(id) };
        return [id, { ...target, rules }] as const;
      });
    this.#overlap();
    this.#engine.pipeline = { ...whole, targets: Object.fromEntries(targets) };
  }

  /** Lambda goes on with what it has begun, and its functions are deployed one after the other. */
  #overlap(): void {
    const { overlapMinutes = 0 } = this.#settings;
    const { pipeline, world, agenda } = this.#engine;
    if (overlapMinutes === 0) return;
    const until = world.now + overlapMinutes * 60_000;
    this.#engine.before = { pipeline, until };
    this.#trail.overlapsUntil = until;
    agenda.plan(until, () => {
      for (const target of Object.keys(pipeline.targets)) this.#note(target, 'reconfigure');
    });
  }

  /** `tick` tells a target that the config changed for it. */
  #hint(target: string): void {
    this.#engine.send(
      `ecs/production/${target}`,
      { type: 'Hinted', cause: 'sweep' },
      { id: `config-${this.#engine.world.now}`, source: 'slipway.tick', detailType: 'sweep' },
    );
  }

  /** Said now, and delivered when somebody empties the dead-letter queue. */
  #redrive({ target, minutes }: Extract<Step, { do: 'redrive' }>): void {
    const { agenda, world } = this.#engine;
    const saidAt = world.now;
    agenda.plan(saidAt + minutes * 60_000, () => this.#say(target, { do: 'rollback' }, saidAt));
  }

  #deployManually({ service, behaviour }: Extract<Step, { do: 'deploy-by-hand' }>): void {
    const engine = this.#engine;
    const described = engine.asSomebody('ecs', 'DescribeTaskDefinition', {
      taskDefinition: service,
    }) as { taskDefinition: { containerDefinitions: { image: string }[] } & object } | undefined;
    // Every revision was deregistered.
    if (described === undefined) return;
    const { taskDefinition } = described;
    // Of the repository that the target takes: of another one nobody could say what is newer.
    const [taken] = Object.values(engine.pipeline.targets[service]?.rules.containers ?? {});
    const { repository } = taken ?? { repository: `shop/${service}` };
    const digest = pushImage(engine.world, { repository, behaviour });
    const image = `${REGISTRY}/${repository}@${digest}`;
    const [first, ...rest] = taskDefinition.containerDefinitions;
    engine.asSomebody('ecs', 'RegisterTaskDefinition', {
      ...taskDefinition,
      containerDefinitions: [{ ...first, image }, ...rest],
    });
    this.#update(service, { taskDefinition: service });
  }

  #update(service: string, changes: object): void {
    this.#engine.asSomebody('ecs', 'UpdateService', { cluster: 'production', service, ...changes });
  }

  #push({ repository, behaviour, plan }: Extract<Step, { do: 'push' }>): void {
    const { world } = this.#engine;
    const tag = tagOf(this.#settings, this.pushed.length + 1);
    const digest = pushImage(world, { repository, tag, behaviour, ...plan });
    this.pushed.push(defined({ repository, tag, digest, at: world.now, behaviour, plan }));
  }

  #nth(nth: number, fits: (one: Pushed) => boolean = () => true): Pushed | undefined {
    const fitting = this.pushed.filter(fits);
    return fitting[nth % Math.max(1, fitting.length)];
  }

  #repeat(nth: number): void {
    const image = this.#nth(nth);
    if (image === undefined) return;
    const { world } = this.#engine;
    this.#note('', 'push-again', image.digest);
    this.#engine.receive({
      version: '0',
      id: `repeated-${image.digest.slice(7, 19)}-${world.now}`,
      'detail-type': 'ECR Image Action',
      source: 'aws.ecr',
      account: world.account,
      time: new Date(image.at).toISOString(),
      region: world.region,
      resources: [],
      detail: {
        result: 'SUCCESS',
        'repository-name': image.repository,
        'image-digest': image.digest,
        'action-type': 'PUSH',
        'image-tag': image.tag,
      },
    });
  }

  #revision(service: string, back: number): TaskDefinitionArn | undefined {
    const { taskDefinitionArns } = this.#engine.asSomebody('ecs', 'ListTaskDefinitions', {
      familyPrefix: service,
      sort: 'DESC',
    }) as { taskDefinitionArns: TaskDefinitionArn[] };
    return taskDefinitionArns[back];
  }

  #ask({ target, word, nth }: Extract<Step, { do: 'ask' }>): void {
    const engine = this.#engine;
    const known = engine.pipeline.targets[target];
    if (known === undefined) return;
    const ask = this.#word(word, known, nth);
    if (ask === undefined) return;
    const of =
      ask.do === 'deploy'
        ? (Object.values(ask.images)[0] as { digest: string } | undefined)?.digest
        : ask.do === 'unquarantine'
          ? ask.digest
          : undefined;
    this.#note(target, ask.do, of, ask.do === 'rollback' ? ask.leaves : undefined);
    this.#say(target, ask);
  }

  #answer({ target, word }: Extract<Step, { do: 'answer' }>): void {
    const key = this.#engine.pipeline.targets[target]?.key ?? '';
    const record = this.#engine.records.get(key)?.record;
    const of = record && awaitedRelease(record)?.id;
    if (of === undefined) return;
    this.#note(target, word, of);
    this.#say(target, { do: word, of });
  }

  #say(target: string, ask: Asked, saidAt = this.#engine.world.now): void {
    const known = this.#engine.pipeline.targets[target];
    if (known === undefined) return;
    this.#engine.send(
      known.key,
      {
        type: 'CommandReceived',
        by: 'ana',
        because: `the story says ${ask.do}`,
        saidAt,
        command: ask,
      },
      { id: `word-${++this.#words}`, source: 'slipway.person', detailType: 'Operator Asked' },
    );
  }

  /** What a person sees who asks Slipway a moment before. */
  #wouldLeave(key: string): string | undefined {
    const record = this.#engine.records.get(key)?.record;
    return record && wouldLeave(record);
  }

  #word(word: string, target: Engine['pipeline']['targets'][string], nth: number) {
    switch (word) {
      case 'deploy': {
        const entries = Object.entries(target.rules.containers).flatMap(([container, source]) => {
          const image = this.#nth(nth, (one) => one.repository === source.repository);
          if (image === undefined) return [];
          const { repository, digest, tag } = image;
          return [
            [container, { registry: REGISTRY, repository, digest: digest as never, tags: [tag] }],
          ];
        });
        return entries.length === 0
          ? undefined
          : ({ do: 'deploy', images: Object.fromEntries(entries.slice(0, 1)) } as const);
      }
      case 'unquarantine': {
        const record = this.#engine.records.get(target.key)?.record;
        const digest = record?.quarantine[nth % Math.max(1, record.quarantine.length)]?.digest;
        return digest === undefined ? undefined : ({ do: 'unquarantine', digest } as const);
      }
      case 'rollback':
        return defined({ do: 'rollback', leaves: this.#wouldLeave(target.key) } as const);
      case 'hold':
        return { do: 'hold' } as const;
      default:
        return { do: 'resume' } as const;
    }
  }
}
