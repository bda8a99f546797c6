/** The pages of `slipway view`: asked for again while they are seen; what is open, focused or drawn stays. */
import { byId } from './patch.ts';

const everyMs = Number(document.body.dataset.every) * 1000;
let shown = '';
let lost = false;

async function again(): Promise<void> {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (!answer.ok) throw new Error(String(answer.status));
    put(await answer.text());
    lost = false;
  } catch {
    if (!lost) say('This page cannot reach slipway view any more; it shows what was seen before.');
    lost = true;
  }
}

function put(text: string): void {
  if (text === shown || isTyping()) return;
  shown = text;
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  const next = fresh.querySelector('main');
  if (next === null) return;
  const now = byId('content');
  const open = new Map(
    [...now.querySelectorAll('details')].flatMap((one) =>
      one.id === '' ? [] : [[one.id, one.open]],
    ),
  );
  const focus = focusIn(now);
  const before = answerIn(now);
  // Charts are drawn, and asked for, by themselves.
  const charts = now.querySelector('#charts');
  if (charts !== null) next.querySelector('#charts')?.replaceWith(charts);
  now.replaceChildren(...next.childNodes);
  document.title = fresh.title;
  for (const one of now.querySelectorAll('details')) one.open = open.get(one.id) ?? one.open;
  focus(now);
  const answer = answerIn(now);
  if (answer !== before) byId('spoken').textContent = answer;
}

/** What a page has to say first: how many want a look, or what happened. The place where it is said stays when the rest is new. */
function answerIn(page: ParentNode): string {
  const parts = [...page.querySelectorAll('h1, .headline')];
  return parts.map(({ textContent }) => textContent.trim()).join(': ');
}

/** Puts the focus where it was: on what has the same address, the same name, or is the summary of the same. */
function focusIn(now: HTMLElement): (fresh: HTMLElement) => void {
  const held = document.activeElement;
  if (!(held instanceof HTMLElement) || !now.contains(held)) return () => undefined;
  const name = nameOf(held);
  return (fresh) => {
    if (held.isConnected) held.focus({ preventScroll: true });
    else
      [...fresh.querySelectorAll<HTMLElement>('a[href], summary, button, [id]')]
        .find((one) => nameOf(one) === name)
        ?.focus({ preventScroll: true });
  };
}

function nameOf(element: HTMLElement): string {
  const within = element.tagName === 'SUMMARY' ? element.parentElement?.id : undefined;
  return `${element.tagName} ${within ?? element.getAttribute('href') ?? element.id}`;
}

function isTyping(): boolean {
  return document.activeElement?.id === 'q';
}

function say(text: string): void {
  const line = document.querySelector('.seen');
  if (line !== null) line.textContent = text;
  byId('spoken').textContent = text;
}

setInterval(again, everyMs);
document.addEventListener('visibilitychange', again);
