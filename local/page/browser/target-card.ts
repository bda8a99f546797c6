/** One target: its phase and why, its facts, revisions, alarms and charts. */
import type { PageTarget } from '../../server/page-state.ts';
import { toneOf } from '../answer-words.ts';
import { clockText, durationText } from '../formats.ts';
import { alarmsView } from './alarms-view.ts';
import { answerView } from './answer-view.ts';
import { approvalsView } from './approvals-view.ts';
import { type ChartsNow, chartsView } from './charts-view.ts';
import { doingView } from './doing-view.ts';
import { factsView } from './facts-view.ts';
import { make, setAttribute, setShown, setText, type View } from './patch.ts';
import { phaseBadge } from './phase-badge.ts';
import { revisionsView } from './revisions-view.ts';

export interface CardNow extends ChartsNow {
  readonly now: number;
}

export interface Card extends View<CardNow> {
  repaint(): void;
  /** Its charts say what they said at this moment; undefined: at their end. */
  point(at: number | undefined): void;
}

/** The id of a card's element; its heading takes the focus of links. */
export function cardId(target: PageTarget): string {
  return `target-${target.id}`;
}

export function targetCard({ target }: CardNow): Card {
  const id = cardId(target);
  const name = make('h2', { id, tabindex: '-1' });
  const key = make('code', { class: 'key' });
  const watch = make('span', { class: 'chip' }, 'watch mode: changes nothing');
  const badge = phaseBadge();
  const since = make('span', { class: 'quiet since' });
  const answer = answerView();
  const approvals = approvalsView();
  const doing = doingView();
  const latest = make('p', { class: 'latest' });
  const facts = factsView();
  const tasks = make('span', { class: 'quiet' });
  const revisions = revisionsView();
  const alarms = alarmsView();
  const charts = chartsView(id);
  const element = make(
    'article',
    { class: 'card', 'aria-labelledby': id },
    make(
      'header',
      { class: 'card-head' },
      make('div', { class: 'card-name' }, name, key, watch),
      make('div', { class: 'card-phase' }, badge.element, since),
    ),
    answer.element,
    approvals.element,
    doing.element,
    latest,
    facts.element,
    make('h3', {}, 'Tasks by revision ', tasks),
    revisions.element,
    alarms.element,
    charts.element,
  );
  return {
    element,
    update({ now, ...shown }) {
      const seen = shown.target;
      setText(name, seen.id);
      setText(key, seen.key);
      setShown(watch, seen.mode === 'watch');
      badge.update(seen.phase);
      setText(since, sinceText(seen, now));
      answer.update(seen.answer);
      approvals.update({ target: seen, now });
      doing.update({ target: seen, now });
      setShown(latest, seen.latest !== undefined);
      setText(latest, seen.latest ? latestText(seen.latest) : '');
      setAttribute(element, 'data-tone', toneOf(seen.answer.state));
      facts.update({ target: seen, now });
      setText(tasks, countsText(seen));
      revisions.update({ target: seen, now });
      alarms.update(seen);
      charts.update(shown);
    },
    repaint: () => charts.repaint(),
    point: (at) => charts.point(at),
  };
}

function sinceText({ since }: PageTarget, now: number): string {
  if (since === undefined) return '';
  return `for ${durationText(now - since)}, since ${clockText(since)}`;
}

function latestText({ at, because }: NonNullable<PageTarget['latest']>): string {
  return `${clockText(at)} ${because}`;
}

function countsText({ counts: { desired, running, pending } }: PageTarget): string {
  const coming = pending === 0 ? '' : `, ${pending} pending`;
  return `${running} running${coming}, ${desired} desired`;
}
