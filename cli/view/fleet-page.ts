/** All targets, trouble first; those that are well are folded. */
import type { Status, TargetStatus } from '../connect/target-status.ts';
import { isQuiet } from '../output/status/trouble-first.ts';
import { duration } from '../output/times.ts';
import { html, type Markup } from './markup.ts';

/** With more than these, the quiet ones are folded. */
const SHOWN_QUIET = 5;

/** `filter`: what a name, a headline or a state has in it. */
export function fleetPage(status: Status, filter: string, now: number): Markup {
  const { targets, stop, unseen } = status;
  const wanted = targets.filter((one) => has(one, filter));
  const loud = wanted.filter((one) => !isQuiet(one));
  const quiet = wanted.filter(isQuiet);
  return html`<h1>${headline(targets)}</h1>
${stop === null ? undefined : html`<p class="trouble">${stop.by} holds all targets: ${stop.because}</p>`}
${unseenLines(unseen)}
<form role="search"><label for="q">Find</label> <input id="q" name="q" value="${filter}" autocomplete="off"> <button>Find</button></form>
${wanted.length === 0 ? html`<p>No target has “${filter}” in it.</p>` : undefined}
<ul class="fleet">${loud.map((one) => item(one, now))}</ul>
${quiet.length === 0 ? undefined : folded(quiet, now, filter !== '' || quiet.length <= SHOWN_QUIET)}`;
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

function has({ target, key, headline: text, state }: TargetStatus, filter: string): boolean {
  const wanted = filter.toLowerCase();
  return [target, key, text, state].some((one) => one.toLowerCase().includes(wanted));
}

/** `2 of 20 targets want a look`. */
function headline(targets: readonly TargetStatus[]): string {
  const loud = targets.filter((one) => !isQuiet(one)).length;
  const all = targets.length === 1 ? 'one target' : `${targets.length} targets`;
  return loud === 0 ? `All is well: ${all}` : `${loud} of ${all} to look at`;
}

function folded(quiet: readonly TargetStatus[], now: number, open: boolean): Markup {
  const list = html`<ul class="fleet">${quiet.map((one) => item(one, now))}</ul>`;
  const name = html`<summary>${quiet.length} ${quiet.length === 1 ? 'is' : 'are'} well</summary>`;
  return open
    ? html`<details id="quiet" open>${name}${list}</details>`
    : html`<details id="quiet">${name}${list}</details>`;
}

function item({ target, state, headline: text, next, since }: TargetStatus, now: number): Markup {
  const age = since === null ? '' : `for ${duration(now - Date.parse(since))}`;
  const who = next.by === 'nobody' ? '' : `${next.by}: `;
  return html`<li class="item ${toneOf(state)}">
<h2><a href="/targets/${encodeURIComponent(target)}">${target}</a> <span class="state">${words(state)}</span> <span class="quiet">${age}</span></h2>
<p>${text}</p>
<p class="quiet">Next: ${who}${next.what}</p>
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
const BUSY: readonly string[] = ['deploying', 'baking', 'watching', 'waiting', 'held'];
const GOOD: readonly string[] = ['well', 'proven', 'adopted'];

/** The colour of a state: of a target, a release or an alarm. */
export function toneOf(state: string): '' | 'bad' | 'busy' | 'good' {
  if (BAD.includes(state)) return 'bad';
  if (BUSY.includes(state)) return 'busy';
  return GOOD.includes(state) ? 'good' : '';
}
