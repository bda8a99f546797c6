/** Who calls: a role's session, a user, or a service of AWS. */
import type { Caller, ContextKeys } from '../kernel/authorization.ts';

export interface Principal extends Caller {
  readonly kind: 'role' | 'user' | 'service';
  readonly account: string;
  /** Of the role behind a session: `arn:aws:iam::123456789012:role/name`. */
  readonly roleArn?: string;
  /** Keys that every request of it has. */
  readonly context: ContextKeys;
}

interface Account {
  readonly account: string;
  readonly partition?: string;
}

/** What Lambda calls with: the session of a function's role has the function's name. */
export function roleSession(
  { account, partition = 'aws' }: Account,
  role: string,
  session: string,
): Principal {
  // A role may have a path, and the ARN of its session has none. (reference_identifiers)
  const name = role.slice(role.lastIndexOf('/') + 1);
  const roleArn = `arn:${partition}:iam::${account}:role/${role}`;
  const userId = `${uniqueId('AROA', role)}:${session}`;
  return {
    kind: 'role',
    account,
    arn: `arn:${partition}:sts::${account}:assumed-role/${name}/${session}`,
    roleArn,
    userId,
    context: {
      'aws:PrincipalArn': roleArn,
      'aws:PrincipalType': 'AssumedRole',
      ...ofAccount(account, userId),
    },
  };
}

export function user({ account, partition = 'aws' }: Account, name: string): Principal {
  const arn = `arn:${partition}:iam::${account}:user/${name}`;
  const userId = uniqueId('AIDA', name);
  return {
    kind: 'user',
    account,
    arn,
    userId,
    context: {
      'aws:PrincipalArn': arn,
      'aws:PrincipalType': 'User',
      ...ofAccount(account, userId),
    },
  };
}

/** A service acts for a resource, `sourceArn`; only policies of resources are about it. */
export function service({ account }: Account, name: string, sourceArn: string): Principal {
  return {
    kind: 'service',
    account,
    arn: name,
    // Whose number a message of EventBridge carries is not documented (unverified).
    userId: uniqueId('AIDA', name),
    context: {
      'aws:SourceArn': sourceArn,
      'aws:SourceAccount': account,
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': name,
      'aws:SecureTransport': 'true',
    },
  };
}

function ofAccount(account: string, userId: string): ContextKeys {
  return {
    'aws:PrincipalAccount': account,
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': userId,
    // The local AWS has no TLS, and stands for one that has.
    'aws:SecureTransport': 'true',
  };
}

/** 21 letters and digits, as IAM's own; the same name has the same one. */
function uniqueId(prefix: string, name: string): string {
  let state = 0x811c9dc5;
  let id = prefix;
  while (id.length < 21) {
    for (const character of `${name}${id.length}`) {
      state = Math.imul(state ^ character.charCodeAt(0), 0x01000193) >>> 0;
    }
    id += (state % 36).toString(36).toUpperCase();
  }
  return id;
}
