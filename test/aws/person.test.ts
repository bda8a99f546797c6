/** What only the commands ask of AWS: who one is, an image by its tag, the history back. */

import { ECRClient } from '@aws-sdk/client-ecr';
import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { askCaller } from '../../shared/aws/account/caller.ts';
import { readSettings } from '../../shared/aws/connect/client-settings.ts';
import { createImages } from '../../shared/aws/ecr/images.ts';
import { createHistory } from '../../shared/aws/table/history.ts';
import { createRecords } from '../../shared/aws/table/records.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import { startTable } from './table.ts';
import { listeningLog, Trouble, wire } from './wire.ts';

describe('who one is', () => {
  /** The far end of one request, signed by the real signer. */
  function sts(region: string, status: number, xml: string) {
    const requests: {
      hostname: string;
      path: string;
      headers: Record<string, string>;
      body: string;
    }[] = [];
    const client = new STSClient({
      region,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      requestHandler: {
        metadata: { handlerProtocol: 'http/1.1' },
        handle: async (request: (typeof requests)[number]) => {
          requests.push(request);
          return {
            response: { statusCode: status, headers: {}, body: new Blob([xml]).stream() },
          };
        },
      } as never,
    });
    return { client, requests };
  }

  /** API_GetCallerIdentity, its sample response. */
  const ANSWER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::123456789012:user/Alice</Arn>
    <UserId>EXAMPLE</UserId>
    <Account>123456789012</Account>
  </GetCallerIdentityResult>
</GetCallerIdentityResponse>`;

  test('STS of the region is asked, signed for sts, and its answer read', async () => {
    const { client, requests } = sts('eu-central-1', 200, ANSWER);
    expect(await askCaller(client)).toEqual({
      account: '123456789012',
      arn: 'arn:aws:iam::123456789012:user/Alice',
    });
    const [request] = requests;
    expect(request).toMatchObject({
      hostname: 'sts.eu-central-1.amazonaws.com',
      path: '/',
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    });
    expect(request?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/sts\/aws4_request, /,
    );
  });

  test('in China it is another domain', async () => {
    const { client, requests } = sts('cn-north-1', 200, ANSWER);
    await askCaller(client);
    expect(requests[0]?.hostname).toBe('sts.cn-north-1.amazonaws.com.cn');
  });

  test("a refusal is an error with AWS's code as its name", async () => {
    const { client } = sts(
      'eu-central-1',
      403,
      '<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>',
    );
    await expect(askCaller(client)).rejects.toMatchObject({
      name: 'ExpiredToken',
      message: 'The security token included in the request is expired',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('what is no answer of STS is no identity', async () => {
    const { client } = sts('eu-central-1', 200, '<html>a proxy</html>');
    await expect(askCaller(client)).rejects.toThrow(
      'sts:GetCallerIdentity answered without an account',
    );
  });
});

describe('an image by its tag', () => {
  const address = {
    registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    repository: 'shop/web',
  };
  const images = (answer: object) => {
    const far = wire({ DescribeImages: [answer] });
    return { far, images: createImages(new ECRClient(readSettings(far.settings)), listeningLog()) };
  };

  test('is asked by its tag, in the account of the registry', async () => {
    const { far, images: port } = images({
      imageDetails: [
        { imageDigest: 'sha256:1', imageTags: ['main-1'], imagePushedAt: 1_700_000_000 },
      ],
    });
    expect(await port.byTag(address, 'main-1')).toEqual({
      digest: 'sha256:1',
      tags: ['main-1'],
      pushedAt: 1_700_000_000_000,
      state: 'present',
    });
    expect(far.bodies('DescribeImages')).toEqual([
      {
        registryId: '123456789012',
        repositoryName: 'shop/web',
        imageIds: [{ imageTag: 'main-1' }],
      },
    ]);
  });

  test('that nobody has is undefined; a refusal is none', async () => {
    const absent = images(new Trouble(400, 'ImageNotFoundException'));
    expect(await absent.images.byTag(address, 'main-2')).toBeUndefined();
    const denied = images(new Trouble(400, 'AccessDeniedException', 'no'));
    await expect(denied.images.byTag(address, 'main-2')).rejects.toThrow(
      'ecr:DescribeImages of shop/web:main-2 gave no answer to rely on: AccessDeniedException: no',
    );
  });
});

describe('the history', () => {
  const key = 'ecs/production/web';
  const entry = (sequence: number, because = 'x') =>
    ({
      sequence,
      because,
      phase: 'idle',
      event: { type: 'Hinted', at: 0, cause: '' },
    }) as HistoryEntry;

  test('comes back newest first, as many as are asked, of this target alone', async () => {
    const { table } = await startTable();
    const records = createRecords(table, {
      clock: { now: () => 0, newId: () => 'id' },
      historyDays: 90,
    });
    await records.addHistory(
      key,
      [1, 2, 10, 9].map((n) => entry(n)),
    );
    await records.addHistory('ecs/production/web-2', [entry(11)]);
    const history = createHistory(table);
    const sequences = async (limit: number) =>
      (await history.newest(key, limit)).map(({ sequence }) => sequence);
    expect(await sequences(3)).toEqual([10, 9, 2]);
    expect(await sequences(100)).toEqual([10, 9, 2, 1]);
    expect((await history.newest(key, 1))[0]).toEqual(entry(10));
  });

  test('goes on over pages', async () => {
    const { table, operations } = await startTable();
    const records = createRecords(table, {
      clock: { now: () => 0, newId: () => 'id' },
      historyDays: 90,
    });
    const long = 'x'.repeat(200_000);
    await records.addHistory(
      key,
      [1, 2, 3, 4, 5, 6, 7].map((n) => entry(n, long)),
    );
    operations.length = 0;
    expect(await createHistory(table).newest(key, 100)).toHaveLength(7);
    expect(operations).toEqual(['Query', 'Query']);
  });
});
