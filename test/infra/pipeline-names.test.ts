/** Two pipelines in one account and region: nothing that AWS knows by a name has the same one in both. */
import { expect, test } from 'vitest';
import { peoplePolicies } from '../../infra/permissions/people.ts';
import { canary, type Pipeline } from '../../shared/config/config.ts';
import { pipelineWith, settingsFor, templateOf } from './made.ts';

const REGION = 'eu-central-1';
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:releases';

/** With everything that a stack can have. */
function pipeline(service: string, name?: string): Pipeline {
  const strategy = canary({ bakeMinutes: 10 });
  const images = { web: { repository: `shop/${service}` } };
  return pipelineWith(
    { [service]: { commandQueue: 'team', strategy } },
    {
      ...(name !== undefined && { name }),
      sources: { shop: { repository: `acme/${service}`, images } },
      notices: { mail: TOPIC },
    },
  );
}

function resources(of: Pipeline) {
  const settings = settingsFor(of, { trail: { days: 30 } });
  return templateOf(of, settings).toJSON().Resources as Record<
    string,
    { readonly Type: string; readonly Properties?: Record<string, unknown> }
  >;
}

/** `AWS::SQS::Queue QueueName slipway-urgent`: each property of the template that names something. */
function namesOf(all: ReturnType<typeof resources>): readonly string[] {
  return Object.values(all).flatMap(({ Type, Properties = {} }) =>
    Object.entries(Properties).flatMap(([property, value]) =>
      /(?:^|Alarm|Queue|Table|Function|Role|Bus|Group|Dashboard|Bucket|Stream|Repository|Delivery[A-Za-z]*)Name$/i.test(
        property,
      ) && typeof value === 'string'
        ? [`${Type} ${property} ${value}`]
        : [],
    ),
  );
}

function made(of: Pipeline) {
  const all = resources(of);
  return { all, names: namesOf(all), people: peoplePolicies(of) };
}

const main = made(pipeline('web'));
const shop = made(pipeline('worker', 'shop'));

test('two pipelines of one account and region have no name in common', () => {
  expect(main.names).toContain('AWS::SQS::Queue QueueName slipway-commands-team');
  expect(shop.names).toContain('AWS::SQS::Queue QueueName shop-slipway-commands-team');
  expect(shop.names).toContain('AWS::CodeBuild::Project Name shop-slipway-shop-web');
  expect(shop.names).toContain('AWS::CloudWatch::Dashboard DashboardName shop-Slipway');
  expect(main.names.length).toBeGreaterThan(80);
  expect(shop.names).toHaveLength(main.names.length);
  expect(shop.names.filter((name) => main.names.includes(name))).toEqual([]);
  // And each says so itself: the word of no other pipeline stands in it.
  expect(shop.names.filter((name) => !/\bshop-slipway\b/i.test(name))).toEqual([]);
});

test('what one pipeline may, and counts, reaches nothing of the other', () => {
  const text = JSON.stringify([shop.all, shop.people]);
  // Names of Slipway's own tags, variables and secrets are the same everywhere; whatever has an ARN is not.
  const arns = text.match(/(?:arn:[^"]*|\/aws\/[^"]*|"Slipway")/g) ?? [];
  const own = arns.filter((arn) => /slipway/i.test(arn) && !/secret:slipway\//.test(arn));
  expect(own.length).toBeGreaterThan(100);
  expect(own.filter((arn) => !/shop-slipway/i.test(arn))).toEqual([]);
});

test('without a name all is called what it was called before pipelines had names', () => {
  const { names } = main;
  expect(names).toContain('AWS::DynamoDB::Table TableName slipway');
  expect(names).toContain('AWS::Lambda::Function FunctionName slipway-reconcile');
  expect(names).toContain('AWS::IAM::Role RoleName slipway-reconcile-eu-central-1');
  expect(names).toContain('AWS::CloudWatch::Alarm AlarmName slipway-tick-silent');
  expect(names).toContain('AWS::Events::Rule Name slipway-announced-feedback');
});

test('no name of the longest one is longer than AWS lets it be', () => {
  const roles = shop.names.filter((name) => name.includes(' RoleName '));
  expect(roles.length).toBeGreaterThan(10);
  const longer =
    'a-name-of-16-abc'.length - 'shop'.length + 'ap-northeast-1'.length - REGION.length;
  for (const role of roles) {
    expect((role.split(' ').at(-1) ?? '').length + longer).toBeLessThanOrEqual(64);
  }
});
