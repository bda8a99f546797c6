/**
 * Where a pushed commit stands among those of its ref: by the chain of `before` and `after`, never by
 * arrival. Where the chain has a gap, GitHub is asked how the two commits are related.
 */
import { because, refName, shortCommit } from './decision.ts';
import {
  lead,
  leaves,
  next,
  oweUnlessPlaced,
  type Placed,
  placeOf,
  putBefore,
  putOnTop,
  rewritten,
  still,
} from './line.ts';
import { type RefMove, type SourceRecord, UNPLACED_MAX, type UnplacedPush } from './record.ts';

export function place(record: SourceRecord, push: RefMove, at: number): Placed {
  const { before, after, forced } = push;
  const name = shortCommit(after);
  const head = record.commits[0];
  if (head === undefined) return first(record, push, at);
  if (isOnlySeen(record, push)) return first({ ...record, commits: [] }, push, at);
  if (record.goneAt !== undefined && before === undefined) return recreated(record, push, at);
  if (leaves(record, push)) return lead(next(record, push, at), { push }, at);
  if (forced && after === head.commit && placeOf(record, before) === undefined) {
    const why = `a forced push by ${push.by}`;
    return lead(rewritten(record, push, why, at), { push }, at);
  }
  const known = placeOf(record, after);
  const waitsAlready = record.unplaced.some((one) => one.after === after);
  if (before !== head.commit && (known || waitsAlready) && !mayGoBack(record, push)) {
    const sentence = `${name} is known already, by this push or by one that follows it`;
    const noted = known === undefined ? record : putBefore(record, before, known);
    return still(noted, `${sentence}: a late delivery, nothing is built`);
  }
  return waits(record, push, at);
}

/** GitHub was asked what the ref points to before its first push came, which was late, or lost and is sent again. */
function isOnlySeen({ commits, unplaced }: SourceRecord, { after, unheard }: RefMove): boolean {
  const [head, ...others] = commits;
  const isBegun = head?.position === 0 && others.length + unplaced.length === 0;
  return isBegun && head.commit === after && unheard === undefined;
}

/** Nothing is known of this ref; what it pointed to before is older. */
function first(record: SourceRecord, push: RefMove, at: number): Placed {
  const { before, after, forced } = push;
  const begun = before === undefined ? record : putOnTop(record, before, { line: 1, position: 0 });
  // What a forced push left belongs to another line, and so does what is heard late of it.
  const line = forced && before !== undefined ? 2 : 1;
  const placed = putOnTop(begun, after, { line, position: 1 });
  return lead(because(placed, `${shortCommit(after)} is the first that is heard of`), { push }, at);
}

function recreated(record: SourceRecord, push: RefMove, at: number): Placed {
  const why = `${refName(record.ref)} was deleted and created again`;
  return lead(rewritten(record, push, why, at), { push }, at);
}

/** A forced push, or the creation after a deletion that was not heard of, may point to an older one. */
function mayGoBack(record: SourceRecord, { before, after, forced }: RefMove): boolean {
  return (forced || before === undefined) && after !== record.commits[0]?.commit;
}

function waits(record: SourceRecord, push: RefMove, at: number): Placed {
  const { after } = push;
  const sentence = whyItWaits(record, push);
  const waiting: UnplacedPush = { ...push, since: at, failures: 0 };
  const next: SourceRecord = {
    ...record,
    unplaced: [...record.unplaced, waiting].slice(-UNPLACED_MAX),
  };
  return still(
    oweUnlessPlaced(next, { of: 'commit', commit: after, waitsBecause: sentence }),
    sentence,
  );
}

function whyItWaits({ commits, unplaced }: SourceRecord, push: RefMove): string {
  const { before = '', after, unheard } = push;
  const name = shortCommit(after);
  if (unplaced.some((one) => one.after === before)) {
    return `${name} follows ${shortCommit(before)}, whose place is not known yet`;
  }
  const asked = `GitHub is asked how it follows ${shortCommit(commits[0]?.commit ?? '')}`;
  if (unheard === true) return `no push of ${name} was heard of: ${asked}`;
  return commits.some(({ commit }) => commit === before)
    ? `${name} may be heard late: ${asked}`
    : `the push before ${name} was not heard of: ${asked}`;
}
