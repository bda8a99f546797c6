/** Who is told: there when the config names a topic, with the least of rights, and said when nobody is. */
import { expect, test } from 'vitest';
import { functionsOf } from '../../../infra/names.ts';
import { noticesOf } from '../../../infra/notices.ts';
import { fittingPolicies } from '../../../infra/permissions/statements.ts';
import { checkSettings } from '../../../infra/settings-check.ts';
import { isAllowed } from '../iam.ts';
import { pipelineWith, settingsFor } from '../made.ts';

const MAIL = 'arn:aws:sns:eu-central-1:123456789012:mail';
const silent = pipelineWith({ web: {} });
const telling = pipelineWith({ web: {} }, { notices: { mail: MAIL, of: ['rolled-back'] } });
const settings = checkSettings(telling, settingsFor(telling));
const statements = fittingPolicies(telling, settings).statements.notice.flat();

function said(pipeline: typeof silent): string {
  const checked = checkSettings(pipeline, settingsFor(pipeline));
  return noticesOf(pipeline, checked, { widened: false }).join('\n');
}

test('where nobody is told there is no function, and the deploy says so', () => {
  expect(functionsOf(silent)).not.toContain('notice');
  expect(said(silent)).toContain('NOBODY IS TOLD what becomes of releases');
  expect(said(telling)).not.toContain('NOBODY IS TOLD what becomes of releases');
});

test('it may tell the topics of the config, and change nothing that runs', () => {
  const may = (action: string, resource: string) => isAllowed(statements, { action, resource });
  expect(may('sns:Publish', MAIL)).toBe(true);
  expect(may('sns:Publish', `${MAIL}-2`)).toBe(false);
  const service = 'arn:aws:ecs:eu-central-1:123456789012:service/production/web';
  expect(may('ecs:DescribeServices', service)).toBe(true);
  expect(may('ecs:UpdateService', service)).toBe(false);
});
