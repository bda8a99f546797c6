/**
 * What is to stand on GitHub for one environment, and what stands there. Words change what is wanted;
 * what differs is told: so duplicates and late words are harmless, as they are in the record of a target.
 */
import { defined } from '../core/model/defined.ts';
import type { Moment } from '../core/model/image.ts';
import type { DeploymentWord, ReleaseState, ReleaseWord } from './feedback.ts';
import { byAge, isNewer, type Said } from './said.ts';

const ENVIRONMENT_FORMAT = 1;
/** Older ones stay on GitHub as they are. */
const RELEASES_MAX = 20;

export interface Environment {
  readonly format: typeof ENVIRONMENT_FORMAT;
  /** Newest first. */
  readonly releases: readonly Release[];
  readonly runs?: { readonly release?: string; readonly said: Said };
}

export interface Release extends Omit<ReleaseWord, 'word' | 'environment'> {
  readonly said: Said;
  /** GitHub was asked for a deployment; without `deployment` the answer did not come back. */
  readonly askedAt?: Moment;
  /** GitHub's id of it. */
  readonly deployment?: number;
  /** What GitHub was told last. */
  readonly told?: Telling;
  /** What it refused to hear. */
  readonly refused?: Telling;
}

export interface Telling {
  readonly state: ReleaseState | 'inactive';
  readonly description: string;
}

/** What the words of one announcement change; the same object when they are known already, or old. */
export function mergeWords(
  environment: Environment | undefined,
  words: readonly DeploymentWord[],
  said: Said,
): Environment {
  let next: Environment = environment ?? { format: ENVIRONMENT_FORMAT, releases: [] };
  for (const word of words) {
    next =
      word.word === 'runs' ? mergeRuns(next, word.release, said) : mergeRelease(next, word, said);
  }
  return next;
}

function mergeRuns(environment: Environment, release: string | undefined, said: Said): Environment {
  if (!isNewer(said, environment.runs?.said)) return environment;
  return { ...environment, runs: defined({ said, release }) };
}

function mergeRelease(environment: Environment, word: ReleaseWord, said: Said): Environment {
  const { word: _, environment: __, ...facts } = word;
  const known = environment.releases.find((one) => isSame(one, word));
  if (!isNewer(said, known?.said)) return environment;
  const merged: Release = {
    ...known,
    ...facts,
    said,
    creates: facts.creates || known?.creates === true,
  };
  const others = environment.releases.filter((one) => one !== known);
  const sorted = [...others, merged].sort((a, b) => byAge(b.said, a.said));
  // What runs may be older than twenty that failed.
  const releases = sorted.filter(
    (one, i) => i < RELEASES_MAX || one.release === environment.runs?.release,
  );
  return { ...environment, releases };
}

function isSame(
  one: Pick<ReleaseWord, 'repository' | 'sha' | 'release'>,
  other: Pick<ReleaseWord, 'repository' | 'sha' | 'release'>,
): boolean {
  return (
    one.release === other.release && one.sha === other.sha && one.repository === other.repository
  );
}

/**
 * The next thing that GitHub does not know, or shows differently; the newest release first. What it
 * refused is for the announcement that said it, or every later one would fail with it.
 */
export function nextTelling(
  environment: Environment,
  by?: Said,
): { readonly release: Release; readonly telling: Telling } | undefined {
  for (const release of environment.releases) {
    const telling = wanted(environment, release);
    if (isTold(release, telling)) continue;
    if (release.said.id === by?.id || !isTelling(release.refused, telling)) {
      return { release, telling };
    }
  }
  return undefined;
}

/** Of all that succeeded, one runs. */
function wanted({ runs }: Environment, { release, state, description }: Release): Telling {
  if (state !== 'success' || runs === undefined || runs.release === release) {
    return { state, description };
  }
  return { state: 'inactive', description: 'something else runs now' };
}

function isTold({ told, deployment, creates }: Release, telling: Telling): boolean {
  // What may never have started gets no deployment to say that it is over.
  if (deployment === undefined && !creates) return true;
  return isTelling(told, telling);
}

function isTelling(one: Telling | undefined, { state, description }: Telling): boolean {
  return one?.state === state && one.description === description;
}

/** With what GitHub answered, or was asked. */
export function withRelease(
  environment: Environment,
  release: Release,
  change: Partial<Pick<Release, 'askedAt' | 'deployment' | 'told' | 'refused'>>,
): Environment {
  return {
    ...environment,
    releases: environment.releases.map((one) =>
      isSame(one, release) ? { ...one, ...change } : one,
    ),
  };
}

/** Notes that GitHub will be asked for the deployments that are not there yet. */
export function beforeCreating(environment: Environment, at: Moment): Environment {
  let next = environment;
  for (const release of environment.releases) {
    const { deployment, askedAt } = release;
    if (deployment !== undefined || askedAt !== undefined) continue;
    if (isTold(release, wanted(environment, release))) continue;
    next = withRelease(next, release, { askedAt: at });
  }
  return next;
}
