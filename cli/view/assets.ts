/** The style and the script of the page, as they are served. */

export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#c9ced6, #3d444d); --dim: light-dark(#4b535d, #a3abb5); --bad: light-dark(#a4161a, #ff8a85); --busy: light-dark(#7a4a00, #f0b65a); --good: light-dark(#116329, #6fdd8b); --back: light-dark(#fff, #10151c); --fore: light-dark(#15191f, #e8ecf1); --link: light-dark(#0a4fa3, #8fc0ff); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--fore); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header, main { max-width: 60rem; margin: 0 auto; padding: 0.5rem 1rem; }
header { border-bottom: 1px solid var(--line); }
header span, .seen, .next, .aws, .age { color: var(--dim); }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.name { font-weight: 700; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 0.5rem; top: 0.5rem; background: var(--back); padding: 0.5rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 0.75rem 0 0.25rem; } h3 { font-size: 1rem; margin: 0.5rem 0 0.25rem; }
p { margin: 0.25rem 0; }
ul.fleet, ol.releases, ol.entries { list-style: none; padding: 0; }
li.target, .releases li { border: 1px solid var(--line); border-left: 6px solid var(--edge, var(--line)); border-radius: 4px; padding: 0.25rem 0.75rem; margin: 0.5rem 0; }
.state { font-weight: 600; border: 1px solid currentColor; border-radius: 4px; padding: 0 0.4rem; font-size: 0.9rem; }
.needs-attention, .down, .rolling-back, .alarm, .failed, .rolled-back { --edge: var(--bad); }
.needs-attention .state, .down .state, .rolling-back .state, li.alarm .state, .failed .state, .rolled-back .state,
.state.needs-attention, .state.down, .state.rolling-back, .state.alarm, .state.failed, .state.rolled-back, .alarm.ALARM, .trouble { color: var(--bad); }
.deploying, .baking, .watching, .waiting, .held { --edge: var(--busy); }
.state.deploying, .state.baking, .state.held, .deploying .state, .baking .state, .held .state { color: var(--busy); }
.well { --edge: var(--good); } .well .state, .state.well, .state.proven { color: var(--good); }
.headline { font-size: 1.15rem; font-weight: 600; }
.trouble { display: block; font-weight: 600; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.95rem; }
code { background: light-dark(#eef1f5, #1d2430); padding: 0.1rem 0.3rem; border-radius: 3px; user-select: all; }
pre { overflow: auto; max-height: 30rem; border: 1px solid var(--line); padding: 0.5rem; white-space: pre-wrap; }
input, button { font: inherit; padding: 0.2rem 0.5rem; max-width: 100%; }
summary { cursor: pointer; }
`;

/** Asks again while the page is seen; what is open stays open, and where one is stays where one is. */
export const SCRIPT = `
const every = Number(document.body.dataset.every) * 1000;
let lost = false;
async function again() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (!answer.ok) throw new Error(String(answer.status));
    put(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    lost = false;
  } catch {
    if (!lost) say('This page cannot reach slipway view any more; it shows what was seen before.');
    lost = true;
  }
}
function put(fresh) {
  const [now, next] = [document.querySelector('main'), fresh.querySelector('main')];
  if (next === null || typing()) return;
  const kept = [...now.querySelectorAll('details[id]')].map(({ id, open }) => [id, open]);
  const focus = document.activeElement?.getAttribute('href') ?? document.activeElement?.id;
  if (now.innerHTML === next.innerHTML) return;
  now.innerHTML = next.innerHTML;
  document.title = fresh.title;
  for (const [id, open] of kept) {
    const one = document.getElementById(id);
    if (one !== null) one.open = open;
  }
  const back = focus && [...now.querySelectorAll('a[href], [id]')].find((one) => one.getAttribute('href') === focus || one.id === focus);
  if (back) back.focus({ preventScroll: true });
}
function typing() {
  return document.activeElement?.id === 'q';
}
function say(text) {
  const line = document.querySelector('.seen');
  if (line !== null) line.textContent = text;
}
setInterval(again, every);
document.addEventListener('visibilitychange', again);
`;
