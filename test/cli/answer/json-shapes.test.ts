/** `--json` keeps to the schemas that are published in docs/json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { statusOf } from '../../../cli/connect/target-status.ts';
import { explain } from '../../../cli/explain.ts';
import { history } from '../../../cli/history.ts';
import { plan } from '../../../cli/plan.ts';
import { stats } from '../../../cli/stats.ts';
import { why } from '../../../cli/why.ts';
import { slipwayHere } from '../run-here.ts';
import { COMMON, pipeline, printed, standing } from '../world.ts';
import {
  decisionsShape,
  explainShape,
  historyShape,
  judgeShape,
  planShape,
  statsShape,
  whyShape,
} from './json-answers.ts';
import { doctorShape, errorShape, statusShape, waitShape } from './json-shapes.ts';

/** By the names of the files in docs/json. */
const PUBLISHED: Readonly<Record<string, z.ZodType>> = {
  'status.schema.json': statusShape,
  'error.schema.json': errorShape,
  'wait.schema.json': waitShape,
  'doctor.schema.json': doctorShape,
  'why.schema.json': whyShape,
  'history.schema.json': historyShape,
  'decisions.schema.json': decisionsShape,
  'explain.schema.json': explainShape,
  'plan.schema.json': planShape,
  'stats.schema.json': statsShape,
  'judge.schema.json': judgeShape,
};

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

test.each(['s01-quiet.json', 's02-the-story.json'])(
  'what the judge says of a trace is of the published shape: %s',
  async (trace) => {
    const file = fileURLToPath(new URL(`../../judge/traces/${trace}`, import.meta.url));
    const { stdout } = await slipwayHere('judge', file, '--json');
    const said = JSON.parse(stdout);
    expect(judgeShape.parse(said)).toEqual(said);
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

  const { connection } = here;
  await connection.aws.stop.turn('off', { by: 'ada', because: 'it is over' });
  here.push('by-hand-1');
  const given = { ...COMMON, json: true };
  const answers: readonly (readonly [z.ZodType, () => Promise<unknown>])[] = [
    [whyShape, () => why(connection, 'web', { ...given, lines: 10, redact: [] })],
    [historyShape, () => history(connection, 'web', { ...given, decisions: false, limit: 20 })],
    [decisionsShape, () => history(connection, 'web', { ...given, decisions: true, limit: 200 })],
    [explainShape, () => explain(connection, 'web', given)],
    [planShape, () => plan(connection, 'web', ['shop/web:by-hand-1'], given)],
    [planShape, () => plan(connection, 'web', ['shop/web:main-bad'], given)],
    [statsShape, () => stats(connection, undefined, { ...given, days: 30 })],
  ];
  for (const [shape, command] of answers) {
    const { stdout } = await printed(command);
    const lines = stdout.trim().split('\n');
    for (const line of lines) expect(shape.parse(JSON.parse(line))).toEqual(JSON.parse(line));
  }
  const told = await printed(() => why(connection, 'web', { ...COMMON, lines: 10, redact: [] }));
  expect(told.stdout).toMatch(
    /\nHarm\n {2}[\d,]{4,7} of [\d,]{5,7} answers were errors from 10:\d\d to 10:\d\d UTC, of both revisions together, as far as CloudWatch has counted\n/,
  );
  const { stdout } = await printed(() => stats(connection, 'web', { ...COMMON, days: 30 }));
  expect(stdout).toMatch(
    /^target +releases +a day +lead time +failed +restored in +way back\nweb +2 /,
  );
});

test('what goes wrong is JSON, too, beside the line for people', async () => {
  const { code, stdout, stderr } = await slipwayHere(
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
