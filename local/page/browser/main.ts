/** The page at `/`: what is heard goes into views, what is pressed goes to the server. */
import { clockText, dayText } from '../formats.ts';
import type { Memory } from '../memory.ts';
import { titleText } from '../title.ts';
import { createAnnouncer } from './announcer.ts';
import { forgetColours } from './colours.ts';
import { connectionNotice } from './connection-notice.ts';
import { type Feed, startFeed } from './feed.ts';
import { byId, setAttribute, setText } from './patch.ts';
import { startShortcuts } from './shortcuts.ts';
import { startSpeed } from './speed.ts';
import { startTargets } from './targets-view.ts';
import { startTheme } from './theme.ts';
import { startTimeline } from './timeline-view.ts';

const targets = startTargets();
const timeline = startTimeline(targets.point);
const speed = startSpeed();
const announcer = createAnnouncer();
const theme = startTheme(() => {
  forgetColours();
  targets.repaint();
});

/** However much is heard, it is painted only so often; a reader sees no difference. */
const PAINT_EVERY_MS = 120;

let latest: Memory | undefined;
let waits = false;
let paintedAt = 0;

function onMemory(memory: Memory): void {
  latest = memory;
  if (waits) return;
  waits = true;
  const due = Math.max(0, paintedAt + PAINT_EVERY_MS - performance.now());
  setTimeout(() => requestAnimationFrame(paint), due);
}

function paint(): void {
  waits = false;
  paintedAt = performance.now();
  if (latest === undefined) return;
  targets.update(latest);
  timeline.update(latest);
  const { state } = latest;
  if (state === undefined) return;
  speed.update(state);
  announcer.targets(state.targets);
  setText(byId('clock'), clockText(state.now));
  setAttribute(byId('clock'), 'datetime', new Date(state.now).toISOString());
  setText(byId('day'), `${dayText(state.now)}, UTC`);
  setText(byId('place'), `account ${state.account}, ${state.region}, seed ${state.seed}`);
  document.title = titleText(state.targets);
}

setText(byId('endpoint'), `AWS_ENDPOINT_URL=${location.origin}`);

let feed: Feed | undefined;
const notice = connectionNotice(() => feed?.retryNow());
feed = startFeed({
  onMemory,
  onConnection(connection) {
    notice(connection);
    announcer.connection(connection);
  },
});

startShortcuts([
  { key: 'p', does: 'pause virtual time, or let it go on', act: speed.pauseOrGoOn },
  { key: '-', does: 'slower', act: speed.slower },
  { key: '+', does: 'faster', act: speed.faster },
  { key: '1', name: '1 – 9', does: 'go to that target', act: (key) => targets.focus(Number(key)) },
  { key: 't', does: 'go to the timeline, at now', act: timeline.jumpToNow },
  { key: 'f', does: 'choose whose timeline is shown', act: () => byId('of').focus() },
  { key: 'd', does: 'dark, light, or as the system', act: theme.change },
]);
