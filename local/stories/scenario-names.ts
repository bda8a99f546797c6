/** What the names in a scenario's steps stand for. */
import type { Target } from '../../shared/config/config.ts';
import { ScenarioError } from './scenario-format.ts';
import type { Stage } from './stage.ts';

export function targetOf({ pipeline }: Pick<Stage, 'pipeline'>, id: string): Target {
  const target = pipeline.targets[id];
  if (target === undefined) throw unknown(`target ${id}`);
  return target;
}

/** By container, with its tag. */
export function referencesOf(
  target: Target,
  images: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const references = Object.entries(images).map(([container, tag]) => {
    const { registry, repository } = sourceOf(target, container);
    return [container, `${registry}/${repository}:${tag}`];
  });
  return Object.fromEntries(references);
}

/** By container, pinned by its digest, as a pipeline like ours writes it. */
export function pinnedReferencesOf(
  stage: Stage,
  target: Target,
  images: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const references = Object.entries(images).map(([container, tag]) => {
    const { registry, repository } = sourceOf(target, container);
    return [container, `${registry}/${repository}@${digestOf(stage, repository, tag)}`];
  });
  return Object.fromEntries(references);
}

export function sourceOf(target: Target, container: string) {
  const source = target.rules.containers[container];
  if (source === undefined) throw unknown(`container ${container} of ${target.id}`);
  return source;
}

export function digestOf({ labels }: Stage, repository: string, tag: string): string {
  const digest = labels.digestOf(repository, tag);
  if (digest === undefined) throw unknown(`image ${repository}:${tag}`);
  return digest;
}

/** Checked before (`scenario-check.ts`); what gets here is a mistake of ours. */
function unknown(what: string): ScenarioError {
  return new ScenarioError([{ path: '', line: `there is no ${what}` }]);
}
