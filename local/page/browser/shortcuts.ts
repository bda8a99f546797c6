/**
 * Single keys, listed by `?`. They can be turned off: somebody who speaks to the computer types
 * letters without wanting to (WCAG 2.1.4).
 */
import { keep, readKept } from './kept.ts';
import { byId, make } from './patch.ts';

export interface Shortcut {
  /** As `KeyboardEvent.key` has it. */
  readonly key: string;
  /** How it is written, if not as the key. */
  readonly name?: string;
  readonly does: string;
  readonly act: (key: string) => void;
}

export function startShortcuts(shortcuts: readonly Shortcut[]): void {
  const dialog = byId<HTMLDialogElement>('help');
  const on = byId<HTMLInputElement>('shortcuts-on');
  on.checked = readKept('shortcuts') !== 'off';
  on.addEventListener('change', () => keep('shortcuts', on.checked ? 'on' : 'off'));

  const open = () => {
    if (!dialog.open) dialog.showModal();
  };
  byId('help-open').addEventListener('click', open);
  const all = [{ key: '?', does: 'show this', act: open }, ...shortcuts];
  byId('shortcut-list').append(
    ...all.flatMap(({ key, name, does }: Shortcut) => [
      make('dt', {}, make('kbd', {}, name ?? key)),
      make('dd', {}, does),
    ]),
  );

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (dialog.open || isTyping(event.target)) return;
    // The help stays within reach, so that the keys can be turned on again.
    if (!on.checked && event.key !== '?') return;
    const found = all.find(({ key }) => key === event.key || (key === '1' && isTarget(event.key)));
    if (found === undefined) return;
    event.preventDefault();
    found.act(event.key);
  });
}

function isTarget(key: string): boolean {
  return /^[1-9]$/.test(key);
}

/** Where a letter is a letter. Radio buttons and the like have no use for letters. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['radio', 'checkbox'].includes(target.type);
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName);
}
