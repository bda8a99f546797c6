/**
 * The record of a target of another pipeline, in another account: read by a role of that pipeline, which may
 * read the records that it names and nothing else. Whatever goes wrong is a sentence: who cannot read a proof
 * has none. (STS, AssumeRole with an external id: id_roles_common-scenarios_third-party)
 */
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Elsewhere } from '../../core/model/rules.ts';
import type { Clock, ReadElsewhere } from '../../ports.ts';
import { refusalOf, says } from '../refusal.ts';
import { getItem, type Table } from './items.ts';
import { parseRecord } from './records.ts';
import { recordKey } from './table.ts';

/** Sooner than the session ends: a look takes seconds. */
const MARGIN_MS = 5 * 60_000;

type ClientConfig = DynamoDBClientConfig & STSClientConfig;

interface Session {
  readonly table: Table;
  readonly until: number;
}

export function readElsewhere(settings: ClientConfig, clock: Pick<Clock, 'now'>): ReadElsewhere {
  const sts = new STSClient(settings);
  const sessions = new Map<string, Session>();
  return async (where, key) => {
    const name = `${where.role} ${where.table}`;
    const known = sessions.get(name);
    const session =
      known !== undefined && clock.now() < known.until
        ? known
        : await begin(sts, where, settings, clock.now());
    if ('because' in session) return session;
    sessions.set(name, session);
    try {
      const item = await getItem(session.table, recordKey(key), ['record']);
      return { record: item && parseRecord(key, item.record) };
    } catch (error) {
      // It may have been the session: the next look begins another one.
      sessions.delete(name);
      return {
        because: `${key} cannot be read in ${where.table} by ${where.role}: ${says(error)}`,
      };
    }
  };
}

/** AWS says the same of a role that is not there, of one that trusts others, and of a wrong external id. */
async function begin(
  sts: STSClient,
  { role, externalId, region, table }: Elsewhere,
  settings: ClientConfig,
  now: number,
): Promise<Session | { readonly because: string }> {
  try {
    const asked = { RoleArn: role, RoleSessionName: 'slipway-reconcile', ExternalId: externalId };
    const { Credentials: given } = await sts.send(new AssumeRoleCommand(asked));
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = given ?? {};
    if (accessKeyId === undefined || secretAccessKey === undefined) {
      return { because: `STS gave no credentials of ${role}` };
    }
    const sessionToken = given?.SessionToken;
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    const client = new DynamoDBClient({ ...settings, region, credentials });
    const until = (given?.Expiration?.getTime() ?? now) - MARGIN_MS;
    return { table: { client: DynamoDBDocumentClient.from(client), name: table }, until };
  } catch (error) {
    const why =
      refusalOf(error) === undefined
        ? ''
        : '; is it there, does infra.readBy of its pipeline name this one, and with this external id?';
    return { because: `the role ${role} cannot be taken on (${says(error)})${why}` };
  }
}
