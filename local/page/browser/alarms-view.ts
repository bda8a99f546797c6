/** The alarms of a target: state, since when, what it watches, and why it is red. */
import type { PageAlarm, PageTarget } from '../../server/page-state.ts';
import { comparisonText } from '../charts/alarm-place.ts';
import { clockText, numberText } from '../formats.ts';
import { icon } from './icons.ts';
import { keyedList, make, setAttribute, setShown, setText, type View } from './patch.ts';

const STATES: Readonly<Record<PageAlarm['state'], string>> = {
  OK: 'OK',
  ALARM: 'ALARM',
  INSUFFICIENT_DATA: 'no data',
};

interface AlarmNow {
  readonly alarm: PageAlarm;
  /** The target's own because says it already. */
  readonly told: boolean;
}

export function alarmsView(): View<Pick<PageTarget, 'alarms' | 'because'>> {
  const none = make('p', { class: 'quiet' }, 'No alarm guards it.');
  const list = make('ul', { class: 'alarms', 'aria-label': 'Alarms' });
  const update = keyedList<AlarmNow>(list, ({ alarm }) => alarm.name, alarmView);
  return {
    element: make('div', {}, none, list),
    update({ alarms, because = '' }) {
      setShown(none, alarms.length === 0);
      update(alarms.map((alarm) => ({ alarm, told: because.includes(alarm.name) })));
    },
  };
}

function alarmView({ alarm: { name } }: AlarmNow): View<AlarmNow> {
  const state = make('strong');
  const rule = make('span');
  const reason = make('span', { class: 'alarm-reason' });
  const element = make(
    'li',
    { class: 'alarm' },
    icon('bell'),
    make('span', {}, name),
    state,
    rule,
    reason,
  );
  return {
    element,
    update({ alarm, told }) {
      setAttribute(element, 'data-state', alarm.state);
      setText(state, STATES[alarm.state] ?? alarm.state);
      setText(rule, ruleText(alarm));
      setShown(reason, alarm.state === 'ALARM' && !told);
      setText(reason, alarm.reason);
    },
  };
}

function ruleText({ label, comparison, threshold, since }: PageAlarm): string {
  const side = comparisonText(comparison);
  const watches =
    threshold === undefined || side === undefined
      ? ''
      : `rises ${side} ${numberText(threshold)}${label === undefined ? '' : ` (${label})`}, `;
  return `${watches}since ${clockText(since)}`;
}
