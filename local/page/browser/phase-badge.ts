/** A phase as a badge: its word, its icon and its colour, each enough alone. */
import { type PhaseIcon, phaseWords } from '../phase-words.ts';
import { icon } from './icons.ts';
import { make, setAttribute, setText, type View } from './patch.ts';

export function phaseBadge(): View<string> {
  const sign = make('span', { class: 'sign' });
  const word = make('span');
  const element = make('span', { class: 'badge' }, sign, word);
  let shown: PhaseIcon | undefined;
  return {
    element,
    update(phase) {
      const { tone, icon: name, meaning } = phaseWords(phase);
      setText(word, phase);
      setAttribute(element, 'data-tone', tone);
      setAttribute(element, 'title', meaning);
      if (shown !== name) sign.replaceChildren(icon(name));
      shown = name;
    },
  };
}
