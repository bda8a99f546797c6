/** The tasks of a revision: a sign for each, whose shape says where it stands in its life. */
import type { PageTask } from '../../server/page-state.ts';
import { LIVES, livesText, type TaskLife, taskLife } from '../task-life.ts';
import { keyedList, make, setAttribute, type View } from './patch.ts';

/** More than these do not fit a small screen: then a bar shows the shares. */
const SIGNS_MOST = 40;

interface Group {
  readonly life: TaskLife;
  readonly count: number;
}

export function tasksView(): View<readonly PageTask[]> {
  const signs = make('span', { class: 'tasks' });
  const bar = make('span', { class: 'task-bar' });
  const updateSigns = keyedList<PageTask>(signs, ({ id }) => id, taskSign);
  const updateBar = keyedList<Group>(bar, ({ life }) => life, barPart);
  const element = make('span', { role: 'img' }, signs, bar);
  return {
    element,
    update(tasks) {
      const many = tasks.length > SIGNS_MOST;
      const sorted = tasks.toSorted(
        (a, b) =>
          LIVES.indexOf(taskLife(a)) - LIVES.indexOf(taskLife(b)) || a.createdAt - b.createdAt,
      );
      updateSigns(many ? [] : sorted);
      const groups = Map.groupBy(tasks, taskLife);
      const parts = LIVES.map((life) => ({ life, count: groups.get(life)?.length ?? 0 }));
      updateBar(many ? parts.filter(({ count }) => count > 0) : []);
      setAttribute(element, 'aria-label', `tasks: ${livesText(tasks)}`);
    },
  };
}

function taskSign(): View<PageTask> {
  const element = make('span', { class: 'task' });
  return {
    element,
    update(task) {
      const { id, lastStatus, desiredStatus, stoppedReason } = task;
      setAttribute(element, 'data-life', taskLife(task));
      const leaving = desiredStatus === lastStatus ? '' : `, wanted ${desiredStatus}`;
      const why = stoppedReason === undefined ? '' : `: ${stoppedReason}`;
      setAttribute(element, 'title', `${id.slice(0, 8)} ${lastStatus}${leaving}${why}`);
    },
  };
}

function barPart(): View<Group> {
  const element = make('span', { class: 'task' });
  return {
    element,
    update({ life, count }) {
      setAttribute(element, 'data-life', life);
      setAttribute(element, 'title', `${count} ${life}`);
      element.style.flexGrow = String(count);
    },
  };
}
