/** A run as a story: one line for what a person would want to know of, with its virtual time. */

import type { BusEvent } from '@slipway/local-cloud/eventbridge/bus-event.ts';
import { hookWords, trafficWords } from '../../local/page/shift-words.ts';
import type {
  Announced,
  CallMade,
  DecisionMade,
  Entry,
  SourceAnnounced,
  StatusSet,
} from '../../local/stories/timeline.ts';
import { type Colors, clock } from './print.ts';
import { foldsOf } from './story-folds.ts';

type Paint = (text: string) => string;

interface Line {
  readonly who: string;
  readonly text: string;
  readonly paint: Paint;
}

/** The lines of the story, in order; `from` is the moment that is told as 00:00. */
export function storyLines(
  timeline: readonly Entry[],
  from: number,
  colors: Colors,
): readonly string[] {
  const statuses = timeline.filter((entry) => entry.type === 'status');
  const shown = new Set(timeline.map((entry) => statusOf(entry, statuses)));
  const inOrder = timeline.toSorted((a, b) => a.at - b.at);
  const { left, steps } = foldsOf(inOrder);
  const timeOf = ({ at }: Entry) => clock((at - from) / 1000);
  const last = inOrder.at(-1);
  // From an hour on it has one figure more: the lines stay below each other.
  const width = last === undefined ? 0 : timeOf(last).length;
  return inOrder
    .filter((entry) => !left.has(entry))
    .flatMap((entry) => {
      const line = entry.type === 'status' ? lateLine(entry, shown, colors) : lineOf(entry, colors);
      if (line === undefined) return [];
      const time = colors.dim(timeOf(entry).padStart(width));
      const status = inBrackets(statusOf(entry, statuses), colors);
      const count = steps.get(entry);
      const text = `${inOneLine(line.text)}${count === undefined ? '' : `, in ${count} steps`}`;
      return [`${time}  ${line.paint(line.who.padEnd(9))} ${text}${status}`];
    });
}

/** Strangers write reasons and messages: none of them may begin a line of its own. */
function inOneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]\s*/g, ' ');
}

function lineOf(entry: Entry, colors: Colors): Line | undefined {
  switch (entry.type) {
    case 'step':
      return { who: 'you', text: entry.text, paint: colors.cyan };
    case 'event':
      return eventLine(entry.event, colors);
    case 'call':
      return callLine(entry, colors);
    case 'announcement':
      return announcementLine(entry.announcement, colors);
    case 'traffic': {
      const text = `${entry.target}: ${trafficWords(entry)}`;
      return { who: 'traffic', text, paint: colors.blue };
    }
    case 'hook': {
      const paint = entry.status === 'FAILED' ? colors.red : colors.dim;
      return { who: 'hook', text: `${entry.target}: ${hookWords(entry)}`, paint };
    }
    case 'failure':
      return {
        who: 'error',
        text: `${entry.function} failed: ${entry.error}; ${entry.next}`,
        paint: colors.red,
      };
    case 'source':
      return sourceLine(entry.announcement, colors);
    case 'decision':
      return judgedLine(entry, colors);
    case 'status':
      return undefined;
  }
}

/** Of decisions only what the judge says since: a share is held for it, or grows. */
function judgedLine({ target, judged }: DecisionMade, colors: Colors): Line | undefined {
  if (judged === undefined) return undefined;
  const { state, because } = judged;
  const paint = state === 'waiting' || state === 'harmless' ? colors.dim : colors.yellow;
  return { who: 'judge', text: `${target}: ${state}: ${because}`, paint };
}

function eventLine(event: BusEvent, colors: Colors): Line | undefined {
  const { detail } = event;
  switch (event['detail-type']) {
    case 'CloudWatch Alarm State Change': {
      const state = stateOf(detail.state);
      const paint = state.value === 'ALARM' ? colors.red : colors.green;
      const why = state.value === 'ALARM' ? `: ${shorter(state.reason)}` : '';
      const text = `${String(detail.alarmName)}: ${stateOf(detail.previousState).value} → ${state.value}${why}`;
      return { who: 'alarm', text, paint };
    }
    case 'ECR Image Scan':
    case 'Inspector2 Scan': {
      const repository = event.resources[0]?.split(':repository/').at(-1) ?? '';
      const counts = Object.entries(Object(detail['finding-severity-counts']));
      const found = counts.filter(([name]) => name !== 'TOTAL').map(([name, n]) => `${n} ${name}`);
      const result = found.join(', ') || 'nothing found';
      const status = String(detail['scan-status']).replaceAll('_', ' ').toLowerCase();
      return { who: 'scan', text: `${repository}: ${status}: ${result}`, paint: colors.blue };
    }
    case 'ECS Deployment State Change': {
      const service = event.resources[0]?.split('/').at(-1) ?? '';
      const name = String(detail.eventName).replace('SERVICE_DEPLOYMENT_', '').toLowerCase();
      const paint = name === 'failed' ? colors.red : colors.blue;
      const words = name.replace('_', ' ');
      const why = String(detail.reason);
      const reason = /in progress\.$|completed\.$/.test(why) ? '' : `: ${why}`;
      return { who: 'ecs', text: `${service}: deployment ${words}${reason}`, paint };
    }
    default:
      return undefined;
  }
}

/** Without what CloudWatch adds to every reason. */
function shorter(reason: string): string {
  return reason.replaceAll(/Threshold Crossed: | \(minimum [^)]*\)/g, '');
}

function stateOf(state: unknown): { readonly value: string; readonly reason: string } {
  const { value = '', reason = '' } = (state ?? {}) as { value?: string; reason?: string };
  return { value, reason };
}

/** Only what changes something. */
function callLine({ service, operation, input, outcome }: CallMade, colors: Colors) {
  if (service !== 'ecs' || !/^(Register|Update|Stop)/.test(operation)) return undefined;
  const names = input as Readonly<Record<string, string | undefined>>;
  const stopped = names.serviceDeploymentArn?.split('/').at(-2);
  const what = [names.service ?? names.family ?? stopped, names.taskDefinition?.split('/').at(-1)];
  const end = outcome === 'ok' ? '' : ` (${outcome})`;
  const text = `ecs:${operation} ${what.filter(Boolean).join(' ')}`.trimEnd() + end;
  return { who: 'slipway →', text: outcome === 'ok' ? colors.dim(text) : text, paint: colors.dim };
}

function announcementLine(announcement: Announced, colors: Colors): Line {
  const { kind, target, images, because, runsNow, next } = announcement;
  const paint = paintOf(kind, colors);
  const tags = Object.values(images ?? {}).map(({ tags }) => tags[0]);
  const what = [target, ...tags.filter((tag) => tag !== undefined)].join(' ');
  const after = ['rolled-back', 'needs-attention', 'failed', 'held'].includes(kind)
    ? colors.dim(` [runs ${runsNow}; ${next}]`)
    : '';
  const text = `${paint(kind.replace('-', ' '))} ${colors.bold(what)}: ${shorter(because)}${after}`;
  return { who: 'slipway', text, paint: colors.magenta };
}

function sourceLine(announcement: SourceAnnounced, colors: Colors): Line {
  const { kind, commit, image, tag, because } = announcement;
  const paint = paintOf(kind, colors);
  const what = [image, tag ?? commit.slice(0, 7)].filter((part) => part !== undefined);
  const text = `${paint(kind.replace('-', ' '))} ${colors.bold(what.join(' '))}: ${because}`;
  return { who: 'build', text, paint: colors.magenta };
}

/** A status that comes later than this has a line of its own: GitHub was away. */
const LATE_MS = 30_000;

/** What then stands on the commit, if GitHub was told at once. */
function statusOf(entry: Entry, statuses: readonly StatusSet[]): StatusSet | undefined {
  const wanted = contextOf(entry);
  if (wanted === undefined) return undefined;
  return statuses.find(
    ({ at, sha, context }) =>
      at >= entry.at &&
      at <= entry.at + LATE_MS &&
      sha === wanted.sha &&
      context === wanted.context,
  );
}

function inBrackets(status: StatusSet | undefined, colors: Colors): string {
  return status === undefined
    ? ''
    : ` ${colors.dim('[')}${statusInWords(status, colors)}${colors.dim(']')}`;
}

function lateLine(
  status: StatusSet,
  shown: ReadonlySet<StatusSet | undefined>,
  colors: Colors,
): Line | undefined {
  if (shown.has(status)) return undefined;
  const text = `${statusInWords(status, colors)}: ${shorter(status.description)}`;
  return { who: 'github', text, paint: colors.magenta };
}

function statusInWords({ sha, context, state }: StatusSet, colors: Colors): string {
  const paint =
    state === 'success' ? colors.green : state === 'pending' ? colors.yellow : colors.red;
  return `${colors.dim(`${sha.slice(0, 7)} ${context}:`)} ${paint(state)}`;
}

function contextOf(entry: Entry): Pick<StatusSet, 'sha' | 'context'> | undefined {
  if (entry.type === 'source') {
    const { commit, image } = entry.announcement;
    return image === undefined ? undefined : { sha: commit, context: `slipway/build/${image}` };
  }
  if (entry.type !== 'announcement') return undefined;
  const { target, images = {} } = entry.announcement;
  const commit = Object.values(images).find((image) => image.commit !== undefined)?.commit;
  return commit === undefined ? undefined : { sha: commit.sha, context: `slipway/${target}` };
}

function paintOf(kind: string, colors: Colors): Paint {
  switch (kind) {
    case 'proven':
    case 'adopted':
    case 'built':
      return colors.green;
    case 'rolled-back':
    case 'build-failed':
    case 'failed':
    case 'needs-attention':
      return colors.red;
    case 'started':
    case 'building':
      return colors.blue;
    default:
      return colors.yellow;
  }
}
