/**
 * Which of the sources' secrets a delivery is signed with. Nothing of it is read before, so that of a push
 * that is signed with the secret of one source no other source hears.
 */
import type { Pipeline } from '../config/config.ts';
import { webhookSecrets } from '../config/git/webhook-secrets.ts';
import type { Refused } from '../edge/webhook-request.ts';
import { isSigned, type SignedText, secretIn, unsigned } from '../edge/webhook-signature.ts';
import type { Clock, Secrets, SecretVersion } from '../ports.ts';

/**
 * A signature that fits none of the secrets asks for them once more, if they are older than this:
 * they may have been rotated. Whoever sends wrong signatures cannot make us ask more often.
 */
const ROTATED_MS = 30_000;
/** So long after its rotation the previous version of a secret still counts. */
const PREVIOUS_COUNTS_MS = 24 * 60 * 60_000;

export interface SignerDeps {
  readonly pipeline: Pipeline;
  readonly secrets: Pick<Secrets, 'versions'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** The names of the secrets that it is signed with. Throws when one that might fit cannot be read. */
export async function signersOf(
  signed: SignedText,
  deps: SignerDeps,
): Promise<readonly string[] | Refused> {
  const names = webhookSecrets(deps.pipeline);
  const known = await readAll(names, deps);
  const signers = await thoseThatFit(signed, known, deps);
  if (signers.length > 0) return signers;
  const newer = await readAll(names, deps, ROTATED_MS);
  const fit = isSame(known, newer) ? [] : await thoseThatFit(signed, newer, deps);
  if (fit.length > 0) return fit;
  for (const { error } of newer) if (error !== undefined) throw error;
  return unsigned(await whyNone(signed, newer));
}

interface Read {
  readonly name: string;
  readonly versions: readonly SecretVersion[];
  readonly error?: unknown;
}

async function readAll(
  names: readonly string[],
  { secrets }: SignerDeps,
  newerThanMs?: number,
): Promise<readonly Read[]> {
  return await Promise.all(
    names.map(async (name) => {
      try {
        return { name, versions: await secrets.versions(name, newerThanMs) };
      } catch (error) {
        // That of another source may fit.
        return { name, versions: [], error };
      }
    }),
  );
}

function isSame(some: readonly Read[], others: readonly Read[]): boolean {
  return some.every(({ versions }, i) => versions === others[i]?.versions);
}

async function thoseThatFit(
  signed: SignedText,
  read: readonly Read[],
  { clock }: SignerDeps,
): Promise<readonly string[]> {
  const now = clock.now();
  const counts = ({ replacedAt }: SecretVersion) =>
    replacedAt === undefined || now < replacedAt + PREVIOUS_COUNTS_MS;
  const fits = await Promise.all(
    read.map(({ versions }) => isSigned(signed, textsOf(versions.filter(counts)))),
  );
  return read.filter((_, i) => fits[i]).map(({ name }) => name);
}

async function whyNone(signed: SignedText, read: readonly Read[]): Promise<string> {
  for (const { name, versions } of read) {
    for (const version of versions) {
      if (version.replacedAt === undefined || !(await isSigned(signed, textsOf([version]))))
        continue;
      const at = new Date(version.replacedAt).toISOString();
      return (
        `the signature fits the previous version of the secret ${name}, which was replaced at ${at} ` +
        'and counted for 24 hours more: give GitHub the current one'
      );
    }
  }
  const names = read.map(({ name }) => name);
  return names.length === 1
    ? `the signature fits no version of the secret ${names[0]}`
    : `the signature fits no version of the secrets ${names.join(', ')}`;
}

function textsOf(versions: readonly SecretVersion[]): readonly string[] {
  return versions.map(({ text }) => secretIn(text));
}
