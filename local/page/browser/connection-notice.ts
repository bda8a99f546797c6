/** Says that the connection is lost, and what the page does about it. */
import type { Connection } from './feed.ts';
import { byId, setAttribute, setShown, setText } from './patch.ts';

export function connectionNotice(retryNow: () => void): (connection: Connection) => void {
  const notice = byId('notice');
  const words = byId('notice-words');
  const button = byId<HTMLButtonElement>('notice-do');
  let reload = false;
  button.addEventListener('click', () => {
    if (reload) location.reload();
    else retryNow();
  });

  return (connection) => {
    const { status } = connection;
    setAttribute(document.documentElement, 'data-connection', status);
    setText(byId('connection'), status === 'open' ? 'live' : status);
    reload = status === 'foreign';
    setShown(notice, status === 'lost' || status === 'foreign');
    setText(button, reload ? 'Reload' : 'Try now');
    if (connection.status === 'lost') {
      const { failures } = connection;
      const tried = failures === 1 ? '' : ` (tried ${failures} times)`;
      setText(
        words,
        `Connection lost: the local AWS does not answer. Reconnecting by itself${tried}; what stands here is the last that was heard.`,
      );
    }
    if (reload) setText(words, 'The local AWS is of another version than this page.');
  };
}
