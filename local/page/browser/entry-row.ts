/** One entry of the timeline: a line that opens to the whole entry as JSON. */
import type { PageEntry } from '../../server/page-state.ts';
import type { Speaker } from '../entry-words.ts';
import { clockText, dayText } from '../formats.ts';
import { wordsOf } from '../timeline-choice.ts';
import { type IconName, icon } from './icons.ts';
import { make, type View } from './patch.ts';

const ICONS: Readonly<Record<Speaker, IconName>> = {
  you: 'person',
  alarm: 'bell',
  ecs: 'stack',
  aws: 'cloud',
  slipway: 'boat',
  call: 'arrow',
  github: 'branch',
  error: 'cross',
};

/** An entry never changes, so its row is made once. `onChosen`: it was opened. */
export function entryRow(entry: PageEntry, onChosen: (at: number) => void): View<PageEntry> {
  const { speaker, tone, head, text, after } = wordsOf(entry);
  const time = make(
    'time',
    { datetime: new Date(entry.at).toISOString(), title: `${dayText(entry.at)}, UTC` },
    clockText(entry.at),
  );
  const words = make('span', { class: 'entry-words' });
  words.append(make('span', { class: 'speaker' }, `${speaker} `));
  if (head !== '') words.append(make('strong', {}, head));
  if (text !== '') words.append(`${head === '' ? '' : ': '}${text}`);
  if (after !== undefined) words.append(make('span', { class: 'after' }, after));
  const summary = make(
    'summary',
    { tabindex: '-1' },
    time,
    make('span', { class: 'sign' }, icon(ICONS[speaker])),
    words,
  );
  const details = make('details', {}, summary);
  details.addEventListener('toggle', () => {
    if (details.open) onChosen(entry.at);
    if (details.open && details.childElementCount === 1) {
      details.append(make('pre', { tabindex: '0' }, JSON.stringify(entry, null, 2)));
    }
  });
  return {
    element: make('li', { class: 'entry', 'data-speaker': speaker, 'data-tone': tone }, details),
    update() {},
  };
}
