/** `--json` keeps to the schemas that are published in docs/json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { statusOf } from '../../../cli/connect/target-status.ts';
import { slipway } from '../run.ts';
import { pipeline, standing } from '../world.ts';
import { errorShape, PUBLISHED, statusShape } from './json-shapes.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/json/', import.meta.url));

test.each(Object.entries(PUBLISHED))(
  'docs/json/%s is this shape (UPDATE=1 writes it)',
  (name, shape) => {
    const schema = z.toJSONSchema(shape);
    if (process.env.UPDATE === '1') {
      writeFileSync(FOLDER + name, `${JSON.stringify(schema, null, 2)}\n`);
    }
    expect(JSON.parse(readFileSync(FOLDER + name, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(schema)),
    );
  },
);

test('a status is of the published shape: at rest, on the way, rolled back, held, and of one target alone', async () => {
  const here = await standing();
  const all = Object.values(pipeline.targets);
  const fits = async () => {
    const status = JSON.parse(JSON.stringify(await statusOf(here.connection, all)));
    expect(statusShape.parse(status)).toEqual(status);
    const one = JSON.parse(JSON.stringify(await statusOf(here.connection, all.slice(0, 1))));
    expect(statusShape.parse(one)).toEqual(one);
    return status.targets[0].state;
  };
  const states = [await fits()];
  here.push('main-1');
  for (const minutes of [0.2, 4, 16]) {
    await here.pass(minutes);
    states.push(await fits());
  }
  here.push('main-bad', { errorRate: 1 });
  for (const minutes of [5, 1, 19]) {
    await here.pass(minutes);
    states.push(await fits());
  }
  await here.connection.aws.stop.turn('on', { by: 'ada', because: 'black friday' });
  states.push(await fits());
  expect([...new Set(states)]).toEqual([
    'well',
    'deploying',
    'baking',
    'rolling-back',
    'rolled-back',
    'held',
  ]);
});

test('what goes wrong is JSON, too, beside the line for people', async () => {
  const { code, stdout, stderr } = await slipway(
    'status',
    'wbe',
    '--json',
    '--local',
    'localhost:1',
  );
  const told = errorShape.parse(JSON.parse(stdout));
  expect(told.error.code).toBe(code);
  expect(stderr).toContain(told.error.message);
});
