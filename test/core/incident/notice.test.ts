/** What people are told of an announcement, in a mail and in a chat. */
import { describe, expect, test } from 'vitest';
import { chatMessage } from '../../../shared/core/incident/chat.ts';
import type { Incident } from '../../../shared/core/incident/incident.ts';
import { noticeOf, noticeText } from '../../../shared/core/incident/notice.ts';
import type { Announcement } from '../../../shared/core/model/announcement.ts';
import type { Image, TargetKey } from '../../../shared/core/model/image.ts';

const AT = Date.UTC(2026, 10, 21, 12, 40, 5);
const KEY = 'ecs/production/web' as TargetKey;

function image(tag: string, digit: string): Image {
  const digest = `sha256:${digit.repeat(64)}` as Image['digest'];
  return { registry: 'r', repository: 'shop/web', digest, tags: tag === '' ? [] : [tag] };
}

const rolledBack: Announcement = {
  id: `${KEY}/7`,
  kind: 'rolled-back',
  at: AT,
  key: KEY,
  target: 'web',
  release: `${KEY}/2`,
  images: { app: image('main-2', '2') },
  because:
    'alarm web-5xx rose at 12:38:00 UTC: 25 % of answers were errors; CloudWatch says: Threshold Crossed',
  runsNow: 'main-1',
  next: 'push a fix',
};

const incident: Incident = {
  state: 'rolled-back',
  headline: 'not read here',
  running: {
    desired: 4,
    revisions: [
      {
        revision: 'web:1',
        images: { app: image('main-1', '1') },
        running: 4,
        pending: 0,
        isPrimary: true,
        traffic: 'all',
      },
    ],
  },
  redAlarms: [],
  next: { by: 'a person', what: 'push a fix' },
  actions: [{ to: 'learn why', command: 'slipway why web' }],
};

test('a mail says in its subject what happened, and then why, what runs now, and what to do', () => {
  const notice = noticeOf(rolledBack, incident);
  expect(notice.subject).toBe('web: main-2 was rolled back');
  expect(noticeText(notice)).toMatchInlineSnapshot(`
    "main-2 was rolled back: alarm web-5xx rose at 12:38:00 UTC: 25 % of answers were errors.

    Now: main-1 (web:1) runs, all 4 tasks.

    Next (you): push a fix

    What you can do:
      slipway why web
        to learn why

    AWS says: Threshold Crossed

    web (ecs/production/web), release ecs/production/web/2, 12:40:05 UTC"
  `);
});

test('a notice that comes late says what came after it', () => {
  const last = { release: `${KEY}/3`, became: 'baking', at: AT + 1, images: rolledBack.images };
  const { sentences } = noticeOf(rolledBack, { ...incident, last } as Incident);
  expect(sentences.at(-1)).toBe('Since then: main-2 was rolled out and is watched.');
});

test.each([
  ['of the same release', { release: `${KEY}/2`, at: AT + 1 }],
  ['of an earlier one', { release: `${KEY}/1`, at: AT - 1 }],
  ['of the same moment', { release: `${KEY}/3`, at: AT }],
])('what is known %s is not told as what came after it', (_, newer) => {
  const last = { became: 'baking', images: rolledBack.images, ...newer };
  const { sentences } = noticeOf(rolledBack, { ...incident, last } as Incident);
  expect(sentences).toEqual([
    'main-2 was rolled back: alarm web-5xx rose at 12:38:00 UTC: 25 % of answers were errors.',
    'Now: main-1 (web:1) runs, all 4 tasks.',
  ]);
});

test('alarms that are red now are named, and no command is where none is', () => {
  const notice = noticeOf({ ...rolledBack, because: 'it ended…' } as Announcement, {
    ...incident,
    redAlarms: ['web-5xx', 'web-slow'],
    actions: [],
  });
  expect(notice).not.toHaveProperty('aws');
  expect(noticeText(notice).split('\n\n')).toEqual([
    'main-2 was rolled back: it ended…',
    'Now: main-1 (web:1) runs, all 4 tasks.',
    'Red now: web-5xx, web-slow.',
    'Next (you): push a fix',
    'web (ecs/production/web), release ecs/production/web/2, 12:40:05 UTC',
  ]);
});

test('what is bad and serves stands in the subject, and first in the mail', () => {
  const because = 'no way back; condemned: alarm web-5xx rose';
  const told = { ...rolledBack, kind: 'needs-attention', because } as Announcement;
  const what = 'main-2 is bad and STILL SERVES, with all 4 tasks';
  const stillBad = { what, against: 'alarm web-5xx rose', notBack: 'it could not be rolled back' };
  const last = { release: rolledBack.release, became: 'needs-attention', at: AT };
  const now = { ...incident, last, stillBad } as Incident;
  expect(noticeOf(told, now).subject).toBe(`web: ${what}`);
  expect(noticeOf(told, now).sentences.slice(0, 2)).toEqual([
    `${what}: alarm web-5xx rose.`,
    'It could not be rolled back.',
  ]);
  const older = { ...told, release: `${KEY}/1` } as Announcement;
  expect(noticeOf(older, now).subject).toBe('web: a person is needed for main-2');
});

test('an alarm that is red from what was rolled back is told with what it holds, and not as news', () => {
  const says = 'web-5xx, which condemned main-2, is still red';
  const { sentences } = noticeOf(rolledBack, {
    ...incident,
    redAlarms: ['web-5xx'],
    stillRed: { names: ['web-5xx'], says },
  });
  expect(sentences.slice(2)).toEqual([`${says}.`]);
});

test('of what has neither release nor images the revision is named, or the target', () => {
  const { release: _, images: __, ...bare } = { ...rolledBack, kind: 'retired' as const };
  const revision = 'arn:aws:ecs:eu-central-1:1:task-definition/web:7' as Announcement['revision'];
  const [one, other] = [bare, { ...bare, revision, images: {} }].map((told) =>
    noticeOf(told as Announcement, incident),
  );
  expect([one?.subject, one?.about]).toEqual([
    'web: web is no longer looked after',
    'web (ecs/production/web), 12:40:05 UTC',
  ]);
  expect([other?.subject, other?.thread]).toEqual([
    'web: web:7 is no longer looked after',
    rolledBack.id,
  ]);
});

test('what could not be asked is not claimed', () => {
  const { sentences, actions } = noticeOf(rolledBack, undefined);
  expect(sentences.at(-1)).toBe(
    'When this was decided, there ran: main-1. What runs now could not be asked.',
  );
  expect(actions.map(({ command }) => command)).toEqual(['slipway why web']);
});

test('that a person is needed is said first', () => {
  const { subject, sentences } = noticeOf({ ...rolledBack, kind: 'needs-attention' }, undefined);
  expect(subject).toBe('web: a person is needed for main-2');
  expect(sentences[0]).toMatch(/^A person is needed for main-2: alarm web-5xx rose/);
});

test('a mail of a service that is gone says in its subject that nothing serves', () => {
  const { images: _, ...told } = { ...rolledBack, kind: 'needs-attention' as const };
  const gone = (unasked: boolean) =>
    noticeOf(told, { ...incident, running: { unasked, revisions: [] } }).subject;
  expect(gone(false)).toBe('web: nothing serves, and a person is needed');
  expect(gone(true)).toBe('web: a person is needed for web');
});

test('what starts by itself is named in a mail: it would be the cause', () => {
  const next = 'mend the cause: it starts by itself when the alarm is OK';
  expect(noticeOf({ ...rolledBack, kind: 'needs-attention', next }, incident).next).toEqual({
    by: 'a person',
    what: 'mend the cause: main-2 starts by itself when the alarm is OK',
  });
});

test('a proven release needs nobody: no command', () => {
  const proven: Announcement = { ...rolledBack, kind: 'proven', because: 'it stood its bake' };
  expect(noticeOf(proven, undefined)).toMatchObject({
    subject: 'web: main-2 is proven',
    sentences: [
      'main-2 is proven.',
      'It stood its bake.',
      'When this was decided, there ran: main-1. What runs now could not be asked.',
    ],
    actions: [],
  });
  expect(noticeOf(proven, incident).actions).toEqual(incident.actions);
});

describe('a subject is one that SNS takes', () => {
  test.each([
    ['a tag of 300 letters is cut', 'x'.repeat(300)],
    ['a digest in the place of a tag', ''],
  ])('%s', (_, tag) => {
    const { subject } = noticeOf({ ...rolledBack, images: { app: image(tag, '2') } }, incident);
    expect(subject).toMatch(/^[!-~][ -~]{0,98}$/);
  });
});

describe('told once', () => {
  test('the same kind of the same release is one notice', () => {
    const again = { ...rolledBack, id: `${KEY}/8` };
    expect(noticeOf(again, incident).once).toBe(noticeOf(rolledBack, incident).once);
  });
  test('a person who is needed for another reason is told of that, too', () => {
    const needed: Announcement = { ...rolledBack, kind: 'needs-attention' };
    const again = { ...needed, id: `${KEY}/8` };
    expect(noticeOf(again, incident).once).not.toBe(noticeOf(needed, incident).once);
    expect(noticeOf(again, incident).thread).toBe(noticeOf(needed, incident).thread);
  });
  test('an image that waits has no release: its digest is the thread', () => {
    const { release: _, ...waiting } = rolledBack;
    expect(noticeOf(waiting, incident).thread).toBe(`${KEY}/sha256:${'2'.repeat(64)}`);
  });
});

describe('in a chat', () => {
  test('it is a custom notification, threaded by its release', () => {
    expect(chatMessage(rolledBack, noticeOf(rolledBack, incident))).toMatchObject({
      version: '1.0',
      source: 'custom',
      id: `${KEY}/7`,
      content: {
        textType: 'client-markdown',
        title: 'web: main-2 was rolled back',
        description: [
          'main-2 was rolled back: alarm web-5xx rose at 12:38:00 UTC: 25 % of answers were errors.',
          'Now: main-1 (web:1) runs, all 4 tasks.',
          'AWS says: Threshold Crossed',
          'web (ecs/production/web), release ecs/production/web/2, 12:40:05 UTC',
        ].join('\n'),
        nextSteps: ['Next (you): push a fix', '`slipway why web` to learn why'],
      },
      metadata: { threadId: `${KEY}/2`, eventType: 'rolled-back' },
    });
  });
  test('nothing is quoted where AWS said nothing', () => {
    const quiet = { ...rolledBack, because: 'it failed' };
    expect(chatMessage(quiet, noticeOf(quiet, incident)).content.description).not.toContain('AWS');
  });
  test("nobody is called, and nothing is a link, by what a person or a task's last words say", () => {
    const because = 'ada asked: <!channel> look at <https://evil.example|this>, @here `x`';
    const text = JSON.stringify(
      chatMessage(rolledBack, noticeOf({ ...rolledBack, because }, incident)).content,
    );
    expect(text).not.toMatch(/[<>@]/);
  });
});
