/** What a look asks of the ports for the gates; everything else of it is played in the scenarios. */
import { describe, expect, test } from 'vitest';
import type { FoundService } from '../../shared/core/model/observation.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import type { ScanRules, SignatureRules } from '../../shared/core/model/rules.ts';
import { questionFor } from '../../shared/core/question.ts';
import type { Platform, Ports } from '../../shared/ports.ts';
import { observe } from '../../shared/reconcile/observe.ts';
import {
  at,
  CHOOSING,
  definition,
  digest,
  image,
  returning,
  revision,
  rules,
  scanned,
  scanRules,
  service,
  signatureRules,
  twoContainers,
  waiting,
} from '../build.ts';

const arm: Platform = { os: 'linux', architecture: 'arm64' };
const ref = { cluster: 'production', service: 'web' };

/** Ports that answer what a start asks, and say what they were asked. */
async function looked(record: TargetRecord, found: FoundService | null = service(1)) {
  const asked: [what: string, digest: string, ...rest: unknown[]][] = [];
  const ports = {
    clock: { now: () => at(1), newId: () => 'look-1', timeLeft: () => 30_000 },
    services: {
      describe: async () => found ?? undefined,
      definition: async () => ({
        ...definition({ app: image(1) }),
        ...{ active: true, family: 'web', platform: arm },
      }),
    },
    alarms: { states: async () => ({}) },
    images: { states: async () => ({}) },
    scans: {
      scan: async ({ digest }: { digest: string }, platform: Platform, rules: ScanRules) => {
        asked.push(['scan', digest, platform, rules]);
        return scanned();
      },
    },
    signatures: {
      verify: async ({ digest }: { digest: string }, rules: SignatureRules) => {
        asked.push(['signature', digest, rules]);
        return { state: 'verified' };
      },
    },
  } as unknown as Ports;
  const calls: string[] = [];
  const counted = Object.fromEntries(
    Object.entries(ports).map(([port, methods]) => [
      port,
      port === 'clock' ? methods : counting(port, methods, calls),
    ]),
  ) as unknown as Ports;
  const seen = await observe(ref, record, questionFor(record, at(1)), counted);
  return { asked, seen, calls };
}

function counting(port: string, methods: object, calls: string[]) {
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      (...args: unknown[]) => {
        calls.push(`${port}.${name}`);
        return method(...args);
      },
    ]),
  );
}

const gated = (gates: object) => waiting({ rules: rules(gates) });

describe('a look before a start', () => {
  test('asks no scan and no signature that the config does not name', async () => {
    const { asked, seen } = await looked(waiting());
    expect(asked).toEqual([]);
    expect(seen).not.toHaveProperty('scans');
    expect(seen).not.toHaveProperty('signatures');
  });

  test('asks the scan of the platform that the service runs, by the rules of the config', async () => {
    const { scan } = scanRules();
    const { asked, seen } = await looked(gated({ scan }));
    expect(asked).toEqual([['scan', digest(2), arm, scan]]);
    expect(seen.scans).toEqual({ [digest(2)]: scanned() });
    // The platform is for the call alone: what a look found stays as small as it was.
    expect(Object.keys(seen.definition ?? {}).sort()).toEqual(['containers', 'revision']);
  });

  test('asks who signed the image', async () => {
    const { signature } = signatureRules();
    const { asked, seen } = await looked(gated({ signature }));
    expect(asked).toEqual([['signature', digest(2), signature]]);
    expect(seen.signatures).toEqual({ [digest(2)]: { state: 'verified' } });
  });

  test('asks once about an image for two containers', async () => {
    const one = { image: image(2), since: at(0) };
    const { asked } = await looked(
      waiting({
        rules: { ...twoContainers(), ...scanRules(), ...signatureRules() },
        waiting: { app: one, sidecar: one },
      }),
    );
    expect(asked.map(([what]) => what).sort()).toEqual(['scan', 'signature']);
  });

  test('asks no scan for a service that is not there: nobody knows its platform', async () => {
    const { asked, seen } = await looked(gated(scanRules()), null);
    expect(asked).toEqual([]);
    expect(seen.service.state).toBe('missing');
  });
});

describe('the service is asked first', () => {
  test.each([
    ['missing', null],
    ['DRAINING', service(1, { status: 'DRAINING' })],
    ['INACTIVE', service(1, { status: 'INACTIVE' })],
    ['driven by another controller', service(1, { controller: 'EXTERNAL' })],
  ])(
    'of one that is %s nothing else is asked: ECS would say that it is not there',
    async (_, found) => {
      const { calls, seen } = await looked(waiting(), found);
      expect(calls).toEqual(['services.describe']);
      expect(Object.keys(seen).sort()).toEqual(['at', 'id', 'question', 'service', 'undelivered']);
    },
  );

  test('whatever a question asks, the observation answers under the same word', async () => {
    const { seen } = await looked(gated({ ...scanRules(), ...signatureRules() }));
    // Nobody stopped the account; `reconcile` reads that itself, beside the observation.
    const words = Object.keys(seen.question).filter((word) => word !== 'stop');
    for (const word of words) expect(seen).toHaveProperty(word);
    const back = await looked(returning(CHOOSING));
    expect(back.seen.rollbackTo).toEqual({ state: 'usable', revision: revision(1) });
  });
});
