/** What a config may say of scans and signatures, and how a mistake in it is told. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { pipelineOf } from '../../local/stories/scenario-pipeline.ts';
import { ConfigError, ecsService, parsePipeline } from '../../shared/config/config.ts';

const pem = (type: 'spki' | 'pkcs8', name: string, options: object): string => {
  const pair = generateKeyPairSync(
    name as 'rsa',
    {
      ...options,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    } as never,
  ) as unknown as { readonly publicKey: string; readonly privateKey: string };
  return type === 'spki' ? pair.publicKey : pair.privateKey;
};
const publicKey = pem('spki', 'ec', { namedCurve: 'P-256' });
const issuer = 'https://token.actions.githubusercontent.com';
const identity = 'https://github.com/acme/shop/.github/workflows/build.yml@refs/heads/main';

function config(target: object): unknown {
  const web = {
    ...{
      type: 'ecs-service',
      mode: 'act',
      cluster: 'production',
      service: 'web',
      alarms: ['web-5xx'],
    },
    containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
    ...target,
  };
  return { account: '123456789012', region: 'eu-central-1', targets: { web } };
}

const rulesOf = (target: object) => parsePipeline(config(target)).targets.web?.rules;

function mistakes(target: object): readonly string[] {
  try {
    parsePipeline(config(target));
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ line }) => line.replace(/^targets\.web\./, ''));
  }
}

describe('a good config', () => {
  test('says nothing of gates, and then nobody asks', () => {
    expect(rulesOf({})).not.toHaveProperty('scan');
    expect(rulesOf({ scan: undefined, signature: undefined })).not.toHaveProperty('signature');
  });

  test('needs the highest severity; half an hour for the scan, and then a person is asked', () => {
    expect(rulesOf({ scan: { highest: 'MEDIUM' } })?.scan).toStrictEqual({
      highest: 'MEDIUM',
      except: [],
      waitMinutes: 30,
      afterWait: 'ask',
    });
  });

  test('keeps what it says of exceptions', () => {
    const except = [{ id: 'CVE-2026-1234', until: '2026-12-31', because: 'not reachable' }];
    const scan = { highest: 'NONE', except, waitMinutes: 5, afterWait: 'refuse' };
    expect(rulesOf({ scan })?.scan).toStrictEqual(scan);
  });

  test('names a key, or who vouches for whom; signing may take ten minutes', () => {
    expect(rulesOf({ signature: { publicKey } })?.signature).toStrictEqual({
      publicKey,
      waitMinutes: 10,
    });
    expect(rulesOf({ signature: { issuer, identity, waitMinutes: 0 } })?.signature).toStrictEqual({
      issuer,
      identity,
      waitMinutes: 0,
    });
    const regex = { regex: 'https://github\\.com/acme/.*' };
    expect(rulesOf({ signature: { issuer, identity: regex } })?.signature).toMatchObject({
      identity: regex,
    });
  });

  test.each([
    ['rsa', { modulusLength: 2048 }],
    ['rsa', { modulusLength: 4096 }],
    ['ec', { namedCurve: 'P-384' }],
  ])('takes a key of %s %j', (name, options) => {
    expect(mistakes({ signature: { publicKey: pem('spki', name, options) } })).toEqual([]);
  });

  test('may be written in full by a scenario that changes another setting', () => {
    const gates = { scan: { highest: 'HIGH' }, signature: { publicKey } };
    const base = parsePipeline(config(gates));
    const scenario = { targets: { web: { config: { bakeMinutes: 5 } } }, steps: [], until: 0 };
    const { web } = pipelineOf(scenario as never, base).targets;
    expect(web?.rules).toEqual({ ...base.targets.web?.rules, bakeMinutes: 5 });
  });

  test('is typed: what makes no sense does not compile', () => {
    const service = {
      ...{ cluster: 'c', service: 's' },
      containers: { app: { repository: 'shop/web', tags: { glob: '*' } } },
      alarms: ['a'] as const,
    };
    // @ts-expect-error a signature needs a key, or issuer and identity
    ecsService({ mode: 'act', ...service, signature: { issuer } });
    // @ts-expect-error a scan needs the highest severity that is let through
    ecsService({ mode: 'act', ...service, scan: { waitMinutes: 5 } });
  });
});

describe('a mistake is told with its path, the value and what was expected', () => {
  const exception = (change: object) => ({
    scan: {
      highest: 'HIGH',
      except: [{ id: 'CVE-2026-1', until: '2026-12-31', because: 'so', ...change }],
    },
  });
  const KEY =
    "expected an ECDSA or RSA public key in PEM, '-----BEGIN PUBLIC KEY-----…', as `cosign public-key` prints it";

  test.each<[string, object, string]>([
    ['a scan without a severity', { scan: {} }, "scan.highest: is missing, expected 'NONE' or "],
    [
      'a misspelt severity',
      { scan: { highest: 'MEDUIM' } },
      "scan.highest: is \"MEDUIM\", expected 'NONE' or 'INFORMATIONAL' or 'LOW' or 'MEDIUM' or 'HIGH' or 'CRITICAL'",
    ],
    ['scan as a text', { scan: 'HIGH' }, 'scan: is "HIGH", expected { highest: \'MEDIUM\' }'],
    [
      'an unknown setting',
      { scan: { highest: 'HIGH', waitMinuts: 5 } },
      'scan.waitMinuts: is the number 5, but there is no such setting; did you mean waitMinutes?',
    ],
    [
      'an exception without an end',
      exception({ until: undefined }),
      "scan.except.0.until: is missing, expected its last day, UTC, like '2026-12-31'",
    ],
    [
      'a day that does not exist',
      exception({ until: '2026-02-30' }),
      'scan.except.0.until: is "2026-02-30", expected its last day, UTC, like \'2026-12-31\'',
    ],
    [
      'a day in another form',
      exception({ until: '31.12.2026' }),
      'scan.except.0.until: is "31.12.2026", expected its last day',
    ],
    [
      'an exception without a reason',
      exception({ because: '  ' }),
      'scan.except.0.because: is "  ", expected why it is let through, in 1 to 100 characters',
    ],
    [
      'an id with spaces',
      exception({ id: 'CVE 2026' }),
      'scan.except.0.id: is "CVE 2026", expected the id of a finding, like \'CVE-2026-1234\'',
    ],
    [
      'a finding twice',
      {
        scan: {
          highest: 'HIGH',
          except: ['a', 'b'].map((because) => ({ id: 'CVE-1', until: '2026-12-31', because })),
        },
      },
      'scan.except: is a list of 2, expected each finding once',
    ],
    [
      'too many exceptions',
      {
        scan: {
          highest: 'HIGH',
          except: Array.from({ length: 31 }, (_, i) => ({
            ...{ id: `CVE-${i}`, until: '2026-12-31', because: 'so' },
          })),
        },
      },
      'scan.except: is a list of 31, expected at most 30 exceptions: more belong into the suppression rules of Inspector',
    ],
    [
      'no signer',
      { signature: {} },
      'signature: is an object, expected either publicKey, or issuer and identity',
    ],
    [
      'two signers',
      { signature: { publicKey, issuer, identity } },
      'signature: is an object, expected either publicKey, or issuer and identity',
    ],
    [
      'an identity that nobody vouches for',
      { signature: { identity } },
      'signature: is an object, expected either publicKey, or issuer and identity',
    ],
    [
      'a key that is none',
      { signature: { publicKey: '-----BEGIN PUBLIC KEY-----\nxyz\n-----END PUBLIC KEY-----' } },
      KEY,
    ],
    [
      'a kind of key that is not verified',
      { signature: { publicKey: pem('spki', 'ed25519', {}) } },
      KEY,
    ],
    [
      'an issuer without https',
      { signature: { issuer: 'http://token', identity } },
      'signature.issuer: is "http://token", expected who vouches for the signer',
    ],
    [
      'an expression that does not compile',
      { signature: { issuer, identity: { regex: '(' } } },
      'signature.identity.regex: is "(", expected a regular expression of 1 to 300 characters that compiles',
    ],
  ])('%s', (_, target, line) => {
    const told = mistakes(target);
    expect(told[0]).toContain(line);
    expect(told).toHaveLength(1);
  });

  test('a private key is refused, and shows in no message', () => {
    const secret = pem('pkcs8', 'ec', { namedCurve: 'P-256' });
    const told = mistakes({ signature: { publicKey: secret } }).join();
    expect(told).toContain(KEY);
    expect(told).not.toContain(secret.slice(60, 120));
  });
});
