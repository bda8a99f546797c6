/** What comes next for a target whose releases are frozen at times, or come after another target. */
import { expect, test } from 'vitest';
import { actionsOf } from '../../../shared/core/incident/actions.ts';
import { announcedNext, nextInWords, nextStepOf } from '../../../shared/core/incident/next-step.ts';
import type { AnnouncementKind } from '../../../shared/core/model/announcement.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import type { HoldReason } from '../../../shared/core/model/record/waiting.ts';
import { at, digest, image, order, record, rules, waiting } from '../../build.ts';

const STAGING = { id: 'web-staging', key: 'ecs/staging/web' } as const;
const freeze = {
  timeZone: 'Europe/Berlin',
  windows: [{ from: 'Fri 16:00', to: 'Mon 08:00', because: 'the weekend' }],
};

test.each<[change: Partial<TargetRecord['rules']>, next: string]>([
  [{}, 'the next push starts by itself'],
  [{ freeze }, 'the next push starts by itself, or when no freeze is on'],
  [
    { after: { targets: [STAGING], soakMinutes: 0 } },
    'what web-staging has proven starts by itself',
  ],
  [
    { after: { targets: [STAGING, { ...STAGING, id: 'api' }], soakMinutes: 0 } },
    'what web-staging and api have proven starts by itself',
  ],
])('at rest: %j', (change, next) => {
  expect(nextStepOf(record({ rules: rules(change) }), undefined)).toEqual({
    by: 'nobody',
    what: next,
  });
});

test.each<HoldReason>(['freeze', 'promotion', 'proof'])(
  'what a %s holds goes on by itself, and a person may start it all the same',
  (reason) => {
    const next = 'it starts by itself at 08:00 UTC';
    const held = { reason, because: 'releases are frozen until Monday', next, since: at(0) };
    const given = waiting({
      waiting: { app: { image: image(2), order: order(2), since: at(0), held } },
    });
    expect(nextStepOf(given, undefined)).toEqual({
      by: 'Slipway',
      what: 'main-2 starts by itself at 08:00 UTC',
    });
    const known = {
      back: { possible: false, because: 'a test' },
      isRed: false,
      lacksTasks: false,
      stop: undefined,
    } as const;
    expect(actionsOf(given, undefined, known)).toContainEqual({
      to: 'start main-2 all the same',
      command: `slipway deploy web --image shop/web@${digest(2)} --because "why"`,
    });
  },
);

test('a hold that an older version wrote has no next step: it is said to wait', () => {
  const held = { reason: 'alarm', because: 'alarm web-5xx is red', since: at(0) } as const;
  const given = waiting({
    waiting: { app: { image: image(2), order: order(2), since: at(0), held } },
  });
  expect(nextStepOf(given, undefined).what).toBe('main-2 waits');
});

/** `shop/web:main-2 … is not blamed` begins with what it is about, and asks a person. */
test.each<[kind: AnnouncementKind, next: string, inWords: string]>([
  ['rolled-back', 'push a fix; main-2 stays quarantined', 'Next (you): push a fix; main-2 stays'],
  ['rolled-back', 'nothing: main-2 is offered again', 'Next: nothing: main-2'],
  ['rolled-back', 'shop/web:main-2 is not blamed: deploy it', 'Next (you): shop/web:main-2'],
  ['rolled-back', 'what ran before is looked at', 'Next (Slipway): what ran before'],
  ['failed', 'it was not its fault: it is tried again', 'Next (Slipway): it was not its fault'],
  ['held', 'it starts by itself when the alarm is OK', 'Next (Slipway): it starts by itself'],
  ['needs-attention', 'create it again', 'Next (you): create it again'],
  ['proven', 'a release that fails returns here', 'Next: a release that fails'],
])('who is meant by the next step of what is %s: %s', (kind, next, inWords) => {
  expect(nextInWords(announcedNext(kind, next))).toContain(inWords);
});
