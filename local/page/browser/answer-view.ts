/** The incident answer on top of a card: what happened and what runs, what comes next, what one can do. */
import type { PageAnswer } from '../../server/page-state.ts';
import { nextLine, typed } from '../answer-words.ts';
import { make, setShown, setText, type View } from './patch.ts';

export function answerView(): View<PageAnswer> {
  const headline = make('p', { class: 'because' });
  const aws = make('p', { class: 'aws quiet' });
  const next = make('p', { class: 'next' });
  const actions = make('ul', { class: 'actions' });
  let shown = '';
  return {
    element: make('div', { class: 'answer' }, headline, aws, next, actions),
    update(answer) {
      setText(headline, answer.headline);
      setShown(aws, answer.aws !== undefined);
      setText(aws, answer.aws === undefined ? '' : `AWS says: ${answer.aws}`);
      setText(next, nextLine(answer.next));
      // Built anew only when another list comes: what somebody marks to copy stays marked.
      const list = JSON.stringify(answer.actions);
      if (list === shown) return;
      shown = list;
      setShown(actions, answer.actions.length > 0);
      actions.replaceChildren(...answer.actions.map(actionItem));
    },
  };
}

function actionItem({ to, command }: PageAnswer['actions'][number]): HTMLElement {
  return make('li', {}, `To ${to}: `, make('code', {}, typed(command, location.origin)));
}
