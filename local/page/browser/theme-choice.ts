/** Light, dark, or as the system says: the attribute that the style sheets go by. */

export type Theme = 'auto' | 'light' | 'dark';

export function themeFrom(kept: string | undefined): Theme {
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}
