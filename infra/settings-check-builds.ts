/** Refuses settings of builds, and sources, whose CodeBuild projects could not be made. */
import type { Pipeline } from '../shared/config/config.ts';
import { type ConfigProblem, problem } from '../shared/config/problems.ts';
import { defined } from '../shared/core/model/defined.ts';
import { partitionOf } from '../shared/parsing/names.ts';
import type { BuildSettings, BuildTools } from './settings.ts';

/** With every default filled in. */
export interface CheckedBuilds {
  readonly codeConnectionArn?: string;
  readonly compute: NonNullable<BuildSettings['compute']>;
  readonly timeoutMinutes: number;
  readonly parallel?: number;
  readonly tools: BuildTools;
  readonly pullsFrom: readonly string[];
}

const COMPUTE: readonly string[] = ['SMALL', 'MEDIUM', 'LARGE', 'XLARGE', '2XLARGE'];
/** Tags that move within one major version; who wants them fixed names a digest in the settings. */
const TOOLS: BuildTools = {
  buildkit: 'moby/buildkit:buildx-stable-1',
  sbom: 'docker/buildkit-syft-scanner:stable-1',
  emulator: 'public.ecr.aws/eks-distro-build-tooling/binfmt-misc:qemu-v7.0.0',
};

/** Those of before July 2024 are named after CodeStar. (rename) */
const CONNECTION =
  /^arn:(aws[a-z-]{0,20}):(?:codeconnections|codestar-connections):[a-z0-9-]+:(\d{12}):connection\/[0-9a-f-]{36}$/;
/** As infra/buildspec.yml wants it. */
const IMAGE = /^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,300}$/;
const REPOSITORIES = /^[a-z0-9][a-z0-9._/*-]{1,255}$/;

export function checkedBuilds(settings: BuildSettings): CheckedBuilds {
  const { codeConnectionArn, compute, timeoutMinutes, parallel, tools, pullsFrom } = settings;
  return defined({
    codeConnectionArn,
    compute: compute ?? 'MEDIUM',
    timeoutMinutes: timeoutMinutes ?? 60,
    parallel,
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
    tools = {},
    pullsFrom = [],
  }: BuildSettings,
): readonly ConfigProblem[] {
  const bad = (path: readonly PropertyKey[], value: unknown, isGood: boolean, expected: string) =>
    value === undefined || isGood
      ? []
      : [problem(['infra/settings.ts', 'builds', ...path], value, expected)];
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
    ...Object.entries(tools).flatMap(([tool, image]) =>
      bad(['tools', tool], image, IMAGE.test(image), 'an image, with its tag or digest'),
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
