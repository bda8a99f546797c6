/** All targets: a strip of their phases to jump by, and a card for each. */
import type { PageTarget } from '../../server/page-state.ts';
import { marksOf, phaseSteps } from '../charts/marks.ts';
import { shadesOf } from '../charts/shades.ts';
import { clockText } from '../formats.ts';
import type { Memory } from '../memory.ts';
import { type FleetView, startFleet } from './fleet-view.ts';
import { keep, readKept } from './kept.ts';
import { byId, keyedList, make, setAttribute, setShown, setText, type View } from './patch.ts';
import { phaseBadge } from './phase-badge.ts';
import { type Card, type CardNow, cardId, targetCard } from './target-card.ts';

export interface TargetsView {
  update(memory: Memory): void;
  /** The theme has changed. */
  repaint(): void;
  /** Jumps to the nth card, from 1. */
  focus(nth: number): void;
  /** The charts move to this moment, and stay there until somebody leads them back to now. */
  point(at: number): void;
}

const MINUTE_MS = 60_000;

export function startTargets(): TargetsView {
  const waiting = byId('waiting');
  const strip = byId('strip');
  const shownFor = byId<HTMLSelectElement>('shown-for');
  const cards = new Map<string, Card>();
  const updateStrip = keyedList<PageTarget>(strip, ({ key }) => key, stripItem);
  const updateCards = keyedList<CardNow>(
    byId('cards'),
    ({ target }) => target.key,
    (now) => {
      const card = targetCard(now);
      cards.set(now.target.key, card);
      return { ...card, end: () => cards.delete(now.target.key) };
    },
  );
  const fleet = startFleet(() => {
    if (last !== undefined) update(last);
  });
  let last: Memory | undefined;
  /** Where the charts stand; undefined: now. */
  let stands: number | undefined;

  chooseKept(shownFor);
  shownFor.addEventListener('change', () => {
    keep('span', shownFor.value);
    if (last !== undefined) update(last);
  });

  function update(memory: Memory): void {
    const { state, entries } = memory;
    last = memory;
    setShown(waiting, state === undefined || state.targets.length === 0);
    if (state === undefined) return;
    setText(waiting, 'The config names no targets.');
    const { now, targets } = state;
    const { span, ended } = spanAt(now, Number(shownFor.value) * MINUTE_MS, stands);
    const open = fleet.update(targets, now);
    updateStrip(inStrip(strip, targets, open));
    updateCards(
      open.map((target) => {
        const shades = shadesOf(phaseSteps(entries, target), span);
        return { target, now, span, ended, marks: marksOf(entries, target, span), shades };
      }),
    );
  }

  function point(at: number | undefined): void {
    stands = at;
    showPointed(at);
    if (last !== undefined) update(last);
    for (const card of cards.values()) card.point(at);
  }

  byId('pointed-end').addEventListener('click', () => {
    point(undefined);
    shownFor.focus();
  });

  return {
    update,
    point,
    repaint() {
      for (const card of cards.values()) card.repaint();
    },
    focus(nth) {
      const target = fleet.listed()[nth - 1];
      if (target !== undefined) goTo(target, fleet);
    },
  };
}

/** Where not all have a card, the list of them is the way to each. */
function inStrip(
  strip: HTMLElement,
  targets: readonly PageTarget[],
  open: readonly PageTarget[],
): readonly PageTarget[] {
  const hasAll = open.length === targets.length;
  setShown(strip, hasAll && targets.length > 1);
  return hasAll ? targets : [];
}

function goTo(target: PageTarget, fleet: FleetView): void {
  fleet.open(target);
  const heading = byId(cardId(target));
  heading.focus();
  heading.scrollIntoView({ block: 'start' });
}

/** What was chosen the last time, if it can still be chosen. */
function chooseKept(shownFor: HTMLSelectElement): void {
  const kept = readKept('span');
  if (kept === undefined) return;
  if ([...shownFor.options].some(({ value }) => value === kept)) shownFor.value = kept;
}

/** The newest minutes, if that moment is among them; else as many around it. */
function spanAt(now: number, length: number, at: number | undefined) {
  const ended = at !== undefined && at < now - length;
  const to = ended ? at + length / 2 : now;
  return { span: { from: to - length, to }, ended };
}

/** Says where the charts stand, with a way back to now. */
function showPointed(at: number | undefined): void {
  setShown(byId('pointed'), at !== undefined);
  setText(byId('pointed-at'), at === undefined ? '' : clockText(at));
}

function stripItem(target: PageTarget): View<PageTarget> {
  const name = make('span');
  const badge = phaseBadge();
  const link = make('a', { href: `#${encodeURIComponent(cardId(target))}` }, name, badge.element);
  return {
    element: make('li', {}, link),
    update({ id, phase }) {
      setText(name, id);
      badge.update(phase);
      setAttribute(link, 'aria-label', `${id}: ${phase}`);
    },
  };
}
