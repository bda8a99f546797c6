/** What somebody else deployed has its place in the order by when it was pushed, and only ECR knows that. */
import { expect, test } from 'vitest';
import type { Running, TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { questionFor } from '../../shared/core/question.ts';
import { type Ports, TransientError } from '../../shared/ports.ts';
import { observe } from '../../shared/reconcile/observe.ts';
import { at, image, observing, revision, service } from '../build.ts';

/** What a look at web:9 hears of its push, and how often ECR is asked. */
async function looked(record: TargetRecord, answer: () => { pushedAt: number } | undefined) {
  let asked = 0;
  const ports = {
    clock: { now: () => at(1), newId: () => 'look-1', timeLeft: () => 30_000 },
    services: {
      describe: async () => service(9),
      runningImages: async () => ({ images: { app: image(9) }, pinned: true }),
      stoppedTasks: async () => ({ failed: 0, newest: [] }),
    },
    alarms: { states: async () => ({}), rises: async () => ({}), mutedSince: async () => ({}) },
    images: {
      describe: async () => {
        asked++;
        return answer();
      },
    },
  } as unknown as Ports;
  const ref = { cluster: 'production', service: 'web' };
  const seen = await observe(ref, record, questionFor(record, at(1)), ports);
  if (seen.service.state !== 'found') throw new Error('the service is there');
  const { pushedAt, undated } = seen.service.primary;
  return { pushedAt, undated, asked };
}

const silent = () => {
  throw new TransientError('Rate exceeded');
};

const runs = (fields: Partial<Running> = {}): Running => ({
  ...{ revision: revision(9), images: { app: image(9) }, since: at(0) },
  ...fields,
});

test('ECR is asked until it answers, and no more', async () => {
  const first = observing();
  expect(await looked(first, silent)).toEqual({ pushedAt: {}, undated: ['app'], asked: 1 });
  const still = observing({}, { runs: runs({ undated: ['app'] }) });
  const answers = { pushedAt: { app: at(-1) }, undated: undefined, asked: 1 };
  expect(await looked(still, () => ({ pushedAt: at(-1) }))).toEqual(answers);
  const told = observing({}, { runs: runs() });
  expect(await looked(told, silent)).toEqual({ pushedAt: undefined, undated: undefined, asked: 0 });
});

test('an image that ECR has no more is asked for once', async () => {
  const gone = await looked(observing(), () => undefined);
  expect(gone).toEqual({ pushedAt: {}, undated: undefined, asked: 1 });
});
