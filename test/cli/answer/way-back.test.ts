/** Whether a target could roll back now: the page of `slipway local` and `slipway status` say the same. */
import { expect, test } from 'vitest';
import { statusOf } from '../../../cli/connect/target-status.ts';
import { wayBackNow } from '../../../local/server/page-way-back.ts';
import { runningImages } from '../../../local/stories/outcome.ts';
import { pipeline, standing } from '../world.ts';

type Said =
  | { readonly possible: true; readonly to?: string; readonly revision?: string }
  | { readonly possible: false; readonly because: string };

const inShort = (said: Said | undefined) =>
  said?.possible ? { to: said.to ?? said.revision } : { because: said?.because };

test('the page and the command say the same of a way back, at rest, on the way and on the way back', async () => {
  const { web } = pipeline.targets;
  if (web === undefined) throw new Error('the example has no web');
  const here = await standing();
  const phases = new Set<string | undefined>();
  const ask = async () => {
    const { cloud, connection } = here;
    const record = await cloud.recordOf(web.key);
    const running = Object.values(runningImages(cloud.world, web.cluster, web.service));
    const page = wayBackNow(cloud, record, running);
    const [command] = (await statusOf(connection, [web])).targets;
    phases.add(command?.phase);
    expect([command?.phase, inShort(page)]).toEqual([
      command?.phase,
      inShort(command?.couldRollBack),
    ]);
  };
  await ask();
  here.push('main-bad', { errorRate: 1 });
  for (let minute = 0; minute < 9; minute++) {
    await here.pass(1);
    await ask();
  }
  expect(phases).toEqual(new Set(['idle', 'deploying', 'baking', 'rolling-back']));
});
