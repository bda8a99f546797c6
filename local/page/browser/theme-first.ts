/** Runs before anything is painted, so that a kept theme does not flash in the other one's colours. */
import { readKept } from './kept.ts';
import { showTheme, themeFrom } from './theme-choice.ts';

showTheme(themeFrom(readKept('theme')));
