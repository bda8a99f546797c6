/**
 * A list that is one stop of the Tab key: the arrow keys, Home and End move within it. The elements
 * that take the focus begin with `tabindex="-1"`.
 */
export function moveByArrows(list: HTMLElement, selector: string): void {
  const stops = () => [...list.querySelectorAll<HTMLElement>(`${selector}:not([hidden])`)];
  let current: HTMLElement | undefined;

  function makeCurrent(stop: HTMLElement | undefined): void {
    if (stop === undefined || stop === current) return;
    if (current !== undefined) current.tabIndex = -1;
    stop.tabIndex = 0;
    current = stop;
  }

  // Rows come and go: there is always one to come to.
  new MutationObserver(() => {
    if (current === undefined || !list.contains(current)) makeCurrent(stops()[0]);
  }).observe(list, { childList: true });

  list.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && target.matches(selector)) makeCurrent(target);
  });
  list.addEventListener('keydown', (event) => {
    if (!(event.target instanceof HTMLElement) || !event.target.matches(selector)) return;
    const all = stops();
    const at = all.indexOf(event.target);
    const to = stopAfter(event.key, at, all.length - 1);
    const stop = to === undefined ? undefined : all[to];
    if (stop === undefined) return;
    event.preventDefault();
    stop.focus();
  });
}

function stopAfter(key: string, at: number, last: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return Math.min(last, at + 1);
    case 'ArrowUp':
    case 'ArrowLeft':
      return Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
