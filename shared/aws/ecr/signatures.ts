/**
 * The port `Signatures`: finds what signs an image in ECR and has it verified. Whatever could not be
 * asked is `unknown` and never "unsigned"; nothing throws.
 */
import type { ECRClient } from '@aws-sdk/client-ecr';
import { defined } from '../../core/model/defined.ts';
import type { Image, Moment } from '../../core/model/image.ts';
import type { ObservedSignature } from '../../core/model/observation.ts';
import type { SignatureRules } from '../../core/model/rules.ts';
import type { Log, Signatures } from '../../ports.ts';
import { says } from '../refusal.ts';
import { BLOB_BYTES_MAX, type Descriptor, readBlob } from './manifests.ts';
import { isBundle, PREDICATE, SIGNED, signaturesOf } from './signature-layers.ts';
import type { Check, FoundSignature, MakeVerifier, Verdict } from './sigstore.ts';

const KNOWN_MAX = 1_000;
/** Roots change seldom; a compromised one must not be trusted for long. */
const CHECK_LIVES_MS = 3_600_000;
/** Whoever may push may lay down thousands: so many are looked into, for so long, and no more. */
const LOOKED_INTO_MAX = 20;
const VERIFIED_WITHIN_MS = 10_000;

export interface SignatureOptions {
  readonly now: () => Moment;
  readonly fetch?: typeof fetch | undefined;
  /** Sigstore's own unless a test gives another. */
  readonly makeVerifier?: MakeVerifier | undefined;
}

export function createSignatures(
  client: ECRClient,
  log: Log,
  { now, fetch: fetcher = fetch, makeVerifier }: SignatureOptions,
): Signatures {
  /** An image that is well signed stays so. */
  const known = new Map<string, ObservedSignature>();
  const checks = new Map<string, { readonly check: Promise<Check>; readonly until: Moment }>();

  /** Made once for each signer, for a while; one that could not be made is made again. */
  function checkFor(rules: SignatureRules): Promise<Check> {
    const name = JSON.stringify(rules);
    const before = checks.get(name);
    if (before !== undefined && now() < before.until) return before.check;
    const check = makeCheck(rules, makeVerifier);
    checks.set(name, { check, until: now() + CHECK_LIVES_MS });
    check.catch(() => checks.delete(name));
    return check;
  }

  /** Of one image that several targets wait for, one is asked. */
  const asked = new Map<string, Promise<ObservedSignature>>();

  async function verdict(image: Image, rules: SignatureRules): Promise<ObservedSignature> {
    const check = await checkFor(rules);
    const until = now() + VERIFIED_WITHIN_MS;
    return await verdictOn(client, image, check, { fetcher, isTimeUp: () => now() > until });
  }

  return {
    verify: async (image, rules) => {
      const name = `${image.digest} ${JSON.stringify(rules)}`;
      const before = known.get(name);
      if (before !== undefined) return before;
      try {
        const asking = asked.get(name) ?? verdict(image, rules).finally(() => asked.delete(name));
        asked.set(name, asking);
        const seen = await asking;
        if (known.size >= KNOWN_MAX) known.clear();
        if (seen.state === 'verified') known.set(name, seen);
        return seen;
      } catch (error) {
        const { repository, digest } = image;
        log.warn('whether an image is signed is unknown', {
          repository,
          digest,
          because: says(error),
        });
        return { state: 'unknown', because: says(error) };
      }
    },
  };
}

/** The libraries are loaded here, by the first image that has to be signed. */
async function makeCheck(rules: SignatureRules, make: MakeVerifier | undefined): Promise<Check> {
  const { checkByIdentity, checkByKey } = await import('./sigstore.ts');
  return 'publicKey' in rules ? checkByKey(rules.publicKey) : await checkByIdentity(rules, make);
}

/** One good signature is enough; a bad one beside it takes nothing away. */
async function verdictOn(
  client: ECRClient,
  image: Image,
  check: Check,
  { fetcher, isTimeUp }: { readonly fetcher: typeof fetch; readonly isTimeUp: () => boolean },
): Promise<ObservedSignature> {
  const verdicts: Verdict[] = [];
  for await (const layer of signaturesOf(client, image)) {
    if (verdicts.length >= LOOKED_INTO_MAX) {
      const because = `more than ${LOOKED_INTO_MAX} signatures lie beside it, and of so many none is good`;
      return { state: 'wrong', because };
    }
    if (isTimeUp()) {
      const seconds = VERIFIED_WITHIN_MS / 1000;
      throw new Error(`${verdicts.length} signatures beside it took more than ${seconds} s`);
    }
    const verdict = await verdictOnLayer(client, image, layer, check, fetcher);
    if (verdict.is === 'good') {
      return defined({ state: 'verified', by: verdict.by });
    }
    verdicts.push(verdict);
  }
  const wrong = verdicts.find((verdict) => verdict.is === 'wrong');
  if (wrong !== undefined) return { state: 'wrong', because: wrong.because };
  const about = verdicts.flatMap((verdict) => (verdict.is === 'statement' ? [verdict.about] : []));
  const statements =
    about.length === 0 ? '' : `, only statements (${[...new Set(about)].join(', ')})`;
  return {
    state: 'unsigned',
    because: `no signature of Sigstore lies beside it in ECR${statements}`,
  };
}

async function verdictOnLayer(
  client: ECRClient,
  image: Image,
  { digest, mediaType, size, annotations }: Descriptor,
  check: Check,
  fetcher: typeof fetch,
): Promise<Verdict> {
  const about = annotations[PREDICATE];
  if (about !== undefined && about !== SIGNED) return { is: 'statement', about };
  if (size > BLOB_BYTES_MAX) return { is: 'wrong', because: `it has ${size} bytes` };
  const bytes = await readBlob(client, image, digest, fetcher);
  const found: FoundSignature = isBundle(mediaType)
    ? { kind: 'bundle', json: bytes }
    : { kind: 'payload', payload: bytes, annotations };
  return check(found, image.digest);
}
