/** Which images the git pushes of a scenario make, and when: what the form of a scenario does not say. */

import { fullSha } from '@slipway/local-cloud/github/commits/commits.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { findSource, imageTagOf } from '../../shared/route/find-sources.ts';
import type { Scenario, Step } from './scenario-format.ts';

export interface BuiltImage {
  /** Of the push, in ms since the beginning. */
  readonly at: number;
  /** `shop/web` */
  readonly repository: string;
  readonly tag: string;
  readonly behaviour: NonNullable<Step['gitPush']>['behaviour'];
}

export function builtImages({ steps }: Scenario, pipeline: Pipeline): readonly BuiltImage[] {
  return steps.flatMap(({ at, gitPush }) => {
    if (gitPush === undefined) return [];
    const { repository, branch = 'main', tag, commit, paths, behaviour } = gitPush;
    const ref = tag === undefined ? `refs/heads/${branch}` : `refs/tags/${tag}`;
    const found = findSource(pipeline, { repository, ref, paths });
    if ('because' in found) return [];
    return found.images.flatMap((name) => {
      const image = found.source.rules.images[name];
      const imageTag = imageTagOf(ref, fullSha(commit));
      return image === undefined
        ? []
        : [{ at, repository: image.repository, tag: imageTag, behaviour }];
    });
  });
}
