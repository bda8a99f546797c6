/** What a scenario says of git: pushes and how their builds go, deletions, and what GitHub gets wrong. */

import { type BuildPlan, planBuild } from '@slipway/local-cloud/codebuild/state.ts';
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { fullSha } from '@slipway/local-cloud/github/commits/commits.ts';
import { deleteRef, gitPush } from '@slipway/local-cloud/github/commits/push.ts';
import { githubDown, loseWebhooks } from '@slipway/local-cloud/github/setup.ts';
import { deliveriesOf, redeliver } from '@slipway/local-cloud/github/webhooks/deliveries.ts';
import { behaviourInWords } from './behaviour-words.ts';
import { ScenarioError, type Step } from './scenario-format.ts';
import type { Stage } from './stage.ts';

type GitStep = Pick<
  Step,
  'gitPush' | 'deleteRef' | 'redeliverPush' | 'loseWebhooks' | 'githubDown'
>;

const MINUTE_MS = 60_000;

export function playGit(stage: Stage, step: GitStep): void {
  const { world } = stage;
  const { gitPush: push, deleteRef: deletion, redeliverPush, githubDown: outage } = step;
  if (push !== undefined) playPush(stage, push);
  if (deletion !== undefined) {
    const { repository, ...ref } = deletion;
    stage.tell(`git push --delete ${repository} ${ref.branch ?? ref.tag}`);
    deleteRef(world, { repository, ...given(ref) });
  }
  if (redeliverPush !== undefined) {
    const { repository, commit } = redeliverPush;
    stage.tell(`GitHub delivers the push of ${commit} to ${repository} again`);
    redeliver(world, deliveryOf(stage, commit));
  }
  if (step.loseWebhooks !== undefined) loseWebhooks(world, step.loseWebhooks);
  if (outage !== undefined) {
    const { minutes, how } = outage;
    stage.tell(`GitHub's API is ${how} for ${minutes} minutes`);
    githubDown(world, { until: world.now + minutes * MINUTE_MS, how });
  }
}

function playPush(stage: Stage, push: NonNullable<Step['gitPush']>): void {
  const { world } = stage;
  const { repository, branch, tag, commit, parent, forced, message, paths, author } = push;
  const { files = {}, behaviour, build = {}, findings, scan, multiArch, signed } = push;
  const ref = tag === undefined ? { branch: branch ?? 'main' } : { tag };
  const how = behaviour === undefined ? '' : `, which ${behaviourInWords(behaviour as Behaviour)}`;
  const force = forced === true ? ' --force' : '';
  const where = `${repository} ${branch ?? tag ?? 'main'}`;
  stage.tell(`git push${force} ${where}: ${commit.slice(0, 7)}${how}`);
  const { after } = gitPush(world, {
    repository,
    ...ref,
    commit,
    paths: [...paths],
    ...given({ parent, forced, message, author }),
    texts: Object.fromEntries(
      Object.entries(files).map(([path, file]) => [path, JSON.stringify(file, null, 2)]),
    ),
  });
  const image = given({
    behaviour: behaviour as Behaviour,
    findings: findings && given(findings),
    scan,
    multiArch,
    signed,
  }) as NonNullable<BuildPlan['image']>;
  planBuild(world, { commit: after, plan: { ...given(build), image } });
  stage.pushed?.({ repository, ref: refNameOf(ref), commit: after, paths });
}

function refNameOf(ref: { readonly branch?: string; readonly tag?: string }): string {
  return ref.tag === undefined ? `refs/heads/${ref.branch}` : `refs/tags/${ref.tag}`;
}

function deliveryOf({ world }: Stage, commit: string): number {
  const sha = fullSha(commit);
  const found = deliveriesOf(world).find(({ body }) => body.includes(sha));
  if (found !== undefined) return found.id;
  throw new ScenarioError([{ path: '', line: `GitHub sent no delivery of the commit ${commit}` }]);
}

/** Without the keys that the scenario left out. */
function given<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
