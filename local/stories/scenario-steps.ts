/** Plays one step of a scenario in a world, with Slipway in it or without. */

import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { deleteImage, pushImage } from '@slipway/local-cloud/ecr/images.ts';
import type { Findings } from '@slipway/local-cloud/ecr/state.ts';
import { fullSha } from '@slipway/local-cloud/github/commits/commits.ts';
import { execute } from '@slipway/local-cloud/services.ts';
import { addTraffic } from '@slipway/local-cloud/traffic/state.ts';
import type { Target } from '../../shared/config/config.ts';
import { playAttack } from './attacks/play-attack.ts';
import { behaviourInWords } from './behaviour-words.ts';
import { deployManually, deregisterManually, updateManually } from './manual-deploy.ts';
import type { Step } from './scenario-format.ts';
import { playGit } from './scenario-git.ts';
import {
  digestOf,
  pinnedReferencesOf,
  referencesOf,
  sourceOf,
  targetOf,
} from './scenario-names.ts';
import { playServices } from './scenario-services.ts';
import { playTrouble } from './scenario-trouble.ts';
import { routeOf } from './setup/scenario-balancer.ts';
import type { PersonCommand, Stage } from './stage.ts';

const MINUTE_MS = 60_000;

export async function playStep(stage: Stage, step: Step): Promise<void> {
  const { world, labels } = stage;
  const { push, redeliver, event, setAlarm, updateService, scale, traffic } = step;
  const { deleteImage: deletion, deregister, loseEvents, operator } = step;
  if (push !== undefined) playPush(stage, push);
  if (redeliver !== undefined) {
    const { repository, tag } = redeliver;
    stage.tell(`the event of ${repository}:${tag} comes again`);
    stage.deliver(labels.eventOf(repository, tag));
  }
  if (event !== undefined) {
    stage.tell(`an event comes: ${String(event['detail-type'] ?? 'of no known kind')}`);
    stage.deliver(event);
  }
  if (setAlarm !== undefined) {
    const { name, state, reason = 'somebody set it by hand' } = setAlarm;
    stage.tell(`somebody sets alarm ${name} to ${state}`);
    const input = { AlarmName: name, StateValue: state, StateReason: reason };
    execute(world, 'monitoring', 'SetAlarmState', input);
  }
  if (updateService !== undefined) playUpdate(stage, updateService);
  if (scale !== undefined) {
    const { target, desiredCount } = scale;
    stage.tell(`somebody sets the desired count of ${target} to ${desiredCount}`);
    updateManually(world, targetOf(stage, target), { desiredCount });
  }
  if (traffic !== undefined) {
    const { target, requestsPerSecond } = traffic;
    stage.tell(`${target} gets ${requestsPerSecond} requests a second`);
    addTraffic(world, { ...routeOf(targetOf(stage, target)), requestsPerSecond });
  }
  if (deletion !== undefined) {
    const { repository, tag } = deletion;
    stage.tell(`somebody deletes ${repository}:${tag} from the registry`);
    deleteImage(world, { repository, digest: digestOf(stage, repository, tag) });
  }
  if (deregister !== undefined) {
    const { target, revisions } = deregister;
    const which = revisions === 'all' ? 'every revision' : `revision ${revisions.join(', ')}`;
    stage.tell(`somebody deregisters ${which} of ${target}`);
    deregisterManually(world, targetOf(stage, target), revisions);
  }
  if (loseEvents !== undefined) stage.lose(loseEvents.detailType, loseEvents.count);
  if (operator !== undefined) await playCommand(stage, operator);
  playGit(stage, step);
  playServices(stage, step);
  await playTrouble(stage, step);
  await playAttack(stage, step);
}

/** OCI image specification: what a build says of its commit. */
const REVISION = 'org.opencontainers.image.revision';

function playPush(stage: Stage, push: NonNullable<Step['push']>): void {
  const { world, labels } = stage;
  const { repository, tag, behaviour, digest, multiArch, findings, scan, scanSeconds, signed } =
    push;
  const tags = push.tags ?? (tag === undefined ? [] : [tag]);
  const pushed = pushImage(world, {
    repository,
    tags,
    ...(behaviour && { behaviour: behaviour as Behaviour }),
    ...(digest && { digest }),
    ...(multiArch && { multiArch }),
    ...(findings && { findings: present(findings) }),
    ...(scan && { scan }),
    ...(scanSeconds !== undefined && { scanSeconds }),
    ...(signed && { signed }),
    ...(push.commit && { labels: { [REVISION]: fullSha(push.commit) } }),
  });
  if (push.commit !== undefined) world.codebuild.revisions[pushed] = fullSha(push.commit);
  labels.pushed(world, repository, pushed, tags);
  const how = behaviour === undefined ? '' : `, which ${behaviourInWords(behaviour as Behaviour)}`;
  stage.tell(`${repository}:${tags.join(', ') || '(no tag)'} is pushed${how}`);
}

/** Without the severities that are not named. */
function present(findings: NonNullable<NonNullable<Step['push']>['findings']>): Findings {
  return Object.fromEntries(Object.entries(findings).filter(([, count]) => count !== undefined));
}

function playUpdate(stage: Stage, update: NonNullable<Step['updateService']>): void {
  const { images, revision, role, release } = update;
  const target = targetOf(stage, update.target);
  if (images !== undefined) {
    const named = Object.entries(images).map(([container, tag]) => `${container} ${tag}`);
    const as = role === undefined ? '' : `, with the role ${role}`;
    const whole = `${named.join(', ')} to ${target.id}`;
    stage.tell(
      release === undefined
        ? `somebody deploys ${whole} by hand${as}`
        : `another pipeline deploys ${whole}${as}, as ${release}`,
    );
    const references =
      release === undefined
        ? referencesOf(target, images)
        : pinnedReferencesOf(stage, target, images);
    deployManually(stage.world, target, references, { role, release });
  } else if (revision !== undefined) {
    stage.tell(`somebody deploys revision ${revision} of ${target.id} by hand`);
    updateManually(stage.world, target, { taskDefinition: `${target.service}:${revision}` });
  } else {
    stage.tell(`somebody forces a new deployment of ${target.id}`);
    updateManually(stage.world, target, { forceNewDeployment: true });
  }
}

async function playCommand(stage: Stage, operator: NonNullable<Step['operator']>): Promise<void> {
  const { by, because, ask, minutesLate } = operator;
  const target = targetOf(stage, operator.target);
  const late = minutesLate === undefined ? '' : `, which is heard ${minutesLate} minutes later`;
  stage.tell(`${by} asks for ${target.id}: ${ask.do}${late}`);
  const word = {
    type: 'CommandReceived',
    by,
    because,
    saidAt: stage.world.now,
    command: await wordOf(stage, target, ask),
  } as const;
  stage.ask(target, word, (minutesLate ?? 0) * MINUTE_MS);
}

async function wordOf(
  stage: Stage,
  target: Target,
  ask: NonNullable<Step['operator']>['ask'],
): Promise<PersonCommand['command']> {
  switch (ask.do) {
    case 'deploy': {
      const images = Object.entries(ask.images).map(([container, tag]) => {
        const { registry, repository } = sourceOf(target, container);
        const digest = digestOf(stage, repository, tag);
        return [container, { registry, repository, digest, tags: [tag] }];
      });
      return { do: 'deploy', images: Object.fromEntries(images) };
    }
    case 'unquarantine':
      return { do: 'unquarantine', digest: digestOf(stage, ask.repository, ask.tag) };
    case 'rollback': {
      const { to } = ask;
      const leaves = await stage.wouldLeave(target);
      return {
        do: 'rollback',
        ...(to === undefined ? {} : { to: stage.releaseNamed(target, to) ?? to }),
        ...(leaves === undefined ? {} : { leaves }),
      };
    }
    case 'approve':
    case 'reject':
      return { do: ask.do, of: ask.of ?? (await stage.pendingOf?.(target)) ?? 'nothing' };
    case 'hold':
    case 'resume':
      return ask;
  }
}
