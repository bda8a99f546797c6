/** Carries out the steps of a story in the simulated account. */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { deleteImage, pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { defined } from '../../shared/core/model/defined.ts';
import type { TaskDefinitionArn } from '../../shared/core/model/image.ts';
import { wouldLeave } from '../../shared/core/model/would-leave.ts';
import type { Engine } from './engine.ts';
import { pipelineOf, REGISTRY, type Settings } from './stage.ts';
import type { Step } from './story.ts';

/** What was pushed so far, oldest first: steps name images by their place in it. */
export interface Pushed {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly at: number;
  readonly behaviour: Behaviour;
}

export class Deeds {
  readonly pushed: Pushed[] = [];
  readonly #engine: Engine;
  readonly #settings: Settings;
  #words = 0;

  constructor(engine: Engine, settings: Settings) {
    this.#engine = engine;
    this.#settings = settings;
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
        this.#update(step.service, { desiredCount: step.desired });
        break;
      case 'update-service': {
        const taskDefinition = this.#revision(step.service, step.back);
        if (taskDefinition !== undefined) this.#update(step.service, { taskDefinition });
        break;
      }
      case 'deploy-by-hand':
        this.#deployManually(step);
        break;
      case 'force-deployment':
        this.#update(step.service, { forceNewDeployment: true });
        break;
      case 'delete-image': {
        const image = this.#nth(step.nth, (one) => one.repository === step.repository);
        if (image !== undefined) deleteImage(engine.world, image);
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
        engine.pipeline = pipelineOf({ ...this.#settings, bakeMinutes: step.bakeMinutes });
        break;
      case 'ask':
        this.#ask(step);
        break;
    }
  }

  #deployManually({ service, behaviour }: Extract<Step, { do: 'deploy-by-hand' }>): void {
    const engine = this.#engine;
    const described = engine.asSomebody('ecs', 'DescribeTaskDefinition', {
      taskDefinition: service,
    }) as { taskDefinition: { containerDefinitions: { image: string }[] } & object } | undefined;
    // Every revision was deregistered.
    if (described === undefined) return;
    const { taskDefinition } = described;
    const repository = `shop/${service}`;
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

  #push({ repository, behaviour }: Extract<Step, { do: 'push' }>): void {
    const { world } = this.#engine;
    const tag = `main-${this.pushed.length + 1}`;
    const digest = pushImage(world, { repository, tag, behaviour });
    this.pushed.push({ repository, tag, digest, at: world.now, behaviour });
  }

  #nth(nth: number, fits: (one: Pushed) => boolean = () => true): Pushed | undefined {
    const fitting = this.pushed.filter(fits);
    return fitting[nth % Math.max(1, fitting.length)];
  }

  #repeat(nth: number): void {
    const image = this.#nth(nth);
    if (image === undefined) return;
    const { world } = this.#engine;
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
    engine.send(
      known.key,
      {
        type: 'CommandReceived',
        by: 'ana',
        because: `the story says ${word}`,
        saidAt: engine.world.now,
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
