/** What a build may do, with the role of its project: push its own image, and keep its layers. */
import type { Pipeline } from '../../shared/config/config.ts';
import { LITERAL } from '../../shared/config/git/ref-label.ts';
import { arnIn, buildLogGroupName, cacheRepository } from '../names.ts';
import type { CheckedBuilds } from '../settings-check-builds.ts';
import type { Right } from './permission.ts';
import { unique } from './scope.ts';

/** One CodeBuild project that the stack makes. */
export interface BuildProject {
  readonly name: string;
  /** `acme/shop` */
  readonly source: string;
  /** The ECR repository of its image. */
  readonly repository: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly platforms: readonly string[];
  /** All that is built is one branch: then no other branch's build can leave layers for its own. */
  readonly oneRef: boolean;
}

/** Where the config names no project of the user's own. */
export function buildProjectsOf({ sources }: Pipeline): readonly BuildProject[] {
  return Object.values(sources).flatMap(({ repository: source, rules, projects, refNames, tags }) =>
    Object.entries(projects).flatMap(([image, own]) => {
      const build = rules.images[image];
      const oneRef = refNames.length === 1 && tags.length === 0 && LITERAL.test(refNames[0] ?? '');
      return build === undefined
        ? []
        : [{ name: build.project, source, repository: build.repository, ...own, oneRef }];
    }),
  );
}

/**
 * Where a build keeps its layers. BuildKit believes what it finds there, so whoever builds any ref of
 * the project could put something into the image of another one: one ref, or a reason.
 */
export function cacheOf(
  { name, oneRef }: BuildProject,
  { sharedLayersBecause }: Pick<CheckedBuilds, 'sharedLayersBecause'>,
): string | undefined {
  return oneRef || sharedLayersBecause !== undefined ? cacheRepository(name) : undefined;
}

/** Whoever may push to a branch that is built can run anything with these. */
export function buildRights(
  pipeline: Pipeline,
  project: BuildProject,
  builds: Pick<CheckedBuilds, 'codeConnectionArn' | 'pullsFrom' | 'sharedLayersBecause'>,
): readonly Right[] {
  const { name, repository } = project;
  const { codeConnectionArn, pullsFrom } = builds;
  const cache = cacheOf(project, builds);
  const repositories = [repository, ...(cache === undefined ? [] : [cache])];
  const repositoryArn = (each: string) => arnIn(pipeline, 'ecr', `repository/${each}`);
  return [
    {
      actions: ['ecr:GetAuthorizationToken'],
      on: 'the registry: it cannot be scoped',
      resources: ['*'],
      why: 'logs in',
    },
    {
      actions: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:InitiateLayerUpload',
        'ecr:UploadLayerPart',
        'ecr:CompleteLayerUpload',
        'ecr:PutImage',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
      ],
      on: `${cache === undefined ? 'repository' : 'repositories'} ${repositories.join(' and ')}`,
      resources: unique(repositories).map(repositoryArn),
      why: `pushes the image, looks whether it is there already${cache === undefined ? '' : ', keeps layers'}`,
    },
    ...(pullsFrom.length === 0
      ? []
      : [
          {
            actions: [
              'ecr:BatchCheckLayerAvailability',
              'ecr:BatchGetImage',
              'ecr:GetDownloadUrlForLayer',
              'ecr:BatchImportUpstreamImage',
            ],
            on: 'the repositories that infra.builds.pullsFrom names',
            resources: unique(pullsFrom).map(repositoryArn),
            why: 'pulls base images and tools',
          },
        ]),
    ...(codeConnectionArn === undefined ? [] : [connectionRight(codeConnectionArn)]),
    {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      on: 'its own log group',
      resources: [arnIn(pipeline, 'logs', `log-group:${buildLogGroupName(name)}:*`)],
      why: 'logs',
    },
  ];
}

/** An action has the prefix that the ARN has. (connections-github-app, rename) */
function connectionRight(connection: string): Right {
  const service = connection.split(':')[2] ?? '';
  return {
    actions: [`${service}:GetConnectionToken`, `${service}:GetConnection`],
    on: 'the connection that infra.builds names',
    resources: [connection],
    why: 'reads the source',
  };
}
