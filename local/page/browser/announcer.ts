/** Says changes of phase, what waits for a word, and that the connection was lost or is back, to who cannot see them. */
import type { PageTarget } from '../../server/page-state.ts';
import { newsOf } from '../spoken.ts';
import type { Connection } from './feed.ts';
import { byId, setText } from './patch.ts';

export interface Announcer {
  targets(now: readonly PageTarget[]): void;
  connection(now: Connection): void;
}

export function createAnnouncer(): Announcer {
  const region = byId('spoken');
  let before: readonly PageTarget[] = [];
  let lost = false;
  return {
    targets(now) {
      const news = newsOf(before, now);
      before = now;
      if (news !== undefined) setText(region, news);
    },
    connection({ status }) {
      if (status === 'lost' && !lost) setText(region, 'Connection lost');
      if (status === 'open' && lost) setText(region, 'Connected again');
      if (status !== 'connecting') lost = status === 'lost';
    },
  };
}
