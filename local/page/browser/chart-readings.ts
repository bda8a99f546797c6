/** The numbers in a chart's caption: those of the moment that is pointed at, else those of now. */
import type { Reading } from '../charts/reading.ts';
import { revisionLooks } from '../charts/revision-looks.ts';
import { keyedList, make, setShown, setText, type View } from './patch.ts';

export function chartReadings(): View<readonly Reading[]> {
  const none = make('span', { class: 'quiet' }, 'no requests');
  const list = make('span', { class: 'readings' });
  const update = keyedList<Reading>(list, ({ kind, name }) => `${kind} ${name}`, readingView);
  return {
    element: make('span', {}, none, list),
    update(readings) {
      setShown(none, readings.length === 0);
      update(readings);
    },
  };
}

function readingView({ kind, name }: Reading): View<Reading> {
  const value = make('strong');
  const element =
    kind === 'alarm'
      ? make('span', { class: 'reading quiet' }, '○ alarm ', value)
      : make('span', { class: `reading ${revisionLooks(name).colour.slice(2)}` }, name, ' ', value);
  return {
    element,
    update({ text }) {
      setText(value, text);
    },
  };
}
