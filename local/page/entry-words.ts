/** One line for an entry of the timeline, in the words of `npm start`. Text only: never HTML. */
import type { PageEntry } from '../server/page-state.ts';
import type { Announced, CallMade, SourceAnnounced, StatusSet } from '../stories/timeline.ts';
import { eventWords } from './event-words.ts';
import { digestText } from './formats.ts';
import { hookWords, trafficWords } from './shift-words.ts';

/** How much somebody wants to read: each has all of those before it. */
export type Depth = 'story' | 'decisions' | 'everything';

export const DEPTHS: readonly Depth[] = ['story', 'decisions', 'everything'];

export type Speaker = 'you' | 'alarm' | 'ecs' | 'aws' | 'slipway' | 'call' | 'github' | 'error';

export interface Told {
  readonly depth: Depth;
  readonly speaker: Speaker;
  readonly tone: 'plain' | 'good' | 'bad' | 'busy' | 'warn';
  /** What is said first and strongest; may be empty. */
  readonly head: string;
  readonly text: string;
  /** What follows from it, said more quietly. */
  readonly after?: string;
}

export function entryWords(entry: PageEntry): Told {
  switch (entry.type) {
    case 'step':
      return { depth: 'story', speaker: 'you', tone: 'plain', head: '', text: entry.text };
    case 'event':
      return eventWords(entry.event);
    case 'call':
      return callWords(entry);
    case 'decision': {
      const { target, phase, because, judged, action } = entry;
      const head = `${target}, ${phase}`;
      const after = action === undefined ? {} : { after: `next call: ${action}` };
      return {
        // Where the judge says something else now, a share is held or grows for it.
        depth: judged === undefined ? 'decisions' : 'story',
        speaker: 'slipway',
        tone: judged?.state === 'suspicious' || judged?.state === 'alike' ? 'warn' : 'plain',
        head,
        text: because,
        ...after,
      };
    }
    case 'announcement':
      return announcementWords(entry.announcement);
    case 'source':
      return sourceWords(entry.announcement);
    case 'status':
      return statusWords(entry);
    case 'traffic':
      return {
        depth: 'story',
        speaker: 'ecs',
        tone: 'busy',
        head: `${entry.target}: traffic`,
        text: trafficWords(entry),
      };
    case 'hook':
      return {
        depth: 'story',
        speaker: 'slipway',
        tone: entry.status === 'FAILED' ? 'bad' : 'plain',
        head: entry.target,
        text: hookWords(entry),
      };
    case 'failure':
      return {
        depth: 'story',
        speaker: 'error',
        tone: 'bad',
        head: `${entry.function} failed`,
        text: entry.error,
        after: entry.next,
      };
  }
  entry satisfies never;
  // A server that was updated under the page may tell of more.
  return { depth: 'everything', speaker: 'aws', tone: 'plain', head: '', text: 'something else' };
}

/** Calls that change what runs are part of the story; a refused one is worth reading, too. */
function callWords({ function: caller, service, operation, input, outcome }: CallMade): Told {
  const changes = service === 'ecs' && /^(Register|Update|Stop)/.test(operation);
  const words = [`${service}:${operation}`, subjectOf(input)].filter((word) => word !== '');
  return {
    depth: changes ? 'story' : 'everything',
    speaker: 'call',
    tone: outcome === 'ok' ? 'plain' : 'warn',
    head: words.join(' '),
    text: outcome === 'ok' ? '' : `was answered ${outcome}`,
    after: `by ${caller}`,
  };
}

const SUBJECTS = [
  'service',
  'repository',
  'family',
  'repositoryName',
  'AlarmName',
  'projectName',
  'Name',
];

/** What a call is about, as far as its input names it shortly. */
function subjectOf(input: object): string {
  const names = input as Readonly<Record<string, unknown>>;
  const text = (name: string) => (typeof names[name] === 'string' ? names[name] : undefined);
  const subject = SUBJECTS.map(text).find((value) => value !== undefined);
  const deployment = text('serviceDeploymentArn')?.split('/').at(-2);
  const revision = text('taskDefinition')?.split('/').at(-1);
  return [subject ?? deployment, revision].filter((word) => word !== undefined).join(' ');
}

function announcementWords({
  kind,
  target,
  images,
  because,
  runsNow,
  next,
}: Partial<Announced>): Told {
  const names = Object.values(images ?? {}).map(
    ({ tags, digest }) => tags?.[0] ?? digestText(digest),
  );
  const subject = [target ?? '', ...names].filter((word) => word !== '').join(' ');
  return {
    depth: 'story',
    speaker: 'slipway',
    tone: toneOf(kind ?? ''),
    head: `${(kind ?? 'announced').replaceAll('-', ' ')}: ${subject}`,
    text: because ?? '',
    ...(next !== undefined && { after: `runs ${runsNow ?? 'nothing'}; ${next}` }),
  };
}

function sourceWords(announcement: Partial<SourceAnnounced>): Told {
  const { kind = 'told', source = '', commit = '', because = '' } = announcement;
  return {
    depth: 'story',
    speaker: 'slipway',
    tone: toneOf(kind),
    head: `${kind.replaceAll('-', ' ')}: ${source} ${commit.slice(0, 7)}`,
    text: because,
  };
}

function statusWords({ repository, sha, context, state, description }: StatusSet): Told {
  const tones = { success: 'good', failure: 'bad', error: 'bad' } as const;
  return {
    depth: 'story',
    speaker: 'github',
    tone: Object.hasOwn(tones, state) ? tones[state as keyof typeof tones] : 'busy',
    head: `${repository} ${sha.slice(0, 7)}, ${context}: ${state}`,
    text: description,
  };
}

function toneOf(kind: string): Told['tone'] {
  if (['proven', 'adopted'].includes(kind)) return 'good';
  if (['rolled-back', 'failed', 'needs-attention'].includes(kind)) return 'bad';
  return kind === 'started' ? 'busy' : 'warn';
}
