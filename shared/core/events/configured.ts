/** What the config says of a target: its rules, that it is there again, that it is there no longer. */
import { pendingOf } from '../model/approval.ts';
import { announce, because, type Decision, enter, leave } from '../model/decision.ts';
import { without } from '../model/entries.ts';
import type { Configured, Retired } from '../model/event.ts';
import {
  describeImages,
  type ImageSet,
  type Moment,
  revisionName,
  waitingImages,
} from '../model/image.ts';
import { backOf, externalOf, ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';

export function configured(record: TargetRecord, event: Configured): Decision {
  if (record.retired) {
    const { runs: _, retired: __, ...rest } = record;
    const back: TargetRecord = { ...rest, id: event.id, rules: event.rules, observeAt: event.at };
    return because(back, 'the config names it again');
  }
  const changed = { ...record, id: event.id, rules: event.rules };
  return because(
    fromOtherRepository(changed, record, event.at),
    'the config changed: it counts from the next release',
  );
}

/**
 * Images of two repositories do not compare: the newest of the new one is offered as the first was,
 * and what waits from the old one is not what the config wants any more.
 */
function fromOtherRepository(record: TargetRecord, before: TargetRecord, at: Moment): TargetRecord {
  const { containers } = record.rules;
  const moved = Object.entries(before.rules.containers).flatMap(([name, was]) => {
    const is = containers[name];
    return is === undefined || (is.repository === was.repository && is.registry === was.registry)
      ? []
      : [name];
  });
  if (moved.length === 0) return record;
  const repositories = moved.map((name) => containers[name]?.repository).join(', ');
  const left = leave(record, moved, 'refused', {
    at,
    because: `the config takes images of ${repositories} now`,
    next: `push it to ${repositories}`,
  });
  const unplaced = left.unplaced?.map((one) => ({
    ...one,
    containers: one.containers.filter((name) => !moved.includes(name)),
  }));
  const newest = without(left.newest, (_, name) => moved.includes(name));
  const kept = unplaced?.filter(({ containers: some }) => some.length > 0);
  return { ...left, newest, ...(kept && { unplaced: kept }) };
}

export function retired(record: TargetRecord, event: Retired): Decision {
  if (record.retired) return because(record, 'retired before');
  const { observeAt: _, unplaced = [], pending: __, ...rest } = record;
  const sentence = 'the config names this target no longer';
  const left = enter(rest, { phase: 'idle' });
  const next: TargetRecord = { ...left, waiting: {}, retired: true };
  const asked = pendingOf(record).flatMap(({ of: { command } }) =>
    command.do === 'deploy' ? Object.entries(command.images) : [],
  );
  const held = unplaced.flatMap(({ image, containers }) => containers.map((name) => [name, image]));
  const { release, images, goesOn } = whatIsLeft(record);
  const told = announce(next, 'retired', {
    at: event.at,
    because: sentence,
    next: `${goesOn}; Slipway looks at it no more`,
    images: {
      ...Object.fromEntries([...asked, ...held]),
      ...waitingImages(record.waiting),
      ...images,
    },
    release,
  });
  return because(told, sentence);
}

/** What nobody brings to its end, in words: nothing bad is left running unsaid. */
function whatIsLeft(record: TargetRecord): {
  readonly release?: string | undefined;
  readonly images?: ImageSet;
  readonly goesOn: string;
} {
  const { phase, needsAttention } = record;
  const own = ownRelease(phase);
  if (own !== undefined) {
    const { id, images } = own.release;
    return { release: id, images, goesOn: `${id} goes on unwatched: it is not proven` };
  }
  const back = backOf(phase);
  if (back !== undefined) {
    const { release, images, because: why } = back.condemned;
    const what = release ?? describeImages(images);
    const goesOn = `${what} was condemned (${why}) and may go on running: its rollback is not followed to its end, so look what runs`;
    return { release, images, goesOn };
  }
  const external = externalOf(phase);
  if (external !== undefined) {
    return { goesOn: `${revisionName(external.revision)} goes on running: it is not proven` };
  }
  return {
    goesOn:
      needsAttention === undefined
        ? 'what runs goes on running'
        : `what runs goes on running, and needs attention: ${needsAttention.because}`,
  };
}
