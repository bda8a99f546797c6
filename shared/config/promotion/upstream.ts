/** Targets of other pipelines, in other accounts or regions, that must have proven an image before it starts here. */
import type * as z from 'zod';
import type { TargetKey } from '../../core/model/image.ts';
import type { Elsewhere } from '../../core/model/rules.ts';
import { ACCOUNT, ECS_NAME, partitionOf, REGION } from '../../parsing/names.ts';
import { type Named, PIPELINE_NAME, prefixOf } from '../../parsing/pipeline-name.ts';
import { type ConfigProblem, problem } from '../problems.ts';
import { named, settings, text } from '../settings.ts';

/** API_AssumeRole takes 2 to 1224; one that can be guessed is none. */
const EXTERNAL_ID = /^[\w+=,.@:/-]{8,128}$/;
export const externalId = text(
  EXTERNAL_ID,
  'an external id of 8 to 128 letters, digits and + = , . @ : / - that nobody guesses',
);
export const account = text(ACCOUNT, "an AWS account: 12 digits in quotes, like '123456789012'");
export const region = text(REGION, "an AWS region, like 'eu-central-1'");
export const pipelineName = text(PIPELINE_NAME, 'the `name` of that pipeline');

const FORM =
  "{ 'web-staging': { account: '…', cluster: 'staging', service: 'web', externalId: '…' } }";

export const upstream = named(
  'a name of a letter and up to 39 letters, digits, - and _',
  /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
  settings(FORM, {
    account,
    region: region.optional(),
    pipeline: pipelineName.optional(),
    cluster: text(ECS_NAME, 'the name of an ECS cluster'),
    service: text(ECS_NAME, 'the name of an ECS service'),
    externalId,
    table: text(/^[A-Za-z0-9_.-]{3,255}$/, 'the name of a DynamoDB table').optional(),
  }),
  FORM,
);

export type ParsedUpstream = z.output<typeof upstream>;

/** A pipeline by its own config. */
interface Home extends Named {
  readonly account: string;
  readonly region: string;
}

/** A pipeline as another one's config names it. */
interface NamedPipeline {
  readonly account: string;
  readonly region?: string | undefined;
  readonly pipeline?: string | undefined;
}

/** The role that the stack of that pipeline makes for the readers of one account. */
export function proofsRoleName(
  pipeline: Named & { readonly region: string },
  reader: string,
): string {
  return `${prefixOf(pipeline)}-proofs-${reader}-${pipeline.region}`;
}

/** By the names that `after` has for them. */
export function upstreamOf(
  all: ParsedUpstream | undefined,
  own: Omit<Home, 'name'>,
): Readonly<Record<string, { readonly key: TargetKey; readonly elsewhere: Elsewhere }>> {
  return Object.fromEntries(
    Object.entries(all ?? {}).map(([id, given]) => {
      const {
        cluster,
        service,
        externalId: secret,
        pipeline: name,
        region: at = own.region,
      } = given;
      const role = proofsRoleName({ name, region: at }, own.account);
      const elsewhere = {
        region: at,
        table: given.table ?? prefixOf({ name }),
        role: `arn:${partitionOf(at)}:iam::${given.account}:role/${role}`,
        externalId: secret,
      };
      return [id, { key: `ecs/${cluster}/${service}`, elsewhere }] as const;
    }),
  );
}

/** Is it the pipeline `own` that is named so? */
export function isPipeline(
  own: Home,
  { account: its, region: at = own.region, pipeline: name }: NamedPipeline,
): boolean {
  return its === own.account && at === own.region && name === own.name;
}

export function upstreamProblems(
  all: ParsedUpstream = {},
  own: Home & { readonly targets: Readonly<Record<string, unknown>> },
): readonly ConfigProblem[] {
  return Object.entries(all).flatMap(([id, given]) => [
    ...(Object.hasOwn(own.targets, id)
      ? [
          problem(
            ['upstream', id],
            id,
            'a name that no target of this config has: `after` could mean either',
          ),
        ]
      : []),
    ...(isPipeline(own, given)
      ? [
          problem(
            ['upstream', id, 'account'],
            given.account,
            'another pipeline: of this one `after` names the target itself',
          ),
        ]
      : []),
  ]);
}
