/** What waits for a person's word, each with a form: who says it and why, and a button for yes and one for no. */
import type { PageAwaited } from '../../server/page-state.ts';
import { clockText, durationText } from '../formats.ts';
import { type SaidWord, sendCommand } from './control.ts';
import type { TargetNow } from './facts-view.ts';
import { keep, readKept } from './kept.ts';
import { keyedList, make, setShown, setText, type View } from './patch.ts';

interface WaitingNow {
  readonly target: string;
  readonly awaited: PageAwaited;
  readonly now: number;
}

export function approvalsView(): View<TargetNow> {
  const element = make('div', { class: 'approvals' });
  const update = keyedList<WaitingNow>(element, ({ awaited }) => awaited.id, approvalView);
  return {
    element,
    update({ target: { id, awaited }, now }) {
      setShown(element, awaited.length > 0);
      update(awaited.map((one) => ({ target: id, awaited: one, now })));
    },
  };
}

/** The limits of a scenario's `operator`, which is what is sent. */
const NAME_MOST = 200;
const REASON_MOST = 500;

function approvalView({ target, awaited }: WaitingNow): View<WaitingNow> {
  const id = `word-${target}-${awaited.id}`;
  const what = make('p', { id, class: 'what' });
  const asked = make('p', { class: 'quiet' });
  const who = input('Your name', NAME_MOST, { autocomplete: 'username' });
  const why = input('Because', REASON_MOST, { autocomplete: 'off' });
  who.value = readKept('who') ?? '';
  const outcome = make('p', { class: 'outcome', role: 'status' });
  const buttons = [button('Approve', 'approve'), button('Reject', 'reject')];
  const [yes, no] = buttons.map((each) => each.element);
  for (const field of [who, why]) field.addEventListener('input', () => setText(outcome, ''));
  for (const each of buttons) {
    each.element.addEventListener('click', () => say(each.word));
  }

  async function say(word: SaidWord['word']): Promise<void> {
    if (buttons.some((each) => each.element.ariaBusy === 'true')) return;
    const by = who.value.trim();
    const because = why.value.trim();
    const missing = by === '' ? who : because === '' ? why : undefined;
    if (missing !== undefined) {
      setText(outcome, missing === who ? 'Not said: by whom?' : 'Not said: because of what?');
      missing.focus();
      return;
    }
    keep('who', by);
    for (const each of buttons) each.element.ariaBusy = 'true';
    setText(outcome, await answerTo({ target, of: awaited.id, word, by, because }));
    for (const each of buttons) each.element.ariaBusy = null;
  }

  return {
    element: make(
      'div',
      { class: 'approval', role: 'group', 'aria-labelledby': id },
      what,
      asked,
      make('div', { class: 'word' }, labelled(who), labelled(why), yes ?? '', no ?? ''),
      outcome,
    ),
    update({ awaited: seen, now }) {
      setText(what, `A person's word is awaited: ${seen.what}`);
      setText(asked, askedText(seen, now));
    },
  };
}

function askedText({ by, because, since, until }: PageAwaited, now: number): string {
  const left =
    until > now ? `for ${durationText(until - now)} more` : 'over, as the next look says';
  return `asked by ${by} at ${clockText(since)}: ${because}; until ${clockText(until)}, ${left}`;
}

async function answerTo(said: SaidWord): Promise<string> {
  try {
    await sendCommand(said);
    const word = said.word === 'approve' ? 'yes' : 'no';
    return `${said.by} says ${word}. It is heard as virtual time goes on; the timeline tells what became of it.`;
  } catch (error) {
    return `Not said: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function input(
  name: string,
  most: number,
  attributes: Readonly<Record<string, string>>,
): HTMLInputElement {
  return make('input', {
    type: 'text',
    maxlength: String(most),
    'data-name': name,
    ...attributes,
  });
}

function labelled(field: HTMLInputElement): HTMLLabelElement {
  return make('label', {}, `${field.dataset.name} `, field);
}

function button(name: string, word: SaidWord['word']) {
  return { word, element: make('button', { type: 'button', 'data-word': word }, name) };
}
