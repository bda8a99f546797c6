/** The page's icons: drawn here, 16 by 16, in the colour of the text that they stand in. */

const PATHS = {
  check: 'M3 8.5l3.2 3.2L13 4.8',
  play: 'M5 3.5l7.5 4.5L5 12.5z',
  clock: 'M8 1.8a6.2 6.2 0 110 12.4A6.2 6.2 0 018 1.8zM8 4.6V8l2.4 1.6',
  eye: 'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 110 3.6 1.8 1.8 0 010-3.6z',
  back: 'M6 3L2.5 6.5 6 10M2.5 6.5h6.8a3.7 3.7 0 010 7.4H6',
  question: 'M5.3 5.6a2.8 2.8 0 115 1.8C9.4 8.4 8 8.7 8 10.2M8 12.8v.4',
  dash: 'M3.5 8h9',
  spark: 'M8 2v12M2 8h12M4 4l8 8M12 4l-8 8',
  cross: 'M4 4l8 8M12 4l-8 8',
  bell: 'M8 2a3.8 3.8 0 00-3.8 3.8c0 3.6-1.4 4.7-1.4 4.7h10.4s-1.4-1.1-1.4-4.7A3.8 3.8 0 008 2zM6.7 13a1.4 1.4 0 002.6 0',
  person: 'M8 2.2a2.6 2.6 0 110 5.2 2.6 2.6 0 010-5.2zM2.8 13.8a5.2 5.2 0 0110.4 0',
  stack: 'M8 2L2 5.2l6 3.2 6-3.2zM2 8.4l6 3.2 6-3.2M2 11.2l6 3.2 6-3.2',
  cloud: 'M4.6 12.6a3.1 3.1 0 01-.3-6.2 4.2 4.2 0 018.1 1A2.7 2.7 0 0112 12.6z',
  arrow: 'M2.5 8h10.5M9 4l4 4-4 4',
  branch:
    'M4.5 5.5v5M4.5 2.2a1.6 1.6 0 110 3.3 1.6 1.6 0 010-3.3zM4.5 10.5a1.6 1.6 0 110 3.3 1.6 1.6 0 010-3.3zM11.5 2.2a1.6 1.6 0 110 3.3 1.6 1.6 0 010-3.3zM11.5 5.5c0 3-4 2.5-6.2 5',
  boat: 'M1.8 10.4h12.4l-2 3.2H3.8zM7.4 1.8v8.4M7.4 2.6l4.6 5.2H7.4',
} as const;

export type IconName = keyof typeof PATHS;

const SVG = 'http://www.w3.org/2000/svg';

/** Says nothing to who cannot see it: the words beside it do. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

/** A short piece of a line as the chart draws it. */
export function lineSample(dashes: readonly number[]): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 8');
  svg.setAttribute('class', 'line-sample');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', 'M0 4h24');
  path.setAttribute('stroke-dasharray', dashes.length === 0 ? 'none' : dashes.join(' '));
  svg.append(path);
  return svg;
}
