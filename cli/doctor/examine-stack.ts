/** Slipway itself: are its table and queues there, and do its functions have this config? */

import { arnIn } from '../../infra/names.ts';
import type { AccountConcurrency } from '../../shared/aws/account/concurrency.ts';
import type { Examiner } from '../../shared/aws/examine.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { asConfigured } from '../../shared/reconcile/preview.ts';
import { queueName, queuesOf } from '../../shared/runtime/routing.ts';
import { VERSION } from '../../shared/runtime/version.ts';
import type { Connection } from '../connect/connection.ts';
import { EXIT } from '../output/exit.ts';
import { type Failure, failureOf } from '../output/failure.ts';
import { type Check, type CheckGroup, failed, ok, skipped } from './check.ts';
import { concurrencyCheck } from './concurrency-check.ts';
import { githubChecks } from './github-checks.ts';

const DEPLOY = 'slipway infra deploy';

export interface Records {
  /** Absent: the table was not seen. */
  readonly records?: ReadonlyMap<string, TargetRecord>;
  readonly check: Check;
}

/** The records of all targets that have one, and whether the table could be read. */
export async function readRecords({ aws, pipeline, table, place }: Connection): Promise<Records> {
  const name = `table ${table}`;
  try {
    const keys = Object.values(pipeline.targets).map(({ key }) => key);
    const { records, unreadable } = await aws.loadMany(keys);
    const [ill] = unreadable;
    if (ill !== undefined) {
      const [key, { why, remedy }] = ill;
      const others = [...unreadable.keys()].slice(1);
      const more = others.length === 0 ? '' : `; nor can those of ${others.join(', ')} be read`;
      return { records, check: failed(name, `the record of ${key} ${why}${more}`, remedy) };
    }
    return { records, check: ok(name, `${records.size} of ${keys.length} targets are known`) };
  } catch (error) {
    return { check: unseen(name, failureOf(error, place)) };
  }
}

export async function examineStack(
  connection: Connection,
  { records, check }: Records,
  examiner: Examiner & AccountConcurrency,
): Promise<CheckGroup> {
  const queues = await Promise.all(
    queuesOf(connection.pipeline).map((queue) =>
      queueCheck(connection, queueName(connection.pipeline, queue)),
    ),
  );
  const parts = [check, ...queues];
  const isThere = parts.some(({ fix }) => fix !== DEPLOY);
  return {
    name: 'Slipway',
    checks: [
      ...(isThere
        ? [...parts, await versionCheck(connection), configCheck(connection, records)]
        : [notYet(connection)]),
      await concurrencyOf(connection, records !== undefined, examiner),
      ...(await githubOf(connection, examiner)),
    ],
  };
}

/** Before its first deployment: no table, no queue, and nothing more to say of them. */
function notYet({ place }: Connection): Check {
  const says = `there is none at ${place} yet: nothing is watched, deployed or rolled back`;
  return failed('stack', says, DEPLOY);
}

/** Who saw the table knows that the stack is there: what it reserves is reserved. */
async function concurrencyOf(
  { pipeline }: Connection,
  isDeployed: boolean,
  examiner: AccountConcurrency,
): Promise<Check> {
  const { concurrencyNeeds } = await import('../../infra/reserved-concurrency.ts');
  const [seen, needs] = [await examiner.concurrency(), concurrencyNeeds(pipeline)];
  return concurrencyCheck(seen, needs, { isDeployed, region: pipeline.region });
}

async function githubOf(
  { pipeline, isLocal, aws }: Connection,
  examiner: Examiner,
): Promise<readonly Check[]> {
  if (!isLocal) return await githubChecks(pipeline, examiner, aws.loadSource);
  return [skipped('webhook', 'the local GitHub signs with a secret of its own')];
}

async function queueCheck({ aws, place }: Connection, queue: string): Promise<Check> {
  const name = `queue ${queue}`;
  try {
    await aws.queueUrl(queue);
    return ok(name, 'is there');
  } catch (error) {
    return unseen(name, failureOf(error, place));
  }
}

/** Nothing is there, or one may not see: the sentence says which. */
function unseen(name: string, { code, line }: Failure): Check {
  return code === EXIT.unreachable && line.startsWith('there is no Slipway')
    ? failed(name, line.replace(/; [^;]* makes one$/, ''), DEPLOY)
    : skipped(name, line);
}

/** The functions decide by their version's rules, and this command shows what it sees by its own. */
export async function versionCheck({
  aws,
  pipeline,
  table,
  place,
  isLocal,
}: Pick<Connection, 'aws' | 'pipeline' | 'table' | 'place' | 'isLocal'>): Promise<Check> {
  const name = 'version';
  if (isLocal) return skipped(name, 'the local AWS runs this one');
  try {
    const deployed = await aws.deployedVersion(arnIn(pipeline, 'dynamodb', `table/${table}`));
    if (deployed === undefined) {
      return skipped(name, `the table does not say; this is ${VERSION}, and up to 0.2.0 none did`);
    }
    if (deployed === VERSION) return ok(name, `${VERSION}, in the account and here`);
    const says = `the account has ${deployed}, and this command is ${VERSION}`;
    return failed(name, says, `${DEPLOY}, or install slipway ${deployed} (docs/upgrading.md)`);
  } catch (error) {
    return unseen(name, failureOf(error, place));
  }
}

/** What the functions have was bundled at the last deployment of the stack. */
function configCheck(
  { pipeline, now, isLocal }: Connection,
  records: ReadonlyMap<string, TargetRecord> | undefined,
): Check {
  const name = 'deployed config';
  if (records === undefined) return skipped(name, 'the table was not seen');
  if (isLocal) return skipped(name, 'the local AWS has the one that it was started with');
  const others = Object.values(pipeline.targets).filter((target) => {
    const stored = records.get(target.key);
    return stored !== undefined && asConfigured(target, stored, now()) !== stored;
  });
  if (others.length === 0) return ok(name, 'is this one, as far as targets were looked at');
  const ids = others.map(({ id }) => id).join(', ');
  return failed(name, `the functions have other rules for ${ids}`, DEPLOY);
}
