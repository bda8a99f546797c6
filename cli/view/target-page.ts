/** One target: the incident answer, what runs, its releases, and what was decided. */
import { momentOf } from '../../shared/core/model/event.ts';
import { type ImageSet, lastPart } from '../../shared/core/model/image.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import type { TargetStatus } from '../connect/target-status.ts';
import { type ReleaseRow, releasesIn } from '../output/releases.ts';
import { duration } from '../output/times.ts';
import { imagesInWords, iso, rollbackInWords } from '../output/words.ts';
import { words } from './fleet-page.ts';
import { html, type Markup } from './markup.ts';

const RELEASES_MAX = 50;
const ENTRIES_MAX = 50;

/** `entries` oldest first. `web`: of GitHub, to which commits are linked; undefined: they are not. */
export function targetPage(
  status: TargetStatus,
  entries: readonly HistoryEntry[],
  { now, web }: { readonly now: number; readonly web: string | undefined },
): Markup {
  return html`<p><a href="/">all targets</a></p>
<h1>${status.target} <span class="state ${status.state}">${words(status.state)}</span></h1>
${answer(status)}
${runs(status)}
${releases(releasesIn(entries).slice(0, RELEASES_MAX), now, web)}
${decisions(entries.slice(-ENTRIES_MAX).toReversed())}`;
}

function answer({ headline, next, actions, last }: TargetStatus): Markup {
  const who = next.by === 'nobody' ? '' : `${next.by}: `;
  return html`<p class="headline">${headline}</p>
${last?.aws == null ? undefined : html`<p class="aws">AWS says: ${last.aws}</p>`}
<p>Next: ${who}${next.what}</p>
${actions.map(({ to, command }) => html`<p>To ${to}: <code>${command}</code></p>`)}`;
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
    ([name, state]) => html`<li>${name}: <span class="alarm ${state}">${state}</span></li>`,
  );
  return html`<h2>What runs</h2>
<p>${running.desired === null ? 'ECS shows no such service' : `${running.desired} wanted`}; ${key}, mode ${mode}</p>
<ul>${rows}</ul>
<p>Could roll back now: ${rollbackInWords(couldRollBack)}</p>
${hold === null ? undefined : html`<p>Held by ${hold.by} since ${hold.since}: ${hold.because}</p>`}
${quarantined.length === 0 ? undefined : html`<p>Quarantined: ${quarantined.map(({ digest }) => digest.slice(0, 19)).join(', ')}</p>`}
<h2>Alarms</h2>
${states.length === 0 ? html`<p>none configured</p>` : html`<ul>${states}</ul>`}`;
}

function releases(rows: readonly ReleaseRow[], now: number, web: string | undefined): Markup {
  if (rows.length === 0) return html`<h2>Releases</h2><p>none in the newest decisions</p>`;
  return html`<h2>Releases</h2>
<ol class="releases">${rows.map((row) => release(row, now, web))}</ol>`;
}

function release(row: ReleaseRow, now: number, web: string | undefined): Markup {
  const { release: name, state, images, because, aws, who, began, at, revision } = row;
  const number = name === null ? '' : `#${lastPart(name)} `;
  const [from, to] = [Date.parse(began), Date.parse(at)];
  const took = to > from ? `, ${duration(to - from)} after it began` : '';
  const id = name === null ? '' : `release-${lastPart(name)}`;
  return html`<li id="${id}">
<h3>${number}${imagesInWords(images)} <span class="state ${state}">${state.replaceAll('-', ' ')}</span></h3>
<p>${because}</p>
<p class="next">${who}${revision === null ? '' : `, ${revision}`}, ${duration(now - to)} ago${took}${commits(images, web)}</p>
${aws === null ? undefined : html`<p class="aws">AWS says: ${aws}</p>`}
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
    const { sequence, event, phase, because } = entry;
    const at = momentOf(event);
    const when = at === undefined ? '' : iso(at).slice(0, 19).replace('T', ' ');
    return html`<li><details id="entry-${sequence}"><summary>${when} ${phase}: ${because}</summary><pre>${JSON.stringify(entry, null, 2)}</pre></details></li>`;
  });
  return html`<h2>What was decided</h2>
<ol class="entries">${items}</ol>`;
}
