/** All targets: a strip of their phases to jump by, and a card for each. */
import type { PageTarget } from '../../server/page-state.ts';
import { marksOf } from '../marks.ts';
import type { Memory } from '../memory.ts';
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
  let last: Memory | undefined;

  const kept = readKept('span');
  if (kept !== undefined && [...shownFor.options].some(({ value }) => value === kept)) {
    shownFor.value = kept;
  }
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
    const span = { from: now - Number(shownFor.value) * MINUTE_MS, to: now };
    setShown(strip, targets.length > 1);
    updateStrip(targets);
    updateCards(
      targets.map((target) => ({ target, now, span, marks: marksOf(entries, target.key, span) })),
    );
  }

  return {
    update,
    repaint() {
      for (const card of cards.values()) card.repaint();
    },
    focus(nth) {
      const target = last?.state?.targets[nth - 1];
      if (target === undefined) return;
      const heading = byId(cardId(target));
      heading.focus();
      heading.scrollIntoView({ block: 'start' });
    },
  };
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
