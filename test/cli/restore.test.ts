/** docs/restore.md, rehearsed: the table is a copy of some minutes ago, under another name. */
import { startDynamo } from '@slipway/local-cloud/dynamodb/dynalite.ts';
import { restoreTables, saveTables } from '@slipway/local-cloud/dynamodb/saved-tables.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../cli/output/exit.ts';
import { requarantine } from '../../cli/requarantine.ts';
import { rollback } from '../../cli/rollback.ts';
import { Cloud } from '../../local/slipway/slipway-cloud.ts';
import { connectPerson } from '../../shared/aws/connect/person.ts';
import { sentBackFrom } from '../../shared/core/release/sent-back.ts';
import { SILENT } from '../simulation/as-port.ts';
import { COMMAND, COMMON, MINUTE, printed, standing } from './world.ts';

const RESTORED = 'slipway-restored';
const KEY = 'ecs/production/web';

/** main-1 is proven, the copy is of now; then main-2 is sent back and condemned, and the table is lost. */
async function lost() {
  const before = await standing();
  const good = before.push('main-1');
  await before.pass(20);
  const since = before.cloud.world.now;
  const copy = await saveTables(before.cloud.dynamo);
  const bad = before.push('main-2');
  await before.pass(4);
  await printed(() => rollback(before.connection, 'web', COMMAND));
  await before.pass(6);
  const { connection } = before;
  expect(await connection.aws.records.quarantined(KEY, bad as never)).toBeDefined();

  const dynamo = startDynamo();
  await restoreTables(
    dynamo,
    copy.map(({ definition, items }) => ({
      definition: { ...definition, TableName: RESTORED },
      items,
    })),
  );
  const { world, pipeline } = before.cloud;
  const saved = before.cloud.save();
  const cloud = await Cloud.start({ world, pipeline, seed: 1, dynamo, saved, table: RESTORED });
  const aws = connectPerson({
    names: { table: RESTORED },
    log: SILENT,
    clock: { now: () => world.now, newId: () => 'a look' },
    aws: clientSettings({ world, transport: createTransport({ world, dynamo }) }),
  });
  const pass = (minutes: number) => cloud.runUntil(world.now + minutes * MINUTE);
  return { cloud, connection: { ...connection, aws, table: RESTORED }, good, bad, since, pass };
}

const startsOf = ({ timeline }: Cloud) =>
  timeline.flatMap((entry) =>
    entry.type === 'call' && entry.operation === 'UpdateService' ? [entry] : [],
  );

describe('a table restored from ten minutes ago', () => {
  test('by the runbook starts nothing that was condemned meanwhile', async () => {
    const { cloud, connection, good, bad, since, pass } = await lost();
    const options = { ...COMMON, json: true, since, yes: true };
    const { code, stdout } = await printed(() => requarantine(connection, 'web', options));
    expect(code).toBe(EXIT.done);
    expect(JSON.parse(stdout)).toEqual({ target: 'web', condemned: [bad] });
    await pass(130);
    expect(startsOf(cloud)).toEqual([]);
    const record = await cloud.recordOf(KEY);
    expect(record?.runs?.images.app?.digest).toBe(good);
    expect(await connection.aws.records.quarantined(KEY, bad as never)).toContain('restored');
  });

  test('without it would start it again: the sweep finds an image that nobody condemned', async () => {
    const { cloud, pass } = await lost();
    await pass(130);
    expect(startsOf(cloud).length).toBeGreaterThan(0);
  });
});

describe('what a service was sent back from', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((app) => ({ app })) as [
    { app: string },
    { app: string },
    { app: string },
  ];
  test.each([
    ['nothing, going forward', [a, b, c], []],
    ['what stood between two times of one content', [a, b, a], ['b']],
    ['all of it', [a, b, c, a], ['b', 'c']],
    ['not what replaced it well afterwards', [a, b, a, c], ['b']],
    ['not what runs now', [a, b, a, b], []],
    ['nothing, of one content again and again', [a, a, a], []],
    ['nothing, where nothing is known', [], []],
  ])('%s', (_, ran, expected) => {
    expect(sentBackFrom(ran)).toEqual(expected);
  });

  test('of several containers only the one that changed', () => {
    const before = { app: 'a', side: 's' };
    expect(sentBackFrom([before, { app: 'b', side: 's' }, before])).toEqual(['b']);
  });
});
