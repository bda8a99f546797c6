/** What went wrong between us and AWS, as one line for a person and an exit code. */
import { ConfigError } from '../../shared/config/problems.ts';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit.ts';

export interface Failure {
  readonly code: ExitCode;
  readonly line: string;
}

const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/;
const REJECTED =
  /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|AuthFailure|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature|MissingAuthenticationToken)/;
const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError)$/;
const ABSENT =
  /^(ResourceNotFoundException|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)$/;
const NO_CONNECTION =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|UND_ERR_\w+|TimeoutError|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+)$/;
/** What the SDK's parsers say to a page of HTML, for instance. */
const NO_ANSWER_OF_AWS = /Unexpected token|is not valid JSON|Deserialization error/;
const LINE_MAX = 600;

/** `place`: whom we spoke to, in words; absent: nobody yet. */
export function failureOf(error: unknown, place = 'AWS'): Failure {
  if (error instanceof CommandError) return { code: error.code, line: error.message };
  if (error instanceof ConfigError) return { code: EXIT.usage, line: error.message };
  const chain = chainOf(error);
  for (const one of chain) {
    const known = knownFailure(one, chain, place);
    if (known !== undefined) return { ...known, line: short(known.line) };
  }
  const [first] = chain;
  if (first?.name === 'UnreadableRecord') return { code: EXIT.no, line: short(first.message) };
  if (first?.name === 'TransientError') {
    return { code: EXIT.unreachable, line: short(`${place} did not answer: ${first.message}`) };
  }
  const what = first === undefined ? String(error) : `${first.name}: ${first.message}`;
  return { code: EXIT.bug, line: short(`something went wrong that should not: ${what}`) };
}

/** The stack of it and of what caused it: for `--debug` only. */
export function stackOf(error: unknown): string {
  return chainOf(error)
    .map((one) => one.stack ?? one.message)
    .join('\ncaused by: ');
}

interface AnyError extends Error {
  readonly code?: unknown;
}

/** The error, what caused it, and the parts of those that are many in one. */
function chainOf(error: unknown): readonly AnyError[] {
  if (!(error instanceof Error)) return [];
  const parts = error instanceof AggregateError ? error.errors.flatMap(chainOf) : [];
  return [error, ...parts, ...chainOf(error.cause)];
}

function knownFailure(
  error: AnyError,
  chain: readonly AnyError[],
  place: string,
): Failure | undefined {
  const { name, message } = error;
  if (/^(CredentialsProvider|TokenProvider)Error$/.test(name)) return noCredentials(message);
  if (EXPIRED.test(name)) {
    return {
      code: EXIT.credentials,
      line: `your credentials have expired (${message}); ${SIGN_IN}`,
    };
  }
  if (REJECTED.test(name)) {
    const line = `${place} does not accept these credentials (${name}: ${message}); ${SIGN_IN}`;
    return { code: EXIT.credentials, line };
  }
  if (name === 'SyntaxError' && NO_ANSWER_OF_AWS.test(message)) {
    const line = `${place} answers, and not as AWS does: something else listens there`;
    return { code: EXIT.unreachable, line };
  }
  if (DENIED.test(name)) return denied(error, chain);
  if (ABSENT.test(name)) {
    const call = chain[0]?.message.split(' gave no answer')[0] ?? '';
    const line = `there is no Slipway at ${place} (${call}: ${message}); \`slipway infra deploy\` makes one`;
    return { code: EXIT.unreachable, line };
  }
  const code = typeof error.code === 'string' ? error.code : name;
  if (NO_CONNECTION.test(code) || NO_CONNECTION.test(name)) {
    return { code: EXIT.unreachable, line: `${place} cannot be reached (${code}: ${message})` };
  }
  return undefined;
}

const SIGN_IN = 'sign in again, with `aws sso login` for example';

function noCredentials(message: string): Failure {
  const expired = /expired/i.test(message);
  const line = expired
    ? `your credentials have expired (${message}); ${SIGN_IN}`
    : `there are no AWS credentials (${message}); ${profileHint()}; with --local none are needed`;
  return { code: EXIT.credentials, line };
}

/** Whoever has set it looks for the mistake in it. */
function profileHint({ AWS_PROFILE: profile = '' } = process.env): string {
  return profile === ''
    ? 'sign in, or set AWS_PROFILE'
    : `the profile that was tried is "${profile}", of AWS_PROFILE: sign in to it, or name another one`;
}

/** "User: <arn> is not authorized to perform: dynamodb:GetItem on resource: <arn> because …" */
function denied({ message }: AnyError, chain: readonly AnyError[]): Failure {
  const said = /not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?/.exec(message);
  // `dynamodb:GetItem of ecs/production/web record gave no answer to rely on: …`
  const asked = /^([a-z]+:\w+) /.exec(chain[0]?.message ?? '');
  const action = said?.[1] ?? asked?.[1];
  const where = said?.[2] === undefined ? '' : ` on ${said[2].replace(/[.,]+$/, '')}`;
  const line =
    action === undefined
      ? `AWS denies this: ${message}`
      : `the permission ${action}${where} is missing; the README says under "Commands" what each command needs`;
  return { code: EXIT.permission, line };
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LINE_MAX ? line : `${line.slice(0, LINE_MAX)}…`;
}
