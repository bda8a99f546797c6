/** The reader's choices, kept in this browser. Where that is forbidden, they last as long as the page. */

export function readKept(name: string): string | undefined {
  try {
    return localStorage.getItem(`slipway-${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`slipway-${name}`, value);
  } catch {
    // Private windows, and browsers that keep nothing.
  }
}
