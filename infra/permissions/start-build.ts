/**
 * What `build` may say when it starts a build. StartBuild can override nearly all of a project, so the
 * right to start one with arguments would be the right to run anything with its role.
 */
import type { Permission } from './permission.ts';

/** What StartBuild gives: shared/aws/builds.ts, against which a test holds it. */
const VARIABLES = [
  'SLIPWAY_SOURCE_KEY',
  'SLIPWAY_TOKEN',
  'SLIPWAY_COMMIT',
  'SLIPWAY_IMAGE_TAG',
  'SLIPWAY_REPOSITORY_URI',
  'SLIPWAY_SOURCE',
];

/**
 * Keys of what StartBuild overrides, each there only if the request has it. That of the buildspec stands
 * in CodeBuild's guide (action-context-keys), the others in the Service Authorization Reference; a key
 * that CodeBuild did not know would refuse nothing. All of them must be absent. (Not tried in an account.)
 */
const OVERRIDES = [
  'codebuild:source.buildspec',
  'codebuild:source.location',
  'codebuild:source.auth.resource',
  'codebuild:secondarySources',
  'codebuild:environment.image',
  'codebuild:environment.type',
  'codebuild:environment.computeType',
  'codebuild:environment.certificate',
  'codebuild:environment.privilegedMode',
  'codebuild:environment.registryCredential',
  'codebuild:environment.imagePullCredentialsType',
  'codebuild:environment.fleet.fleetArn',
  'codebuild:artifacts',
  'codebuild:secondaryArtifacts',
  'codebuild:cache',
  'codebuild:logsConfig',
  'codebuild:serviceRole',
  'codebuild:encryptionKey',
];

export function startsAsItIs(projects: readonly string[]): readonly Permission[] {
  const start = {
    function: 'build',
    actions: ['codebuild:StartBuild'],
    resources: projects,
  } as const;
  return [
    {
      ...start,
      on: 'the projects of the sources, only as they are: with a commit and variables',
      conditions: { Null: Object.fromEntries(OVERRIDES.map((key) => [key, ['true']])) },
      why: 'builds a commit',
    },
    {
      ...start,
      effect: 'Deny',
      on: 'the projects, with variables beside ours',
      conditions: {
        'ForAnyValue:StringNotEquals': {
          'codebuild:environment.environmentVariables.name': VARIABLES,
        },
      },
      why: 'a build is what its project says, but for commit and tag',
    },
  ];
}
