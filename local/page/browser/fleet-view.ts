/** Many targets on the page of `slipway local`: a line each, the worst first, the quiet ones folded; one opens its card. */
import type { PageTarget } from '../../server/page-state.ts';
import { toneOf } from '../answer-words.ts';
import { fleetList, type Listed } from '../fleet-list.ts';
import { durationText } from '../formats.ts';
import { byId, keyedList, make, setAttribute, setShown, setText, type View } from './patch.ts';

/** With no more targets than this, each has its card. */
const CARDS_MOST = 6;

export interface FleetView {
  /** Gives the targets whose cards are shown. */
  update(targets: readonly PageTarget[], now: number): readonly PageTarget[];
  /** Its card is shown from now on. */
  open(target: PageTarget): void;
  /** As they are listed. */
  listed(): readonly PageTarget[];
}

interface Row extends Listed {
  readonly target: PageTarget;
  readonly now: number;
  readonly isOpen: boolean;
}

/** `changed`: what is shown is another choice now. */
export function startFleet(changed: () => void): FleetView {
  const filter = byId<HTMLInputElement>('find');
  const folded = byId<HTMLDetailsElement>('fleet-quiet');
  /** By key; undefined: nobody has chosen, and the worst one is open. */
  let chosen: ReadonlySet<string> | undefined;
  let shown: readonly PageTarget[] = [];
  /** Of all, whatever is searched for. */
  let worst: ReadonlySet<string> = new Set();
  let searched = '';

  const toggle = ({ key }: PageTarget) => {
    const open = new Set(chosen ?? worst);
    if (!open.delete(key)) open.add(key);
    chosen = open;
    changed();
  };
  const row = () => rowView(toggle);
  const updateLoud = keyedList<Row>(byId('fleet-loud'), ({ key }) => key, row);
  const updateQuiet = keyedList<Row>(byId('fleet-calm'), ({ key }) => key, row);
  filter.addEventListener('input', changed);

  return {
    update(targets, now) {
      const isMany = targets.length > CARDS_MOST;
      setShown(byId('fleet'), isMany);
      if (!isMany) {
        shown = targets;
        return targets;
      }
      const sorted = targets.toSorted((a, b) => a.answer.rank - b.answer.rank);
      worst = new Set(sorted.slice(0, 1).map(({ key }) => key));
      const open = chosen ?? worst;
      const rows = sorted.map((target): Row => {
        const { id: name, key, answer } = target;
        return { ...answer, name, key, target, now, isOpen: open.has(key) };
      });
      const { title, loud, quiet, quietTitle, quietOpen } = fleetList(rows, filter.value);
      setText(byId('fleet-title'), title);
      setText(byId('fleet-quiet-title'), quietTitle);
      setShown(folded, quiet.length > 0);
      setShown(byId('fleet-none'), loud.length + quiet.length === 0);
      // Who searches sees what is found; otherwise it stays as the reader left it.
      if (filter.value !== searched) folded.open = quietOpen;
      searched = filter.value;
      updateLoud(loud);
      updateQuiet(quiet);
      shown = [...loud, ...quiet].map(({ target }) => target);
      return sorted.filter(({ key }) => open.has(key));
    },
    open({ key }) {
      chosen = new Set([...(chosen ?? worst), key]);
      changed();
    },
    listed: () => shown,
  };
}

function rowView(toggle: (target: PageTarget) => void): View<Row> {
  const name = make('span', { class: 'fleet-name' });
  const state = make('span', { class: 'fleet-state' });
  const age = make('span', { class: 'quiet' });
  const button = make('button', { type: 'button', 'aria-controls': 'cards' }, name, state, age);
  const headline = make('p', { class: 'fleet-words' });
  const element = make('li', { class: 'fleet-row' }, button, headline);
  let last: PageTarget | undefined;
  button.addEventListener('click', () => {
    if (last !== undefined) toggle(last);
  });
  return {
    element,
    update(row) {
      const { target, now, isOpen } = row;
      last = target;
      setText(name, row.name);
      setText(state, row.state.replaceAll('-', ' '));
      setText(age, target.since === undefined ? '' : `for ${durationText(now - target.since)}`);
      setText(headline, row.headline);
      setAttribute(element, 'data-tone', toneOf(row.state));
      setAttribute(button, 'aria-expanded', String(isOpen));
    },
  };
}
