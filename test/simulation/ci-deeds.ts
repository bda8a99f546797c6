/** What somebody's CI does: it pushes images that say of which commit they are, truly or not. */
import { createHash } from 'node:crypto';
import { type Push, pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { isAncestor, NO_COMMIT } from '@slipway/local-cloud/github/commits/commits.ts';
import { repositoryOf } from '@slipway/local-cloud/github/commits/refs.ts';
import { defined } from '../../shared/core/model/defined.ts';
import type { Engine } from './engine.ts';
import type { Claimed, Trail } from './oracle/trail.ts';
import { GIT_REPOSITORY } from './stage.ts';
import type { CiImageDeed } from './story.ts';

const REVISION = 'org.opencontainers.image.revision';
const REPOSITORY = 'shop/web';

/** Undefined: there is no such commit yet. */
export function pushClaim(
  engine: Engine,
  trail: Trail,
  { of, says, behaviour, plan, digest }: CiImageDeed & Pick<Push, 'digest'>,
): Claimed | undefined {
  const { world } = engine;
  const commit = commitFor(engine, trail, of);
  if (commit === undefined) return undefined;
  const number = trail.claimed.length + 1;
  const tag = says === 'tag' ? `main-${commit.slice(0, 12)}` : `ci-${number}`;
  const labels = says === 'label' ? { [REVISION]: commit } : { [REVISION]: 'unknown' };
  const push = { repository: REPOSITORY, tag, labels, behaviour, digest, ...plan };
  const pushed = pushImage(world, defined(push) as Push);
  const claimed: Claimed = defined({
    at: world.now,
    digest: pushed,
    tag,
    commit: says === 'nothing' ? undefined : commit,
    behaviour,
    plan,
  });
  trail.claimed.push(claimed);
  engine.log(() => `ci: ${tag} of ${commit.slice(0, 12)} (${of}), said by ${says}`);
  return claimed;
}

function commitFor({ world }: Engine, { heads }: Trail, of: CiImageDeed['of']): string | undefined {
  const repository = repositoryOf(world, GIT_REPOSITORY);
  const refs = repository.refs;
  const head = refs['refs/heads/main'] ?? NO_COMMIT;
  switch (of) {
    case 'head':
      return head;
    case 'before':
      return repository.commits[head]?.parents[0];
    case 'next':
      return refs['refs/heads/next'];
    case 'left':
      return heads.findLast(
        ({ branch, commit }) =>
          branch === 'main' && commit !== undefined && !isAncestor(repository, commit, head),
      )?.commit;
    case 'nobody':
      return createHash('sha1').update(`nobody's at ${world.now}`).digest('hex');
  }
}
