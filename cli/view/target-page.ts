/** One target: the incident answer, what runs, its releases, and what was decided. */
import { nextInWords } from '../../shared/core/incident/next-step.ts';
import { momentOf } from '../../shared/core/model/event.ts';
import { type ImageSet, lastPart } from '../../shared/core/model/image.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import type { ClaimShown } from '../claims/shown.ts';
import type { TargetStatus } from '../connect/target-status.ts';
import { type ReleaseRow, releasesIn } from '../output/releases.ts';
import { duration, when } from '../output/times.ts';
import {
  harmInWords,
  imagesInWords,
  iso,
  rollbackInWords,
  wantedInWords,
} from '../output/words.ts';
import { toneOf, unseenLines, words } from './fleet-page.ts';
import { html, type Markup } from './markup.ts';

const RELEASES_MAX = 50;
const ENTRIES_MAX = 50;

export interface Around {
  readonly now: number;
  /** Of GitHub, to which commits are linked; undefined: they are not. */
  readonly web?: string;
  /** The number of the release that is meant; absent: the newest. */
  readonly release?: number;
  /** Images of it that others built: they wait for GitHub's word, or were not taken. */
  readonly claims?: readonly ClaimShown[];
}

/** `entries` oldest first. */
export function targetPage(
  status: TargetStatus,
  entries: readonly HistoryEntry[],
  around: Around,
): Markup {
  const { target, state } = status;
  const { release } = around;
  const rows = releasesIn(entries);
  const meant = rows.filter(({ release: name }) => release !== undefined && isOf(name, release));
  const shown = [...meant, ...rows.filter((row) => !meant.includes(row)).slice(0, RELEASES_MAX)];
  return html`<p><a href="/">all targets</a>${release === undefined ? undefined : html` · <a href="/targets/${encodeURIComponent(target)}">${target} now</a>`}</p>
<h1>${target} <span class="state ${toneOf(state)}">${words(state)}</span></h1>
${answer(status)}
${claimed(around)}
${release === undefined || meant.length > 0 ? undefined : html`<p class="trouble">Release #${release} does not stand in the history that is kept</p>`}
<section id="charts" aria-labelledby="charts-name" data-target="${target}" data-release="${release ?? ''}"></section>
${release === undefined ? undefined : releases('The release that is meant', meant, target, around)}
${runs(status)}
${releases('Releases', release === undefined ? shown : shown.slice(meant.length), target, around)}
${decisions(entries.slice(-ENTRIES_MAX).toReversed())}`;
}

function isOf(name: string | null, release: number): boolean {
  return name !== null && lastPart(name) === String(release);
}

function answer({ headline, next, actions, last, unseen }: TargetStatus): Markup {
  return html`<p class="headline">${headline}</p>
${last?.aws == null ? undefined : html`<p class="quiet">AWS says: ${last.aws}</p>`}
${last?.badAnswers == null ? undefined : html`<p>${harmInWords(last.badAnswers)}.</p>`}
${unseenLines(unseen)}
<p>${nextInWords(next)}</p>
${actions.map(({ to, command }) => html`<p>To ${to}: <code>${command}</code></p>`)}`;
}

/** It stands beside the answer, which is about what a target was offered. */
function claimed({ claims = [], now }: Around): readonly Markup[] {
  return claims.map(
    ({ because, outlook, command, at }) =>
      html`<p class="claim">${because} (${when(Date.parse(at), now)}); ${outlook}. To deploy it by hand: <code>${command}</code></p>`,
  );
}

function runs({
  running,
  alarms,
  couldRollBack,
  hold,
  key,
  mode,
  quarantined,
}: TargetStatus): Markup {
  const rows = running.revisions.map(
    ({ revision, images, running: count, pending, traffic }) =>
      html`<li>${revision}: ${count} running${pending === 0 ? '' : `, ${pending} start`}${traffic === 'all' ? ', all traffic' : ''}; ${images === null ? 'images not known' : imagesInWords(images)}</li>`,
  );
  const states = Object.entries(alarms).map(
    ([name, state]) => html`<li>${name}: <span class="tone ${toneOf(state)}">${state}</span></li>`,
  );
  return html`<h2>What runs</h2>
<p>${wantedInWords(running)}; ${key}, mode ${mode}</p>
<ul>${rows}</ul>
<p>Could roll back now: ${rollbackInWords(couldRollBack)}</p>
${hold === null ? undefined : html`<p>Held by ${hold.by} since ${hold.since}: ${hold.because}</p>`}
${quarantined.length === 0 ? undefined : html`<p>Quarantined: ${quarantined.map(({ digest }) => digest.slice(0, 19)).join(', ')}</p>`}
<h2>Alarms</h2>
${states.length === 0 ? html`<p>none configured</p>` : html`<ul>${states}</ul>`}`;
}

function releases(
  title: string,
  rows: readonly ReleaseRow[],
  target: string,
  around: Around,
): Markup {
  if (rows.length === 0) return html`<h2>${title}</h2><p>none in the newest decisions</p>`;
  return html`<h2>${title}</h2>
<ol class="releases">${rows.map((row) => release(row, target, around))}</ol>`;
}

function release(row: ReleaseRow, target: string, { now, web, release: meant }: Around): Markup {
  const { release: name, state, images, because, aws, who, began, at, revision } = row;
  const number = name === null ? undefined : lastPart(name);
  const [from, to] = [Date.parse(began), Date.parse(at)];
  const took = to > from ? `, ${duration(to - from)} after it began` : '';
  const address = `/targets/${encodeURIComponent(target)}/releases/${number}`;
  const link = number === undefined ? undefined : html`<a href="${address}">#${number}</a> `;
  const id = number === undefined ? undefined : html` id="release-${number}"`;
  const isMeant = number !== undefined && number === String(meant);
  return html`<li${id} class="item ${toneOf(state)}${isMeant ? ' meant' : ''}">
<h3>${link}${imagesInWords(images)} <span class="state">${words(state)}</span></h3>
<p>${because}</p>
<p class="quiet">${who}${revision === null ? '' : `, ${revision}`}, ${duration(now - to)} ago${took}${commits(images, web)}</p>
${aws === null ? undefined : html`<p class="quiet">AWS says: ${aws}</p>`}
</li>`;
}

function commits(images: ImageSet, web: string | undefined): readonly Markup[] {
  const known = Object.values(images).flatMap(({ commit }) => commit ?? []);
  const unique = new Map(known.map((one) => [one.sha, one]));
  return [...unique.values()].map(({ repository, sha }) => {
    const short = sha.slice(0, 12);
    return web === undefined
      ? html`, commit ${short}`
      : html`, commit <a href="${web}/${repository}/commit/${sha}">${short}</a>`;
  });
}

function decisions(entries: readonly HistoryEntry[]): Markup {
  const items = entries.map((entry) => {
    const { sequence, event, phase, because, announcements = [] } = entry;
    const at = momentOf(event);
    const when = at === undefined ? '' : iso(at).slice(0, 19).replace('T', ' ');
    const told = announcements.map(({ kind }) => words(kind)).join(', ');
    const moves = at === undefined ? undefined : html` data-at="${at}"`;
    return html`<li><details id="entry-${sequence}"${moves}><summary>${when} ${eventInWords(event)} ${because} <span class="quiet">(${words(phase)})</span>${told === '' ? undefined : html` <span class="told">Announced: ${told}</span>`}</summary><pre tabindex="0" aria-label="The whole entry">${JSON.stringify(entry, null, 2)}</pre></details></li>`;
  });
  return html`<h2>What was decided</h2>
<p class="quiet">Newest first. An entry that is opened shows all that is kept of it, and moves the charts to its moment.</p>
<ol class="entries">${items}</ol>`;
}

/** What it was decided on; a look says enough by what came of it. */
function eventInWords(event: HistoryEntry['event']): string {
  switch (event.type) {
    case 'AlarmChanged':
      return `Alarm ${event.alarm}: ${event.from} to ${event.to}.`;
    case 'CommandReceived':
      return `${event.by} asked: ${words(event.command.do)}.`;
    case 'ImagePushed':
      return 'An image was pushed.';
    case 'CallRefused':
    case 'CallDeferred':
      return 'AWS did not do what was asked.';
    default:
      return '';
  }
}
