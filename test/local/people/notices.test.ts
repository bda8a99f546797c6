/** A bad release from its push to the mail and the chat: each is told once, and what it says runs does run. */
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { eventsOn } from '@slipway/local-cloud/eventbridge/state.ts';
import { expect, test } from 'vitest';
import { Cloud } from '../../../local/slipway/slipway-cloud.ts';
import { worldOf } from '../../../local/stories/setup/scenario-world.ts';
import { definePipeline, ecsService } from '../../../shared/config/config.ts';
import { textOf } from '../../docs/pages.ts';

const MINUTE = 60_000;
const MAIL = 'arn:aws:sns:eu-central-1:123456789012:mail';
const CHAT = 'arn:aws:sns:eu-central-1:123456789012:chat';

const pipeline = definePipeline({
  account: '123456789012',
  region: 'eu-central-1',
  notices: { mail: MAIL, chat: CHAT },
  targets: {
    web: ecsService({
      mode: 'act',
      cluster: 'production',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      alarms: ['web-5xx'],
      rollout: { circuitBreaker: { enable: true } },
      bakeMinutes: 5,
    }),
  },
});

test('the notice of a rollback is received, once, in the words of the incident answer', async () => {
  const world = worldOf(pipeline, {}, 1);
  const cloud = await Cloud.start({ world, pipeline, seed: 1 });
  const pass = async (minutes: number) => await cloud.runUntil(world.now + minutes * MINUTE);
  const mails = () => world.sns.topics[MAIL] ?? [];
  const chats = () => world.sns.topics[CHAT] ?? [];
  await pass(20);
  pushImage(world, { repository: 'shop/web', tag: 'main-2', behaviour: { errorRate: 0.25 } });
  await pass(20);

  expect(mails().map(({ subject }) => subject)).toEqual(['web: main-2 was rolled back']);
  expect(mails()[0]?.message).toMatchInlineSnapshot(`
    "main-2 was rolled back: alarm web-5xx rose at 10:24:59 UTC, 2 minutes after it was rolled out: up to 25 % of answers were errors for 2 minutes, and it allows 5 %.

    Now: sha256:a087eaf300b3 (web:1) runs, all 4 tasks.

    web-5xx, which condemned main-2, is still red: a fix that is pushed now waits until it is OK, at most until 10:30:00 UTC, and one that is deployed by hand does not.

    Next (you): push a fix; shop/web:main-2 (sha256:1b7a398c1567) stays quarantined: if it was not to blame, lift that and deploy it by hand

    What you can do:
      slipway why web
        to learn why
      slipway unquarantine web sha256:1b7a398c1567 --because "why"
        to lift its quarantine, if it was not to blame (starts nothing yet)
      slipway deploy web --image shop/web@sha256:1b7a398c1567adc0af360884602e133403cefae0819fe6088cf8352fafa99a98 --because "why"
        to start main-2 after that

    AWS says: Threshold Crossed: 2 out of the last 3 datapoints [25.0 (20/11/26 10:22:00), 24.6 (20/11/26 10:21:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).

    web (ecs/production/web), release ecs/production/web/1, 10:27:42 UTC"
  `);
  const [mail] = mails();
  expect(textOf('docs/notices.md')).toContain(`Subject: ${mail?.subject}\n\n${mail?.message}\n`);
  expect(chats()).toHaveLength(1);
  const { metadata } = JSON.parse(chats()[0]?.message ?? '{}');
  expect(metadata).toMatchObject({ threadId: 'ecs/production/web/1', eventType: 'rolled-back' });

  const told = eventsOn(world, 'slipway').find(
    ({ 'detail-type': type }) => type === 'Slipway Release Rolled Back',
  );
  await cloud.invoke('notice', told);
  expect([mails().length, chats().length]).toEqual([1, 1]);
  expect(cloud.givenUp).toEqual([]);
});

test('a topic that is gone is tried again, and then kept; nothing else is held up', async () => {
  const world = worldOf(pipeline, {}, 1);
  const cloud = await Cloud.start({ world, pipeline, seed: 1 });
  delete world.sns.topics[CHAT];
  await cloud.runUntil(world.now + 20 * MINUTE);
  pushImage(world, { repository: 'shop/web', tag: 'main-2', behaviour: {} });
  await cloud.runUntil(world.now + 20 * MINUTE);
  expect(world.sns.topics[MAIL]?.map(({ subject }) => subject)).toEqual(['web: main-2 is proven']);
  expect(cloud.givenUp.map(({ function: name, tried }) => [name, tried])).toEqual([['notice', 2]]);
});
