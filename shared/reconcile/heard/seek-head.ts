/**
 * GitHub is asked what a branch points to, since it does not send a webhook twice: what no push told of
 * becomes an event of the core. Where nothing is new, and where GitHub does not answer, there is none; the
 * next sweep asks again.
 */
import type { HeadSeen } from '../../core/source/event.ts';
import type { SourceRecord } from '../../core/source/record.ts';
import { skipIn } from '../../edge/push.ts';
import { imageTagOf } from '../../route/find-sources.ts';
import type { SourcePorts } from '../../source-ports.ts';
import type { ReconciledSource } from '../reconcile-source.ts';

export async function seekHead(
  source: Omit<ReconciledSource, 'offer'>,
  ports: SourcePorts,
): Promise<HeadSeen | undefined> {
  const { key, repository, ref, rules } = source;
  const { records, commits, clock, log } = ports;
  const record = (await records.load(key))?.record;
  const known = record?.commits[0]?.commit;
  const head = await commits.head(repository, ref, known);
  if (head.state === 'unknown') {
    log.warn('GitHub does not say what the branch points to', { ref, because: head.because });
    return undefined;
  }
  if (head.state === 'gone' || isKnown(record, head.commit)) return undefined;
  const message = await commits.message(repository, head.commit);
  if (message.state === 'unknown') {
    log.warn('GitHub does not show the commit', { ref, because: message.because });
    return undefined;
  }
  const skip = skipIn(message.text);
  return {
    type: 'HeadSeen',
    at: clock.now(),
    after: head.commit,
    // Nobody tells which paths it changed.
    images: Object.keys(rules.images),
    tag: imageTagOf(ref, head.commit),
    ...(skip === undefined ? {} : { skip }),
  };
}

/** Of a branch that was deleted any head is news. */
function isKnown(record: SourceRecord | undefined, commit: string): boolean {
  return record?.goneAt === undefined && record?.commits[0]?.commit === commit;
}
