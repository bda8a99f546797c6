/** What GitHub is to be told of one announcement: words about commits, and about what runs where. */

export interface Feedback {
  readonly status?: CommitStatus;
  readonly deployment?: DeploymentWord;
}

export interface CommitStatus {
  /** `acme/shop` */
  readonly repository: string;
  readonly sha: string;
  /** `slipway/build/<image>` or `slipway/<target>`: the newest status of a context is what counts. */
  readonly context: string;
  /** failure: it was judged, and is bad. error: it was not judged. */
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  /** At most 140 characters. */
  readonly description: string;
  readonly targetUrl?: string;
}

export type DeploymentWord = ReleaseWord | RunsWord;

/** How a release stands; its deployment on GitHub is found or made by it. */
export interface ReleaseWord {
  readonly word: 'release';
  readonly environment: string;
  readonly isProduction: boolean;
  readonly repository: string;
  readonly sha: string;
  /** `<target key>/<number>`: one release from several commits has a deployment for each. */
  readonly release: string;
  readonly state: ReleaseState;
  /** Of this state, and of the deployment itself; at most 140 characters each. */
  readonly description: string;
  readonly summary: string;
  readonly logUrl: string;
  /** Without a deployment one is made: not for what may never have started. */
  readonly creates: boolean;
}

export type ReleaseState = 'in_progress' | 'success' | 'failure' | 'error';

/** What runs now: everything that succeeded before it is inactive. */
export interface RunsWord {
  readonly word: 'runs';
  readonly environment: string;
  /** Absent, or none of ours: somebody else's. */
  readonly release?: string;
}
