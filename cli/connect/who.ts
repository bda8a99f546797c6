/** Whose word it is, as people read it: the name stands in the record, in announcements, in logs. */
import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';

/** What a message takes. */
const NAME_MAX = 200;

/**
 * `arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Deployer_0a1b2c3d4e5f6071/ada@example.com`
 * becomes `ada@example.com (Deployer)`; a role's session, a user and root are named likewise. What
 * has another form stays as it is.
 */
export function nameOf(arn: string): string {
  const [resource = '', ...path] = (arn.split(':').at(5) ?? '').split('/');
  const last = path.at(-1) ?? '';
  const name = (() => {
    if (resource === 'assumed-role' && path.length > 1) return `${last} (${roleOf(path[0] ?? '')})`;
    if (resource === 'user' || resource === 'federated-user') return last;
    return resource === 'root' ? `root of ${arn.split(':')[4]}` : arn;
  })();
  return (name === '' ? arn : name).slice(0, NAME_MAX);
}

/** IAM Identity Center names its roles after the permission set, with a number of its own. */
function roleOf(role: string): string {
  return /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(role)?.[1] ?? role;
}

/** Nobody signs in to the local AWS: git knows a name, else the system does. */
export async function localName(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['config', 'user.name'], {
      timeout: 2_000,
    });
    const name = stdout.replaceAll(/\p{Cc}/gu, ' ').trim();
    if (name !== '') return name.slice(0, NAME_MAX);
  } catch {
    // No git, or no name in it.
  }
  try {
    return userInfo().username.slice(0, NAME_MAX) || 'somebody';
  } catch {
    return 'somebody';
  }
}
