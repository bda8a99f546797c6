/**
 * What people are told of an announcement: a subject and the incident answer as text, made once for mail
 * and chat. What became of the release is the announcement's; what runs is what ECS shows while it is
 * told, and where ECS did not answer, it says that it does not know.
 */
import type { Announcement, AnnouncementKind } from '../model/announcement.ts';
import { defined } from '../model/defined.ts';
import { digestsOf, revisionName } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import { withoutQuote } from '../release/quote.ts';
import type { PersonAction } from './actions.ts';
import type { Incident } from './incident.ts';
import { describeLastRelease } from './last-release.ts';
import { announcedNext, type NextStep, naming, nextInWords } from './next-step.ts';
import { describeRunningNow, isGone, shortNames } from './running-now.ts';

export interface Notice {
  /** `web: main-2 was rolled back`; ASCII, fewer than 100 characters, as SNS wants the subject of a mail. */
  readonly subject: string;
  /** What happened and what runs, a sentence or two each. */
  readonly sentences: readonly string[];
  /** What happens next, or what the reader should do. */
  readonly next: NextStep;
  readonly actions: readonly PersonAction[];
  /** AWS's own words. */
  readonly aws?: string;
  /** Which target, release and announcement, and when. */
  readonly about: string;
  /** What belongs together: a release, or what has none. */
  readonly thread: string;
  /** Of those with the same one, the first is told. */
  readonly once: string;
}

const BECAME: Readonly<Record<AnnouncementKind, string>> = {
  adopted: 'was adopted',
  started: 'is being rolled out',
  proven: 'is proven',
  'rolled-back': 'was rolled back',
  failed: 'failed',
  held: 'waits',
  refused: 'was refused',
  superseded: 'was superseded',
  'needs-attention': 'a person is needed for',
  'would-have': 'would have been acted on',
  fought: 'is fought over',
  retired: 'is no longer looked after',
};

const SUBJECT_MAX = 99;
const COMMANDS_MAX = 3;

/** `incident`: how it stands now; undefined where AWS or the table did not answer. */
export function noticeOf(announcement: Announcement, incident: Incident | undefined): Notice {
  const { id, kind, target, key, at, release, because, next } = announcement;
  const { plain, aws } = withoutQuote(because);
  const what = happened(announcement);
  const learn = { to: 'learn why', command: `slipway why ${target}` };
  const isGood = kind === 'proven';
  const stillBad = incident?.last?.release === release ? incident?.stillBad : undefined;
  const isBad = kind === 'needs-attention' && stillBad !== undefined;
  const subject = isBad ? stillBad.what : kind === 'needs-attention' ? asked(what, incident) : what;
  const actions = incident?.actions ?? (isGood ? [] : [learn]);
  return defined({
    subject: asciiOf(`${target}: ${subject}`).slice(0, SUBJECT_MAX),
    sentences: [
      ...(isBad
        ? [ended(`${stillBad.what}: ${stillBad.against}`), sentence(stillBad.notBack)]
        : [
            ended(isGood ? what : `${kind === 'needs-attention' ? capital(what) : what}: ${plain}`),
          ]),
      ...(isGood ? [sentence(plain)] : []),
      ...standing(announcement, incident),
    ],
    next: nextNamed(announcement, announcedNext(kind, next)),
    actions: actions.slice(0, COMMANDS_MAX),
    aws,
    about: `${target} (${key})${release === undefined ? '' : `, release ${release}`}, ${clockTime(at)}`,
    thread: threadOf(announcement),
    // Whom a person was asked for once may be needed for another reason: that is told as well.
    once: kind === 'needs-attention' ? id : `${threadOf(announcement)} ${kind}`,
  });
}

/** As text for a mail. */
export function noticeText({ sentences, next, actions, aws, about }: Notice): string {
  const commands = actions.map(({ to, command }) => `  ${command}\n    to ${to}`);
  return [
    ...sentences,
    nextInWords(next),
    ...(commands.length === 0 ? [] : [`What you can do:\n${commands.join('\n')}`]),
    ...(aws === undefined ? [] : [`AWS says: ${aws}`]),
    about,
  ].join('\n\n');
}

function standing(announced: Announcement, incident: Incident | undefined): readonly string[] {
  if (incident === undefined) {
    return [
      `When this was decided, there ran: ${announced.runsNow}. What runs now could not be asked.`,
    ];
  }
  const { running, redAlarms, stillRed, last } = incident;
  const news = redAlarms.filter((name) => stillRed?.names.includes(name) !== true);
  const isNewer =
    last !== undefined && last.release !== announced.release && last.at > announced.at;
  return [
    sentence(`now: ${describeRunningNow(running)}`),
    ...(stillRed === undefined ? [] : [ended(stillRed.says)]),
    ...(news.length === 0 ? [] : [sentence(`red now: ${news.join(', ')}`)]),
    ...(isNewer ? [sentence(`since then: ${describeLastRelease(last)}`)] : []),
  ];
}

/** `main-2 was rolled back`, `a person is needed for main-2`. */
function happened(announcement: Announcement): string {
  const [name, became] = [whatOf(announcement), BECAME[announcement.kind]];
  return announcement.kind === 'needs-attention' ? `${became} ${name}` : `${name} ${became}`;
}

/** That users have nothing outweighs for whom a person is needed. */
function asked(what: string, incident: Incident | undefined): string {
  const running = incident?.running;
  return running !== undefined && isGone(running) ? 'nothing serves, and a person is needed' : what;
}

function nextNamed({ images }: Announcement, { by, what }: NextStep): NextStep {
  const isNamed = images !== undefined && Object.keys(images).length > 0;
  return { by, what: isNamed ? naming(shortNames(images), what) : what };
}

function whatOf({ images, revision, target }: Announcement): string {
  if (images !== undefined && Object.keys(images).length > 0) return shortNames(images);
  return revision === undefined ? target : revisionName(revision);
}

/** What waits has no number yet, and is known by its digests. */
function threadOf({ id, key, release, images }: Announcement): string {
  if (release !== undefined) return release;
  const digests = digestsOf(images ?? {});
  return digests.length === 0 ? id : `${key}/${[...new Set(digests)].sort().join('+')}`;
}

function sentence(text: string): string {
  return ended(capital(text));
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** What begins with a name keeps it as it is. */
function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Tags and names are; what a person wrote need not be. */
function asciiOf(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?');
}
