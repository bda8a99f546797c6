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

    Next: push a fix

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

test('a proven release needs nobody: no command', () => {
  const proven: Announcement = { ...rolledBack, kind: 'proven', because: 'it stood its bake' };
  expect(noticeOf(proven, undefined)).toMatchObject({
    subject: 'web: main-2 is proven',
    actions: [],
  });
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
        nextSteps: ['push a fix', '`slipway why web` to learn why'],
      },
      metadata: { threadId: `${KEY}/2`, eventType: 'rolled-back' },
    });
  });
  test("nobody is called, and nothing is a link, by what a person or a task's last words say", () => {
    const because = 'ada asked: <!channel> look at <https://evil.example|this>, @here `x`';
    const text = JSON.stringify(
      chatMessage(rolledBack, noticeOf({ ...rolledBack, because }, incident)).content,
    );
    expect(text).not.toMatch(/[<>@]/);
  });
});
