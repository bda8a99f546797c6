/**
 * What feedback needs of the outside world. Every method throws `TransientError` when the outcome is
 * unknown or will change by itself; each says what a second identical call does.
 */
import type { Clock, Log } from '../ports.ts';
import type { CommitStatus, ReleaseWord } from './feedback.ts';
import type { Home } from './links.ts';

export interface FeedbackPorts {
  readonly clock: Clock;
  readonly notes: Notes;
  readonly reports: Reports;
  readonly home: Home;
  /** What may be told of: whoever may announce must not write on other commits. */
  readonly known: Known;
  readonly log: Log;
}

/** What the config names. */
export interface Known {
  /** Repositories of the sources: `acme/shop`. */
  readonly repositories: readonly string[];
  /** Keys of the targets, by name. */
  readonly targets: Readonly<Record<string, string>>;
}

/** What was told, in the table, under a name of ours. Reads are consistent; kept for 90 days. */
export interface Notes {
  load(name: string): Promise<Note | undefined>;
  /** One conditional write, as for records: only if the stored version is still `expected`. */
  save(name: string, value: object, expected: number | undefined): Promise<'saved' | 'stale'>;
}

export interface Note {
  readonly value: unknown;
  readonly version: number;
}

/** GitHub. Also throws `GitHubRefuses` for what it would refuse again. */
export interface Reports {
  /** A second one is the same status once more. GitHub takes a thousand of a commit and context. */
  setStatus(status: CommitStatus): Promise<void>;
  /** GitHub's id of it. A second call makes a second one: never repeated by itself. */
  createDeployment(release: DeploymentFacts): Promise<number>;
  /** The deployment that an earlier call made, whose answer was lost; undefined: it made none. */
  findDeployment(release: DeploymentFacts): Promise<number | undefined>;
  /** A second one is the same status once more. */
  setDeploymentStatus(
    repository: string,
    deployment: number,
    status: DeploymentStatus,
  ): Promise<void>;
}

export type DeploymentFacts = Pick<
  ReleaseWord,
  'environment' | 'isProduction' | 'repository' | 'sha' | 'release' | 'summary'
>;

export interface DeploymentStatus {
  readonly state: 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';
  readonly description: string;
  readonly logUrl: string;
}
