/** Persons of a local account, who have no keys of their own: the access key names whoever signs. */
import { type Principal, roleSession } from './principal.ts';

const PREFIX = 'ASIALOCAL';
/** What STS takes (API_AssumeRole, RoleSessionName), but for the comma, which ends a key in a signed header. */
export const SESSION_NAME = /^[\w+=.@-]{2,64}$/;

/** `name` as `SESSION_NAME` has it. */
export function somebodyKeyOf(name: string): string {
  return `${PREFIX}${name}`;
}

/** A session of an administrator's role, so that SQS tells the name with each message; undefined: another key. */
export function somebodyOf(
  home: { readonly account: string },
  accessKeyId: string,
): Principal | undefined {
  const name = accessKeyId.startsWith(PREFIX) ? accessKeyId.slice(PREFIX.length) : '';
  return SESSION_NAME.test(name) ? roleSession(home, 'Administrator', name) : undefined;
}
