/**
 * Tells GitHub of one announcement. What GitHub knows already, and what is older than that, is told
 * to nobody; what GitHub cannot take now comes back later, for three days.
 */
import { GitHubIsBusy, GitHubRefuses } from '../github-errors.ts';
import { TransientError } from '../ports.ts';
import type { CommitStatus } from './feedback.ts';
import { ofKnown, whyUnknown } from './known.ts';
import { pausedFor, pauseFor, secondsUntilAgain } from './patience.ts';
import type { FeedbackPorts } from './ports.ts';
import { isNewer, type Said } from './said.ts';
import { type AnyAnnouncement, feedbackFor } from './say.ts';
import { tellEnvironment } from './tell-environment.ts';
import { inTurn, NotNow } from './turn.ts';

export type Delivered =
  /** `known`: everything was told before, or something newer was. */
  | { readonly outcome: 'told' | 'known' | 'nothing' }
  | { readonly outcome: 'later'; readonly seconds: number; readonly because: string }
  | { readonly outcome: 'given-up'; readonly because: string };

/** Throws `GitHubRefuses` for what a person must mend; what did not depend on it was told. */
export async function deliver(
  announcement: AnyAnnouncement,
  ports: FeedbackPorts,
): Promise<Delivered> {
  const unknown = whyUnknown(announcement, ports.known);
  if (unknown !== undefined) {
    ports.log.warn('GitHub is not told', { because: unknown });
    return { outcome: 'nothing' };
  }
  const said = { id: announcement.id, at: announcement.at };
  const feedback = ofKnown(feedbackFor(announcement, ports.home), ports.known);
  const statuses = feedback.flatMap(({ status }) => status ?? []);
  const words = feedback.flatMap(({ deployment }) => deployment ?? []);
  const [environment] = words.map((word) => word.environment);
  const tasks = [
    ...statuses.map((status) => () => tellStatus(status, said, ports)),
    ...(environment === undefined ? [] : [() => tellEnvironment(environment, words, said, ports)]),
  ];
  if (tasks.length === 0) return { outcome: 'nothing' };
  try {
    const pause = await pausedFor(ports);
    if (pause !== undefined) throw new NotNow(pause.because, pause.seconds);
    return { outcome: (await inOrder(tasks)) ? 'told' : 'known' };
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    return await later(error, announcement.at, ports);
  }
}

/** One that is refused does not stop the others. */
async function inOrder(tasks: readonly (() => Promise<boolean>)[]): Promise<boolean> {
  const refused: GitHubRefuses[] = [];
  let told = false;
  for (const task of tasks) {
    try {
      told = (await task()) || told;
    } catch (error) {
      if (!(error instanceof GitHubRefuses)) throw error;
      refused.push(error);
    }
  }
  const [first] = refused;
  if (first !== undefined) throw first;
  return told;
}

async function later(
  error: TransientError,
  at: number,
  { clock, notes, log }: FeedbackPorts,
): Promise<Delivered> {
  const because = error.message;
  const now = clock.now();
  if (error instanceof GitHubIsBusy && error.isLimit) {
    await pauseFor({ notes, log }, now, error.afterSeconds ?? 0, because);
  }
  const seconds = secondsUntilAgain({ at, now, error });
  return seconds === undefined
    ? { outcome: 'given-up', because }
    : { outcome: 'later', seconds, because };
}

interface Status {
  readonly said: Said;
  readonly told?: true;
  readonly status: CommitStatus;
}

async function tellStatus(
  status: CommitStatus,
  said: Said,
  ports: FeedbackPorts,
): Promise<boolean> {
  const { repository, sha, context } = status;
  return await inTurn<Status>(`status/${repository}/${sha}/${context}`, ports, {
    merge: (noted) => (isNewer(said, noted?.said) ? { said, status } : noted),
    isOwing: ({ told }) => told !== true,
    tell: async (wanted, _, keep) => {
      await ports.reports.setStatus(wanted.status);
      keep({ ...wanted, told: true });
    },
  });
}
