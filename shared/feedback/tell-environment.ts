/** Makes GitHub show of one environment what is to stand there: call by call, until nothing differs. */
import { GitHubRefuses } from '../github-errors.ts';
import {
  beforeCreating,
  type Environment,
  mergeWords,
  nextTelling,
  type Release,
  withRelease,
} from './environment.ts';
import type { DeploymentWord } from './feedback.ts';
import type { FeedbackPorts } from './ports.ts';
import type { Said } from './said.ts';
import { inTurn, mustHaveTime } from './turn.ts';

/** False: GitHub shows it already, or something newer. Throws `GitHubRefuses`, `TransientError`. */
export async function tellEnvironment(
  environment: string,
  words: readonly DeploymentWord[],
  said: Said,
  ports: FeedbackPorts,
): Promise<boolean> {
  return await inTurn<Environment>(`environment/${environment}`, ports, {
    merge: (noted) => mergeWords(noted, words, said),
    isOwing: (wanted) => nextTelling(wanted, said) !== undefined,
    before: (wanted) => beforeCreating(wanted, ports.clock.now()),
    tell: async (wanted, noted, keep) => {
      let now = wanted;
      let refused: GitHubRefuses | undefined;
      const change = (release: Release, to: Parameters<typeof withRelease>[2]) => {
        now = withRelease(now, release, to);
        keep(now);
      };
      for (;;) {
        // What was refused once is not asked a second time in one turn.
        const next = nextTelling(now, refused === undefined ? said : undefined);
        if (next === undefined) break;
        const { release, telling } = next;
        try {
          mustHaveTime(ports.clock);
          const deployment =
            release.deployment ?? (await deploymentOf(environment, release, noted, ports));
          change(release, { deployment });
          mustHaveTime(ports.clock);
          const status = { ...telling, logUrl: release.logUrl };
          await ports.reports.setDeploymentStatus(release.repository, deployment, status);
          change(release, { told: telling });
        } catch (error) {
          if (!(error instanceof GitHubRefuses)) throw error;
          change(release, { refused: telling });
          refused ??= error;
        }
      }
      if (refused !== undefined) throw refused;
    },
  });
}

/** A deployment has no idempotency key: what an earlier turn asked for is searched for first. */
async function deploymentOf(
  environment: string,
  release: Release,
  noted: Environment | undefined,
  { reports }: FeedbackPorts,
): Promise<number> {
  const facts = { ...release, environment };
  const asked = noted?.releases.some(
    (one) =>
      one.askedAt !== undefined && one.release === release.release && one.sha === release.sha,
  );
  const found = asked === true ? await reports.findDeployment(facts) : undefined;
  return found ?? (await reports.createDeployment(facts));
}
