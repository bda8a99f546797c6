/**
 * What one can try on a target: push a good image or a bad one, hold it, let it go on, roll it back. What
 * harms the service is asked once more, and what became of each is said beside it.
 */
import type { PageTarget } from '../../server/page-state.ts';
import { pushTo, sayTo } from './control.ts';
import type { TargetNow } from './facts-view.ts';
import { readKept } from './kept.ts';
import { make, setShown, setText, type View } from './patch.ts';
import { moveByArrows } from './roving.ts';

interface Deed {
  readonly name: string;
  /** Asked before; undefined: it harms nothing. */
  readonly question?: (target: PageTarget) => string;
  /** Whether it can be done now. */
  readonly isOpen: (target: PageTarget) => boolean;
  /** Answers what was done. */
  readonly act: (target: PageTarget) => Promise<string>;
}

const HEARD = 'It is heard as virtual time goes on; the timeline tells what becomes of it.';
/** Why, as the record and the announcements keep it. */
const BECAUSE = 'a button on the page';

const DEEDS: readonly Deed[] = [
  {
    name: 'Push a good image',
    isOpen: ({ push }) => push !== undefined,
    act: (target) => push(target, {}),
  },
  {
    name: 'Push a bad image',
    question: ({ id, revisions }) =>
      servesRequests(revisions)
        ? `A quarter of its answers will be errors: ${id} serves them until Slipway takes it back. Push it?`
        : `Its container ends at once: ${id} loses tasks until Slipway takes it back. Push it?`,
    isOpen: ({ push }) => push !== undefined,
    act: (target) =>
      push(target, servesRequests(target.revisions) ? { errorRate: 0.25 } : { exitCodeOnStart: 1 }),
  },
  {
    name: 'Hold',
    isOpen: ({ hold }) => hold === undefined,
    act: (target) => say(target, 'hold', 'hold it: nothing starts on it by itself'),
  },
  {
    name: 'Resume',
    isOpen: ({ hold }) => hold !== undefined,
    act: (target) => say(target, 'resume', 'let it go on'),
  },
  {
    name: 'Roll back',
    question: ({ id, wayBack }) =>
      wayBack.possible
        ? `${id} goes back to ${wayBack.to}, and what it leaves is quarantined. Roll back?`
        : `Slipway will refuse, because ${wayBack.because}. Ask for it all the same?`,
    isOpen: () => true,
    act: (target) => say(target, 'rollback', 'roll back'),
  },
];

function servesRequests(revisions: PageTarget['revisions']): boolean {
  return revisions.some(({ served }) => served.length > 0);
}

async function push(target: PageTarget, behaviour: object): Promise<string> {
  if (target.push === undefined)
    return 'Its config takes none of the usual tags: use slipway push.';
  const { repository, tag } = target.push;
  await pushTo(repository, tag, behaviour);
  return `${repository}:${tag} was pushed. ${HEARD}`;
}

async function say(
  target: PageTarget,
  word: 'hold' | 'resume' | 'rollback',
  what: string,
): Promise<string> {
  await sayTo(target.id, word, readKept('who') ?? 'you', BECAUSE);
  return `Asked to ${what}. ${HEARD}`;
}

export function doingView(): View<TargetNow> {
  const question = make('p', { class: 'question' });
  const yes = make('button', { type: 'button', class: 'yes' }, 'Yes');
  const no = make('button', { type: 'button' }, 'No');
  const asked = make(
    'div',
    { class: 'asked', role: 'group', 'aria-label': 'Are you sure?' },
    question,
    yes,
    no,
  );
  const outcome = make('p', { class: 'outcome', role: 'status' });
  const buttons = DEEDS.map((deed) => ({ deed, element: button(deed.name) }));
  const row = make('div', { class: 'deeds', role: 'toolbar', 'aria-label': 'Try it' });
  moveByArrows(row, 'button');
  row.append(...buttons.map(({ element }) => element));
  let target: PageTarget | undefined;
  let wanted: Deed | undefined;
  let isBusy = false;
  setShown(asked, false);

  async function act(deed: Deed): Promise<void> {
    if (isBusy || target === undefined) return;
    isBusy = true;
    setText(outcome, await outcomeOf(deed, target));
    isBusy = false;
  }

  function ask(deed: Deed): void {
    if (target === undefined || deed.question === undefined) return;
    wanted = deed;
    setText(question, deed.question(target));
    setText(outcome, '');
    setShown(asked, true);
    yes.focus();
  }

  function answered(): void {
    setShown(asked, false);
    buttons.find(({ deed }) => deed === wanted)?.element.focus();
  }

  for (const { deed, element } of buttons) {
    element.addEventListener('click', () => (deed.question === undefined ? act(deed) : ask(deed)));
  }
  no.addEventListener('click', answered);
  yes.addEventListener('click', () => {
    answered();
    if (wanted !== undefined) act(wanted);
  });
  asked.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') answered();
  });
  return {
    element: make('div', { class: 'doing' }, row, asked, outcome),
    update({ target: seen }) {
      target = seen;
      const focused = buttons.find(({ element }) => element === document.activeElement);
      for (const { deed, element } of buttons) setShown(element, deed.isOpen(seen));
      // Hold becomes resume under the finger: the focus goes where the button went.
      if (focused?.element.hidden) buttons.find(({ element }) => !element.hidden)?.element.focus();
    },
  };
}

function button(name: string): HTMLButtonElement {
  return make('button', { type: 'button', tabindex: '-1' }, name);
}

async function outcomeOf(deed: Deed, target: PageTarget): Promise<string> {
  try {
    return await deed.act(target);
  } catch (error) {
    return `Not done: ${error instanceof Error ? error.message : String(error)}`;
  }
}
