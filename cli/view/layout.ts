/** What every page has around it. */
import { html, type Markup } from './markup.ts';

/** Seconds between two looks of an open page. */
const EVERY_SECONDS = 10;

export interface Page {
  readonly title: string;
  readonly place: string;
  /** When AWS answered last; null: never. */
  readonly at: string | null;
  readonly trouble?: string | undefined;
  /** It has charts, whose script is not small. */
  readonly charts?: boolean;
  readonly body: Markup;
}

export function layout({ title, place, at, trouble, charts = false, body }: Page): string {
  const seen = at === null ? 'nothing was answered yet' : `seen at ${at.slice(11, 19)} UTC`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/view.css">
<script src="/view.js" defer></script>
${charts ? html`<script src="/charts.js" defer></script>` : undefined}
</head>
<body data-every="${EVERY_SECONDS}">
<a class="skip" href="#content">to the content</a>
<header><a href="/" class="name">Slipway</a> <span class="quiet">${place}, read only</span></header>
<div id="spoken" class="unseen" role="status"></div>
<main id="content" tabindex="-1">
<p class="seen quiet">${seen}${trouble === undefined ? undefined : html`<strong class="trouble">Since then AWS could not be asked: ${trouble}</strong>`}</p>
${body}
</main>
</body>
</html>
`.markup;
}
