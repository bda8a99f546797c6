/** The colours of style/colours.css as a canvas needs them: resolved for the theme that is shown. */

const resolved = new Map<string, string>();
let probe: HTMLElement | undefined;

/** Of a custom property, `--revision-1`. */
export function cssColour(name: string): string {
  const known = resolved.get(name);
  if (known !== undefined) return known;
  if (probe === undefined) {
    probe = document.createElement('span');
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = `var(${name})`;
  const colour = getComputedStyle(probe).color;
  resolved.set(name, colour);
  return colour;
}

/** The theme has changed. */
export function forgetColours(): void {
  resolved.clear();
}
