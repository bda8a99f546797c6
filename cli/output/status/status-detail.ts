/** All about one target: the answer first, then what it rests on. */
import { nextInWords } from '../../../shared/core/incident/next-step.ts';
import { percentOf } from '../../../shared/core/model/balancer.ts';
import { imageLabel, lastPart, shortDigest } from '../../../shared/core/model/image.ts';
import type { TargetStatus } from '../../connect/target-status.ts';
import { colors, width } from '../print.ts';
import { sides } from '../table.ts';
import { when } from '../times.ts';
import { harmInWords, imagesInWords, rollbackInWords, wantedInWords } from '../words.ts';
import { wrapped } from '../wrapped.ts';
import { paintOf } from './status-lines.ts';

const QUARANTINED_MAX = 5;

export function statusDetail(target: TargetStatus, now: number): string {
  const { headline, next, actions, last } = target;
  const parts = [
    `${colors.bold(target.target)}  ${colors.dim(`${target.key}, mode ${target.mode}`)}`,
    paintOf(target)(wrapped(headline, width())),
    ...(last?.aws == null ? [] : [colors.dim(wrapped(`AWS says: ${last.aws}`, width()))]),
    ...(last?.badAnswers == null ? [] : [wrapped(`${harmInWords(last.badAnswers)}.`, width())]),
    wrapped(nextInWords(next), width()),
    ...(actions.length === 0 ? [] : [actions.map(actionOf).join('\n')]),
    sides(facts(target, now), colors),
  ];
  return parts.join('\n\n');
}

/** The command stands alone on its line, to be copied. */
function actionOf({ to, command }: TargetStatus['actions'][number]): string {
  return `${wrapped(`To ${to}:`, width())}\n  ${colors.bold(command)}`;
}

function facts(target: TargetStatus, now: number): readonly (readonly [string, string])[] {
  const { state, phase, because, hold, last, waiting, since, nextLook } = target;
  const held = hold !== null || because?.startsWith('held') === true ? ', held' : '';
  const isTold =
    because === null ||
    state === 'needs-attention' ||
    because === last?.because ||
    because.startsWith('held');
  const about = isTold ? '' : `: ${because}`;
  return [
    ['phase', `${phase}${held}${about}`],
    ['since', moment(since, now)],
    ['tasks', tasks(target)],
    ...(target.shift === null ? [] : [['traffic', shiftInWords(target.shift, now)] as const]),
    ...(last === null ? [] : [['last release', lastInWords(last, now)] as const]),
    ...(Object.keys(waiting).length === 0 ? [] : [['waiting', imagesInWords(waiting)] as const]),
    ['next look', nextLook === null ? 'when the next event comes' : look(nextLook, now)],
    ['alarms', alarms(target)],
    ['could roll back now', rollbackInWords(target.couldRollBack)],
    ...(hold === null ? [] : [['held', holdInWords(hold, now)] as const]),
    ...target.pending.map(
      ({ id, what, by, because, since }) =>
        [
          "waits for a person's word",
          `${id}: ${what}, asked by ${by} ${moment(since, now)}: ${because}`,
        ] as const,
    ),
    ...target.unseen.map((one) => ['not seen', one] as const),
    ...(target.quarantined.length === 0 ? [] : [['quarantined', quarantine(target, now)] as const]),
  ];
}

function holdInWords(hold: NonNullable<TargetStatus['hold']>, now: number): string {
  const ends = hold.until === null ? '' : `, until ${moment(hold.until, now)}`;
  return `by ${hold.by} since ${moment(hold.since, now)}${ends}: ${hold.because}`;
}

function tasks({ running }: TargetStatus): string {
  const lines = running.revisions.map(({ revision, images, running, pending, traffic }) => {
    const starts = pending === 0 ? '' : `, ${pending} start`;
    const all = traffic === 'all' ? ', all traffic' : '';
    const names = images === null ? 'images not known' : imagesInWords(images);
    return `${revision}  ${running} running${starts}${all}  ${colors.dim(names)}`;
  });
  return [wantedInWords(running), ...lines].join('\n');
}

function shiftInWords(
  { stage, stageSince, shares, heardAt }: NonNullable<TargetStatus['shift']>,
  now: number,
): string {
  const parts = Object.entries(shares ?? {}).map(([name, share]) => `${name} ${percentOf(share)}`);
  const given =
    shares === null
      ? 'no load balancer tells it'
      : `${parts.join(', ')}, as the load balancer said ${moment(heardAt, now)}`;
  return stage === null ? given : `${given}\nECS is at ${stage} since ${moment(stageSince, now)}`;
}

function lastInWords(last: NonNullable<TargetStatus['last']>, now: number): string {
  const { images, release, revision, became, at, by } = last;
  const what =
    images === null ? (revision ?? 'not known') : Object.values(images).map(imageLabel).join(' + ');
  const number = release === null ? '' : `#${lastPart(release)} `;
  const who = by === null ? '' : `, asked for by ${by}`;
  return `${number}${what}${revision === null ? '' : `, ${revision}`}: ${became} ${moment(at, now)}${who}`;
}

function quarantine({ quarantined, last }: TargetStatus, now: number): string {
  const known = Object.values(last?.images ?? {});
  const shown = quarantined.slice(0, QUARANTINED_MAX).map(({ digest, since, source }) => {
    const image = known.find((one) => one.digest === digest);
    const name = image === undefined ? shortDigest(digest) : imageLabel(image);
    const from = source === null ? '' : `, from ${source}`;
    return `${name}${from}, since ${moment(since, now)}`;
  });
  const more = quarantined.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

function alarms({ alarms: states }: TargetStatus): string {
  const all = Object.entries(states);
  if (all.length === 0) return 'none configured';
  return all
    .map(([name, state]) => `${name} ${(state === 'OK' ? colors.green : colors.red)(state)}`)
    .join('\n');
}

function moment(iso: string | null, now: number): string {
  return iso === null ? '–' : when(Date.parse(iso), now);
}

/** One that is due is no look of the past. */
function look(iso: string, now: number): string {
  return Date.parse(iso) <= now ? 'due now' : moment(iso, now);
}
