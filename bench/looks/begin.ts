/**
 * What it costs a newcomer to begin with 200 services: `init` for all of them, and `doctor`. Seconds are those of
 * this process before the local AWS, without the time that AWS itself takes to answer.
 */
import { examine } from '../../cli/doctor.ts';
import { choose } from '../../cli/init/choose.ts';
import { renderConfig } from '../../cli/init/render.ts';
import { survey } from '../../cli/init/survey-services.ts';
import { watcher } from './person.ts';

export interface Beginning {
  readonly services: number;
  readonly init: { readonly calls: number; readonly seconds: number };
  readonly doctor: { readonly calls: number; readonly seconds: number; readonly checks: number };
}

export async function measureBeginning(): Promise<Beginning> {
  const here = await watcher();
  const { pipeline } = here.connection;
  const place = { account: pipeline.account, region: pipeline.region };
  here.calls();
  let began = performance.now();
  const chosen = await choose(here.surveyor, { services: [], all: true, yes: true }, 'the account');
  const { targets } = await survey(here.surveyor, place, chosen);
  renderConfig(place, targets, 'slipway');
  const init = { calls: here.calls(), seconds: secondsSince(began) };
  began = performance.now();
  const examined = await examine(here.connection, Object.values(pipeline.targets), false);
  const checks = examined.flatMap(({ groups }) => groups.flatMap((group) => group.checks));
  const doctor = { calls: here.calls(), seconds: secondsSince(began), checks: checks.length };
  return { services: targets.length, init, doctor };
}

function secondsSince(began: number): number {
  return Number(((performance.now() - began) / 1000).toFixed(1));
}

/** As the table of `npm run bench` has them. */
export function beginningRows({
  services,
  init,
  doctor,
}: Beginning): readonly (readonly [string, string])[] {
  return [
    [
      `slipway init --all, ${services} services`,
      `${init.calls} calls, ${init.seconds} s of our own`,
    ],
    [
      `slipway doctor, ${services} targets`,
      `${doctor.calls} calls, ${doctor.seconds} s of our own, ${doctor.checks} checks`,
    ],
  ];
}
