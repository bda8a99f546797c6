/** The revisions of a target: their tasks, their images, and what they answer now. */
import type { PageRevision, PageTarget } from '../../server/page-state.ts';
import { revisionLooks } from '../charts/revision-looks.ts';
import { latencyText, numberText, shareText } from '../formats.ts';
import { failuresOf, livesText } from '../task-life.ts';
import { lineSample } from './icons.ts';
import { imagesView } from './image-view.ts';
import { keyedList, make, setAttribute, setShown, setText, type View } from './patch.ts';
import { tasksView } from './tasks-view.ts';

interface RevisionNow {
  readonly revision: PageRevision;
  readonly now: number;
}

/** What was answered this long ago is not now. */
const NOW_MS = 11_000;

export function revisionsView(): View<{ readonly target: PageTarget; readonly now: number }> {
  const standing = make('ul', { class: 'revisions' });
  const gone = make('ul', { class: 'revisions' });
  const summary = make('summary');
  const earlier = make('details', { class: 'earlier' }, summary, gone);
  const keyOf = ({ revision }: RevisionNow) => revision.deployment;
  const updateStanding = keyedList<RevisionNow>(standing, keyOf, revisionView);
  const updateGone = keyedList<RevisionNow>(gone, keyOf, revisionView);
  return {
    element: make('div', {}, standing, earlier),
    update({ target: { revisions }, now }) {
      const isGone = ({ status }: PageRevision) => status === 'gone';
      const left = revisions.filter(isGone);
      updateStanding(revisions.filter((it) => !isGone(it)).map((revision) => ({ revision, now })));
      updateGone(left.map((revision) => ({ revision, now })));
      setShown(earlier, left.length > 0);
      setText(summary, `Earlier, within the hour: ${left.map((it) => it.revision).join(', ')}`);
    },
  };
}

function revisionView({ revision: { revision } }: RevisionNow): View<RevisionNow> {
  const { colour, dashes } = revisionLooks(revision);
  const status = make('span', { class: 'chip' });
  const images = imagesView('no image');
  const tasks = tasksView();
  const lives = make('span', { class: 'lives' });
  const errors = make('strong');
  const others = make('span');
  const answers = make('span', { class: 'answers' }, errors, others);
  const failures = make('span', { class: 'failures' });
  const element = make(
    'li',
    { class: `revision ${colour.slice(2)}` },
    make(
      'span',
      { class: 'revision-name' },
      lineSample(dashes),
      make('strong', {}, revision),
      status,
    ),
    make('span', { class: 'revision-image' }, images.element),
    make('span', { class: 'revision-tasks' }, tasks.element, lives),
    answers,
    failures,
  );
  return {
    element,
    update({ revision: seen, now }) {
      setText(status, statusText(seen));
      setAttribute(status, 'data-status', seen.status);
      images.update(seen.images);
      tasks.update(seen.tasks);
      setText(lives, tasksText(seen));
      const { share, rest } = answersText(seen, now);
      setText(errors, share);
      setText(others, rest);
      const reasons = failuresOf(seen.tasks);
      setShown(failures, reasons.length > 0);
      setText(failures, reasons.length === 0 ? '' : `stopped: ${reasons.join('; ')}`);
    },
  };
}

function statusText({ status, rolloutState }: PageRevision): string {
  const words = rolloutState === undefined ? status : `${status}, ${rolloutState}`;
  return words.toLowerCase().replaceAll('_', ' ');
}

function tasksText({ tasks, desired, status }: PageRevision): string {
  const wanted = status === 'gone' ? '' : `, ${numberText(desired)} wanted`;
  return `${livesText(tasks)}${wanted}`;
}

/** Both empty if it answers nothing. */
function answersText({ served }: PageRevision, now: number) {
  const last = served.at(-1);
  if (last === undefined || now - last.at > NOW_MS) return { share: '', rest: '' };
  const { errorRate, latencyMs, requestsPerSecond } = last;
  const rate = numberText(Number(requestsPerSecond.toFixed(1)));
  return { share: `${shareText(errorRate)} errors`, rest: `${latencyText(latencyMs)}, ${rate}/s` };
}
