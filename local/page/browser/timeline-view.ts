/**
 * What happened, the newest first. Who scrolls back stays where he is while new entries come in
 * above; a button says how many, and leads back to now.
 */
import type { PageEntry } from '../../server/page-state.ts';
import { targetWords } from '../entry-target.ts';
import { DEPTHS, type Depth } from '../entry-words.ts';
import { numberText } from '../formats.ts';
import type { Memory } from '../memory.ts';
import { chosenEntries } from '../timeline-choice.ts';
import { entryRow } from './entry-row.ts';
import { keep, readKept } from './kept.ts';
import { byId, keyedList, make, setShown, setText } from './patch.ts';
import { moveByArrows } from './roving.ts';

export interface TimelineView {
  update(memory: Memory): void;
  jumpToNow(): void;
}

/** Rows that are made at first, and each time that the reader comes to the end of them. */
const ROWS_MORE = 150;
/** As good as at the top. */
const TOP_PX = 8;

/** `onChosen`: an entry of this moment was opened. */
export function startTimeline(onChosen: (at: number) => void): TimelineView {
  const scroller = byId('entries');
  const list = byId('entry-list');
  const jump = byId<HTMLButtonElement>('jump');
  const end = byId('entries-end');
  const older = byId<HTMLButtonElement>('older');
  const of = byId<HTMLSelectElement>('of');
  const depth = byId<HTMLSelectElement>('depth');
  const updateRows = keyedList<PageEntry>(
    list,
    (entry) => entry,
    (entry) => entryRow(entry, onChosen),
  );
  let memory: Memory | undefined;
  let chosen: readonly PageEntry[] = [];
  let rows = ROWS_MORE;
  /** The newest entry that was seen at the top. */
  let read = -1;
  let ids = '';

  const kept = readKept('depth');
  if (DEPTHS.some((one) => one === kept)) depth.value = String(kept);
  moveByArrows(list, 'summary');

  function choose(): void {
    if (memory === undefined) return;
    const { entries, state } = memory;
    const target = state?.targets.find(({ id }) => id === of.value);
    chosen = chosenEntries(entries, depth.value as Depth, target && targetWords(target));
    show();
  }

  function show(): void {
    const atTop = scroller.scrollTop <= TOP_PX;
    const held = atTop ? undefined : firstVisible();
    if (atTop) read = chosen.at(-1)?.n ?? read;
    const fresh = chosen.length - 1 - chosen.findLastIndex(({ n }) => n <= read);
    // The rows that the reader looks at must not fall off the end.
    updateRows(chosen.slice(-(rows + (atTop ? 0 : fresh))).toReversed());
    if (held !== undefined) scroller.scrollTop += held.row.offsetTop - held.top;
    setShown(jump, !atTop);
    setText(jump, fresh === 0 ? 'Jump to now' : `Jump to now, ${fresh} new`);
    setShown(older, chosen.length > rows + fresh);
    setShown(end, chosen.length <= rows + fresh);
    setText(end, endText(chosen.length, memory?.forgotten ?? 0));
  }

  /** The row at the top of what the reader sees: it stays there. */
  function firstVisible() {
    const at = scroller.scrollTop;
    for (const row of list.children) {
      if (!(row instanceof HTMLElement)) continue;
      if (row.offsetTop + row.offsetHeight > at) return { row, top: row.offsetTop };
    }
    return undefined;
  }

  function more(): void {
    rows += ROWS_MORE;
    show();
  }

  /** Another choice is another story: it begins at now. */
  function anew(): void {
    rows = ROWS_MORE;
    read = -1;
    scroller.scrollTop = 0;
    choose();
  }

  function jumpToNow(): void {
    scroller.scrollTop = 0;
    rows = ROWS_MORE;
    show();
    scroller.focus({ preventScroll: true });
  }

  of.addEventListener('change', anew);
  depth.addEventListener('change', () => {
    keep('depth', depth.value);
    anew();
  });
  jump.addEventListener('click', jumpToNow);
  older.addEventListener('click', more);
  scroller.addEventListener('scroll', () => {
    if (scroller.scrollTop <= TOP_PX && !jump.hidden) show();
    else if (scroller.scrollTop > TOP_PX && jump.hidden) show();
    const left = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    if (left < 300 && !older.hidden) more();
  });

  return {
    update(next) {
      const names = next.state?.targets.map(({ id }) => id) ?? [];
      const sameNames = names.join('\n') === ids;
      if (next.entries === memory?.entries && sameNames) return;
      if (next.world !== memory?.world) read = -1;
      memory = next;
      ids = names.join('\n');
      if (!sameNames) offer(of, names);
      choose();
    },
    jumpToNow,
  };
}

/** The targets that can be chosen; what was chosen stays, if it is still there. */
function offer(select: HTMLSelectElement, names: readonly string[]): void {
  const chosen = select.value;
  const all = make('option', { value: '' }, 'all targets');
  select.replaceChildren(all, ...names.map((name) => make('option', { value: name }, name)));
  select.value = names.includes(chosen) ? chosen : '';
}

function endText(count: number, forgotten: number): string {
  if (count === 0) return 'Nothing has happened yet that matches.';
  return forgotten === 0
    ? 'Here the story begins.'
    : `Older than this: ${numberText(forgotten)} forgotten.`;
}
