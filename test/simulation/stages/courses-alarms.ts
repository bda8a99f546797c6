/** What is told of alarms and does not speak against a release: muted, suppressed, red before, or made up. */
import { type Course, nextAlarmEvent, withRules } from './course.ts';
import { EVENT_HELPS } from './events.ts';
import { MINUTE, type Stage } from './scene.ts';

interface AlarmDetail {
  readonly state: object;
  readonly previousState: object;
}

/** The alarm rises, and what is told of it is another story. */
async function riseToldAs(
  stage: Stage,
  change: (detail: AlarmDetail) => object,
  state: 'ALARM' | 'OK' = 'OK',
): Promise<void> {
  const event = await nextAlarmEvent(stage, () => stage.alarm('ALARM'));
  const detail = event.detail as unknown as AlarmDetail;
  const id = `told-otherwise-${stage.now}`;
  stage.alarm(state);
  stage.engine.receive({ ...event, id, detail: { ...detail, ...change(detail) } });
}

export const ALARMS = {
  'a suppressed alarm is heard': {
    phase: 'idle with two proven',
    happen: (stage) =>
      riseToldAs(stage, ({ state }) => ({ state: { ...state, actionsSuppressedBy: 'Alarm' } })),
  },
  'an alarm that was red before is heard': {
    phase: 'idle with two proven',
    happen: (stage) => riseToldAs(stage, ({ state }) => ({ previousState: state })),
  },
  'an alarm that was red before, and is muted, is heard': {
    phase: 'idle with two proven',
    happen: (stage) =>
      riseToldAs(stage, ({ state }) => ({
        previousState: state,
        muteDetail: { mutedBy: ['arn:aws:cloudwatch:eu-central-1:123456789012:mute-rule:night'] },
      })),
  },
  'a rise is made up, inside a bake of before': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      const { trail } = stage.truth;
      const proven = trail.told.findLast(({ announcement: { kind } }) => kind === 'proven');
      const at = new Date((proven?.at ?? stage.now) - 2 * MINUTE).toISOString();
      const event = await nextAlarmEvent(stage, () => stage.alarm('INSUFFICIENT_DATA'));
      stage.alarm('OK');
      const detail = event.detail as unknown as AlarmDetail;
      const state = { ...detail.state, value: 'ALARM', timestamp: at.replace('Z', '+0000') };
      const previousState = { ...detail.previousState, value: 'OK' };
      const made = { ...detail, state, previousState };
      stage.engine.receive({ ...event, id: 'made-up', detail: made });
    },
  },
  'in watch mode the alarm tells late of the bake': {
    phase: 'idle with two proven',
    happen: async (stage) => {
      stage.reconfigure(withRules({ mode: 'watch' }));
      await stage.pass(20);
      const finishedAt = stage.deployment()?.finishedAt ?? stage.now;
      EVENT_HELPS.tellLate(stage, finishedAt + MINUTE, finishedAt + 2 * MINUTE);
    },
  },
  'the one that is returned to is withdrawn on the way': {
    phase: 'baking over two proven',
    happen: async (stage) => {
      const { trail } = stage.truth;
      const proven = trail.told.findLast(({ announcement: { kind } }) => kind === 'proven');
      const before = stage.calls('UpdateService');
      stage.alarm('ALARM');
      await stage.until(() => stage.calls('UpdateService') > before, 5);
      await stage.pass(5);
      if (proven === undefined) return;
      stage.alarm('OK');
      await stage.pass(5);
      EVENT_HELPS.tellLate(stage, proven.at - 9 * MINUTE, proven.at - 8 * MINUTE);
    },
  },
} as const satisfies Record<string, Course>;
