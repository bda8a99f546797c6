/** Which of two announcements is the newer one: messages come twice and in any order. */
import type { Moment } from '../core/model/image.ts';

export interface Said {
  /** Of the announcement: `<key>#<decision>.<number>`. */
  readonly id: string;
  readonly at: Moment;
}

const ID = /^(?<key>.*)#(?<decision>\d+)\.(?<number>\d+)$/;

/**
 * Of one record its own count decides: the clocks of CodeBuild and ours differ, and a build that
 * ended at once must not seem older than its own start. Between records only time is left.
 */
export function byAge(one: Said, other: Said): number {
  const [mine, theirs] = [ID.exec(one.id)?.groups, ID.exec(other.id)?.groups];
  if (mine === undefined || theirs === undefined || mine.key !== theirs.key) {
    return one.at - other.at || (one.id < other.id ? -1 : Number(one.id > other.id));
  }
  return (
    Number(mine.decision) - Number(theirs.decision) || Number(mine.number) - Number(theirs.number)
  );
}

export function isNewer(one: Said, other: Said | undefined): boolean {
  return other === undefined || byAge(one, other) > 0;
}
