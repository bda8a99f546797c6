/** What the gates need: rights and rules only where a target has one, and only on its repositories. */

import { LOCAL_PUBLIC_KEY } from '@slipway/local-cloud/ecr/cosign.ts';
import { describe, expect, test } from 'vitest';
import { fittingPolicies } from '../../infra/permissions/statements.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import { type Pipeline, parsePipeline } from '../../shared/config/config.ts';
import { isAllowed } from './iam.ts';
import { resourcesOf, settingsFor, stackOf, templateOf } from './made.ts';

const scan = { highest: 'HIGH' };
const signature = { publicKey: LOCAL_PUBLIC_KEY };

function pipelineOf(gates: Readonly<Record<string, object>>): Pipeline {
  const targets = Object.entries(gates).map(([id, gate]) => [
    id,
    {
      ...{ type: 'ecs-service', mode: 'act', cluster: 'production', service: id },
      containers: { app: { repository: `shop/${id}`, tags: { glob: '*' } } },
      alarms: { noAlarmsBecause: 'a test' },
      ...gate,
    },
  ]);
  return parsePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: Object.fromEntries(targets),
  });
}

const pipeline = pipelineOf({ plain: {}, scanned: { scan }, signed: { signature } });

function may(of: Pipeline, action: string, resource: string): boolean {
  const { statements } = fittingPolicies(of, checkSettings(of, settingsFor(of)));
  return isAllowed(statements.reconcile.flat(), { action, resource });
}

const repository = (id: string) => `arn:aws:ecr:eu-central-1:123456789012:repository/shop/${id}`;

test.each([
  ['ecr:DescribeImageScanFindings', ['scanned']],
  ['ecr:BatchGetImage', ['scanned', 'signed']],
  ['ecr:GetDownloadUrlForLayer', ['signed']],
  ['ecr:DescribeImages', ['plain', 'scanned', 'signed']],
  ['ecr:StartImageScan', []],
  ['ecr:PutImage', []],
])('reconcile may %s of %j', (action, ids) => {
  const all = ['plain', 'scanned', 'signed'];
  expect(all.filter((id) => may(pipeline, action, repository(id)))).toEqual(ids);
});

test('it may read what Inspector found, if some target waits for scans', () => {
  for (const action of ['inspector2:ListFindings', 'inspector2:ListCoverage']) {
    expect(may(pipeline, action, '*')).toBe(true);
    expect(may(pipelineOf({ plain: {}, signed: { signature } }), action, '*')).toBe(false);
  }
  expect(may(pipeline, 'inspector2:Disable', '*')).toBe(false);
});

describe('the stack', () => {
  test('has two rules more for scans', () => {
    const names = (of: Pipeline) =>
      resourcesOf(templateOf(of), 'AWS::Events::Rule').map(({ Properties }) => Properties.Name);
    const plain = names(pipelineOf({ plain: {} }));
    expect(names(pipeline).filter((name) => !plain.includes(name))).toEqual([
      'slipway-image-scanned-1',
      'slipway-image-scanned-enhanced-1',
    ]);
  });

  test('is made with the gates as without', () => {
    expect(() => stackOf(pipeline)).not.toThrow();
  });
});
