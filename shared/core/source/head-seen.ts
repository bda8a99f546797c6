/**
 * GitHub was asked what the ref points to. A commit that no push told of is one whose delivery was lost, or
 * refused in a flood: its place is asked of GitHub like that of any other push. So is one that is known and not
 * the newest: the ref may have been put back to it.
 */
import { defined } from '../model/defined.ts';
import { newestWanted } from './confirming.ts';
import { because, refName, type SourceDecision, shortCommit } from './decision.ts';
import type { HeadSeen } from './event.ts';
import { placeOf } from './line.ts';
import { place } from './placing.ts';
import type { RefMove, SourceRecord } from './record.ts';
import { buildHeads } from './wanting.ts';

const UNHEARD = 'somebody whose push was not heard of';

export function headSeen(record: SourceRecord, event: HeadSeen): SourceDecision {
  const { after, at } = event;
  const name = shortCommit(after);
  if (record.commits.length === 0) return begun(record, after);
  const isKnown =
    record.commits[0]?.commit === after || record.unplaced.some((push) => push.after === after);
  if (isKnown && record.goneAt === undefined) {
    return because(record, `${refName(record.ref)} is at ${name}, which is known`);
  }
  // What is not confirmed may be forged, or be newer than this answer: of that GitHub is asked.
  const [top] = record.commits;
  const isWaiting = newestWanted(record).some(({ wanted }) => wanted.commit === top?.commit);
  if (isWaiting && record.goneAt === undefined && placeOf(record, after) !== undefined) {
    const sentence = `${refName(record.ref)} is at ${name}: whether it has ${shortCommit(top?.commit ?? '')} GitHub is asked`;
    return because(record, sentence);
  }
  const { images, tag, skip } = event;
  const move: RefMove = defined({
    ...{ after, forced: false, by: UNHEARD, unheard: true as const },
    ...{ images, tag, skip },
  });
  return buildHeads(place(record, move, at), at);
}

/**
 * What was pushed before anybody listened is not built unasked; what follows it is. Targets hear of no place
 * yet: a repository of which no push was heard has no order in which their images could be older.
 */
function begun(record: SourceRecord, commit: string): SourceDecision {
  const sentence = `${refName(record.ref)} is at ${shortCommit(commit)}: what follows it is built`;
  return because({ ...record, commits: [{ commit, line: 1, position: 0 }] }, sentence);
}
