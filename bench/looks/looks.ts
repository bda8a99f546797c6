/**
 * What a look costs a person: `status` for 1, 20 and 200 targets, and the page of `slipway view`. Seconds are
 * those of this process before the local AWS, without the time that AWS itself takes to answer.
 */
import { gzipSync } from 'node:zlib';
import { statusOf } from '../../cli/connect/target-status.ts';
import { Fleet } from '../../cli/view/fleet.ts';
import { viewOf } from '../../cli/view/server.ts';
import { accountAssets } from '../../local/page/assets.ts';
import { type Watcher, watcher } from './person.ts';

const COUNTS = [1, 20, 200] as const;
const EVERY_MS = 10_000;
const MINUTE = 60_000;

export interface Looks {
  readonly status: readonly {
    readonly targets: number;
    readonly calls: number;
    readonly seconds: number;
  }[];
  readonly view: {
    readonly callsAtRest: number;
    readonly callsWhileOneMoves: number;
    /** Until the first page of 200 targets is answered. */
    readonly firstPageSeconds: number;
    readonly pageKilobytes: number;
    readonly compressedKilobytes: number;
    /** Style and scripts, compressed: they are loaded once. */
    readonly assetsKilobytes: number;
  };
}

export async function measureLooks(): Promise<Looks> {
  const here = await watcher();
  const targets = Object.values(here.connection.pipeline.targets);
  // The first call loads what the others use.
  await statusOf(here.connection, targets);
  const status: Looks['status'][number][] = [];
  for (const count of COUNTS) {
    here.calls();
    const began = performance.now();
    await statusOf(here.connection, targets.slice(0, count));
    status.push({ targets: count, calls: here.calls(), seconds: secondsSince(began) });
  }
  return { status, view: await measureView(here) };
}

async function measureView(here: Watcher): Promise<Looks['view']> {
  let clock = 0;
  const answer = viewOf(here.connection, new Fleet(here.connection, {}, () => clock));
  const page = async () => {
    const query = new URLSearchParams();
    const asked = { method: 'GET', path: '/', query, headers: {}, body: Buffer.alloc(0) };
    return (await answer(asked)).body;
  };
  const minute = async () => {
    here.calls();
    for (const end = clock + MINUTE; clock < end; clock += EVERY_MS) await page();
    return here.calls();
  };
  const began = performance.now();
  const body = await page();
  const firstPageSeconds = secondsSince(began);
  clock += MINUTE;
  const callsAtRest = await minute();
  await here.pushOne();
  const callsWhileOneMoves = await minute();
  const assets = [...(await accountAssets()).values()];
  return {
    callsAtRest,
    callsWhileOneMoves,
    firstPageSeconds,
    pageKilobytes: kilobytes(body.length),
    compressedKilobytes: kilobytes(gzipSync(body).length),
    assetsKilobytes: kilobytes(assets.reduce((sum, file) => sum + gzipSync(file.body).length, 0)),
  };
}

function secondsSince(began: number): number {
  return Number(((performance.now() - began) / 1000).toFixed(2));
}

function kilobytes(bytes: number): number {
  return Math.round(bytes / 1024);
}

/** As the table of `npm run bench` has them. */
export function lookRows({ status, view }: Looks): readonly (readonly [string, string])[] {
  const { callsAtRest, callsWhileOneMoves, pageKilobytes, compressedKilobytes } = view;
  return [
    ...status.map(({ targets, calls, seconds }): readonly [string, string] => [
      `slipway status, ${targets} ${targets === 1 ? 'target' : 'targets'}`,
      `${calls} calls, ${seconds} s of our own`,
    ]),
    [
      'slipway view, 200 targets: calls a minute, at rest and while one moves',
      `${callsAtRest}, ${callsWhileOneMoves}`,
    ],
    [
      'slipway view, 200 targets: the first page',
      `${view.firstPageSeconds} s of our own, ${pageKilobytes} KB (${compressedKilobytes} compressed), and once ${view.assetsKilobytes} KB of style and scripts`,
    ],
  ];
}
