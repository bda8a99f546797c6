/** All targets, trouble first; those that are well are folded. */
import { fleetList } from '../../local/page/fleet-list.ts';
import { nextInWords } from '../../shared/core/incident/next-step.ts';
import { claimLines } from '../claims/shown.ts';
import type { Status, TargetStatus } from '../connect/target-status.ts';
import { duration } from '../output/times.ts';
import { html, type Markup } from './markup.ts';

/** `filter`: what a name, a headline or a state has in it. */
export function fleetPage(status: Status, filter: string, now: number): Markup {
  const { targets, stop, unseen, claims } = status;
  const listed = targets.map((one) => ({ ...one, name: one.target }));
  const { title, loud, quiet, quietTitle, quietOpen } = fleetList(listed, filter);
  return html`<h1>${title}</h1>
${stop === null ? undefined : html`<p class="trouble">${stop.by} holds all targets: ${stop.because}</p>`}
${unseenLines(unseen)}
${claimLines(claims, now).map((one) => html`<p class="claim">${one}</p>`)}
<form role="search"><label for="q">Find</label> <input id="q" name="q" value="${filter}" autocomplete="off"> <button>Find</button></form>
${loud.length + quiet.length === 0 ? html`<p>No target has “${filter}” in it.</p>` : undefined}
<ul class="fleet">${loud.map((one) => item(one, now))}</ul>
${quiet.length === 0 ? undefined : folded(quiet, now, quietTitle, quietOpen)}`;
}

const UNSEEN_MAX = 3;

/** What AWS did not tell, of which many targets may lack the same. */
export function unseenLines(unseen: readonly string[]): readonly Markup[] {
  const more = unseen.length - UNSEEN_MAX;
  return [
    ...unseen
      .slice(0, UNSEEN_MAX)
      .map((one) => html`<p class="trouble">Could not be seen: ${one}</p>`),
    ...(more > 0 ? [html`<p class="trouble">and ${more} more could not be seen</p>`] : []),
  ];
}

function folded(quiet: readonly TargetStatus[], now: number, title: string, open: boolean): Markup {
  const list = html`<ul class="fleet">${quiet.map((one) => item(one, now))}</ul>`;
  const name = html`<summary>${title}</summary>`;
  return open
    ? html`<details id="quiet" open>${name}${list}</details>`
    : html`<details id="quiet">${name}${list}</details>`;
}

function item({ target, state, headline: text, next, since }: TargetStatus, now: number): Markup {
  const age = since === null ? '' : `for ${duration(now - Date.parse(since))}`;
  return html`<li class="item ${toneOf(state)}">
<h2><a href="/targets/${encodeURIComponent(target)}">${target}</a> <span class="state">${words(state)}</span> <span class="quiet">${age}</span></h2>
<p>${text}</p>
<p class="quiet">${nextInWords(next)}</p>
</li>`;
}

export function words(state: string): string {
  return state.replaceAll('-', ' ');
}

const BAD: readonly string[] = [
  'needs-attention',
  'down',
  'rolling-back',
  'alarm',
  'ALARM',
  'unreadable',
  'failed',
  'rolled-back',
  'refused',
];
const BUSY: readonly string[] = [
  'deploying',
  'baking',
  'watching',
  'waiting',
  'held',
  'short-of-tasks',
];
const GOOD: readonly string[] = ['well', 'proven', 'adopted'];

/** The colour of a state: of a target, a release or an alarm. */
export function toneOf(state: string): '' | 'bad' | 'busy' | 'good' {
  if (BAD.includes(state)) return 'bad';
  if (BUSY.includes(state)) return 'busy';
  return GOOD.includes(state) ? 'good' : '';
}
