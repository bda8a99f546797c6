/** Refuses settings of builds, and sources, whose CodeBuild projects could not be made. */
import type { Pipeline } from '../shared/config/config.ts';
import type { BuildSettings, BuildTools } from '../shared/config/infra.ts';
import { type ConfigProblem, problem } from '../shared/config/problems.ts';
import { defined } from '../shared/core/model/defined.ts';
import { partitionOf } from '../shared/parsing/names.ts';

/** With every default filled in. */
export interface CheckedBuilds {
  readonly codeConnectionArn?: string;
  readonly compute: NonNullable<BuildSettings['compute']>;
  readonly timeoutMinutes: number;
  readonly parallel?: number;
  readonly sharedLayersBecause?: string;
  readonly tools: BuildTools;
  readonly pullsFrom: readonly string[];
}

const COMPUTE: readonly string[] = ['SMALL', 'MEDIUM', 'LARGE', 'XLARGE', '2XLARGE'];
/**
 * They run with privileges beside the login to ECR, so each is named by its content: a tag is whatever
 * its owner makes of it tomorrow. A release of Slipway moves them (docs/releasing.md).
 */
export const TOOLS: BuildTools = {
  buildkit:
    'moby/buildkit:v0.33.1@sha256:cec9f139f45e93c5c69c60f8b07cfad9f43f4ef6b6a6cd917527fea5ff2e3dea',
  sbom: 'docker/buildkit-syft-scanner:stable-1@sha256:ae4f3b554449e7e25548e7d8ccc029d17357348e30c6e3df01b92bc93654d6a9',
  emulator:
    'tonistiigi/binfmt:qemu-v10.2.3@sha256:400a4873b838d1b89194d982c45e5fb3cda4593fbfd7e08a02e76b03b21166f0',
};

/** Those of before July 2024 are named after CodeStar. (rename) */
const CONNECTION =
  /^arn:(aws[a-z-]{0,20}):(?:codeconnections|codestar-connections):[a-z0-9-]+:(\d{12}):connection\/[0-9a-f-]{36}$/;
/** As infra/buildspec.yml wants it, and by its digest. */
const IMAGE = /^[A-Za-z0-9][A-Za-z0-9._/:-]{0,200}@sha256:[0-9a-f]{64}$/;
const REASON_MAX = 500;
const REPOSITORIES = /^[a-z0-9][a-z0-9._/*-]{1,255}$/;

export function checkedBuilds(settings: BuildSettings): CheckedBuilds {
  const { codeConnectionArn, compute, timeoutMinutes, parallel, tools, pullsFrom } = settings;
  const { sharedLayersBecause } = settings;
  return defined({
    codeConnectionArn,
    compute: compute ?? 'MEDIUM',
    timeoutMinutes: timeoutMinutes ?? 60,
    parallel,
    sharedLayersBecause,
    tools: { ...TOOLS, ...tools },
    pullsFrom: pullsFrom ?? [],
  });
}

export function buildProblems(
  pipeline: Pipeline,
  {
    codeConnectionArn,
    compute,
    timeoutMinutes,
    parallel,
    sharedLayersBecause,
    tools = {},
    pullsFrom = [],
  }: BuildSettings,
): readonly ConfigProblem[] {
  const bad = (path: readonly PropertyKey[], value: unknown, isGood: boolean, expected: string) =>
    value === undefined || isGood ? [] : [problem(['infra', 'builds', ...path], value, expected)];
  const within = (value: number | undefined, min: number, max: number) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
  return [
    ...bad(
      ['codeConnectionArn'],
      codeConnectionArn,
      isOurs(pipeline, codeConnectionArn),
      `the ARN of a connection of CodeConnections in account ${pipeline.account}`,
    ),
    ...bad(['compute'], compute, COMPUTE.includes(compute ?? ''), COMPUTE.join(' ')),
    ...bad(
      ['timeoutMinutes'],
      timeoutMinutes,
      within(timeoutMinutes, 5, 2160),
      'whole minutes from 5 to 2160',
    ),
    ...bad(['parallel'], parallel, within(parallel, 1, 1000), 'a whole number from 1 to 1000'),
    ...bad(
      ['sharedLayersBecause'],
      sharedLayersBecause,
      (sharedLayersBecause?.length ?? 0) > 0 && (sharedLayersBecause?.length ?? 0) <= REASON_MAX,
      `the reason, in 1 to ${REASON_MAX} characters`,
    ),
    ...Object.entries(tools).flatMap(([tool, image]) =>
      bad(
        ['tools', tool],
        image,
        IMAGE.test(image),
        'an image by its digest: name@sha256:…, since a tag may become another image',
      ),
    ),
    ...pullsFrom.flatMap((name, index) =>
      bad(
        ['pullsFrom', index],
        name,
        REPOSITORIES.test(name),
        'the name of an ECR repository, with * for a part of it',
      ),
    ),
  ];
}

/** It may be in another region: not every region has CodeConnections. (connections-github-app) */
function isOurs({ account, region }: Pipeline, arn: string | undefined): boolean {
  const [, partition, owner] = CONNECTION.exec(arn ?? '') ?? [];
  return partition === partitionOf(region) && owner === account;
}
