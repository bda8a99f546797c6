/** The button that changes the theme, and who has to know: charts paint their own colours. */
import { keep, readKept } from './kept.ts';
import { byId, setAttribute, setText } from './patch.ts';
import { showTheme, type Theme, themeFrom } from './theme-choice.ts';

const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const NAMES: Readonly<Record<Theme, string>> = { auto: 'system', light: 'light', dark: 'dark' };

export interface ThemeSwitch {
  change(): void;
}

export function startTheme(onChange: () => void): ThemeSwitch {
  const button = byId<HTMLButtonElement>('theme');
  const name = byId('theme-name');
  let theme = themeFrom(readKept('theme'));
  const tell = () => {
    setText(name, NAMES[theme]);
    setAttribute(button, 'aria-label', `Theme: ${NAMES[theme]}. Change to ${NAMES[NEXT[theme]]}`);
  };
  const change = () => {
    theme = NEXT[theme];
    keep('theme', theme);
    showTheme(theme);
    tell();
    onChange();
  };
  button.addEventListener('click', change);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  tell();
  return { change };
}
