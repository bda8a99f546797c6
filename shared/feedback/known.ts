/**
 * What GitHub may be told of: commits of the configured sources, and what becomes of configured targets.
 * The bus of announcements is a door, too: a green status on another commit may open a branch protection.
 */
import type { Feedback } from './feedback.ts';
import type { Known } from './ports.ts';
import type { AnyAnnouncement } from './say.ts';

/** Undefined: it is of a source or a target that the config names. */
export function whyUnknown(announcement: AnyAnnouncement, known: Known): string | undefined {
  if ('source' in announcement) {
    return isSource(announcement.repository, known)
      ? undefined
      : `no source is the repository ${announcement.repository}`;
  }
  const { target, key, kind, release } = announcement;
  if (release !== undefined && !release.startsWith(`${key}/`)) {
    return `the release ${release} is none of ${key}`;
  }
  // It left the config, and its commits must not say for ever that it is on its way.
  if (kind === 'retired') return undefined;
  const configured = Object.hasOwn(known.targets, target) ? known.targets[target] : undefined;
  return configured === key ? undefined : `no target "${target}" is ${key}`;
}

/** What a person built elsewhere names a commit as well: of that nobody is told. */
export function ofKnown(feedback: readonly Feedback[], known: Known): readonly Feedback[] {
  return feedback.filter(({ status, deployment }) => {
    const release = deployment?.word === 'release' ? deployment.repository : undefined;
    return [status?.repository, release].every((one) => one === undefined || isSource(one, known));
  });
}

function isSource(repository: string, { repositories }: Known): boolean {
  return repositories.some((one) => one.toLowerCase() === repository.toLowerCase());
}
