/** CodeBuild: the port `Builds`. What is built and how is the project's business; we name the commit. */
import {
  BatchGetBuildsCommand,
  type Build,
  type CodeBuildClient,
  ListBuildsForProjectCommand,
  StartBuildCommand,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild';
import { type ImageDigest, lastPart } from '../core/model/image.ts';
import { shorten } from '../core/model/text.ts';
import type { StartBuild } from '../core/source/intended-call.ts';
import type { BuildOutcome, ObservedBuild } from '../core/source/observation.ts';
import type { Builds } from '../source-ports.ts';
import { ask, refusalOf, refused, transient } from './refusal.ts';

/** Variables of our builds; `infra/buildspec.yml` and the events of CodeBuild name them too. */
export const BUILD_VARIABLES = {
  sourceKey: 'SLIPWAY_SOURCE_KEY',
  token: 'SLIPWAY_TOKEN',
  commit: 'SLIPWAY_COMMIT',
  imageTag: 'SLIPWAY_IMAGE_TAG',
  repositoryUri: 'SLIPWAY_REPOSITORY_URI',
  source: 'SLIPWAY_SOURCE',
} as const;
/** What the buildspec exports. */
const DIGEST_VARIABLE = 'IMAGE_DIGEST';
/** `yes`: it pushed nothing, since its tag stood already. A project of the user's own may not tell. */
const STOOD_VARIABLE = 'IMAGE_STOOD';
const MESSAGE_MAX = 300;
const OUTCOMES: readonly string[] = [
  'SUCCEEDED',
  'FAILED',
  'FAULT',
  'TIMED_OUT',
  'STOPPED',
] satisfies BuildOutcome[];

/** The client retries like a read: StartBuild carries its token. `webUrl`: `https://github.com`. */
export function createBuilds(client: CodeBuildClient, webUrl: string): Builds {
  return {
    start: async (action, { key, repository }) => {
      const { rules, commit, token } = action;
      const call = `codebuild:StartBuild of ${rules.project}`;
      try {
        const { build } = await client.send(
          new StartBuildCommand({
            projectName: rules.project,
            sourceVersion: commit,
            idempotencyToken: token,
            environmentVariablesOverride: variables(action, key, `${webUrl}/${repository}`),
          }),
        );
        if (build?.id === undefined) throw new Error('no id in the answer');
        return { ok: true, value: build.id };
      } catch (error) {
        // It passes, and the source knows how long it waits for that.
        if (error instanceof Error && error.name === 'AccountLimitExceededException') {
          return { ok: false, code: error.name, message: error.message };
        }
        return refused(call, error);
      }
    },

    stop: async (id) => {
      try {
        await client.send(new StopBuildCommand({ id }));
        return { ok: true, value: undefined };
      } catch (error) {
        return refused(`codebuild:StopBuild of ${id}`, error);
      }
    },

    states: async (ids) => {
      const { builds, missing } = await batch(client, ids);
      return Object.fromEntries([
        ...builds.map((build) => [String(build.id), seenOf(build)] as const),
        ...missing.map((id) => [id, { state: 'missing' }] as const),
      ]);
    },

    find: async (lost) => {
      const found: Record<string, string> = {};
      for (const project of new Set(lost.map((one) => one.project))) {
        for (const build of await newestOf(client, project)) {
          const token = variableOf(build, BUILD_VARIABLES.token);
          if (token === undefined || build.id === undefined) continue;
          if (lost.some((one) => one.token === token)) found[token] ??= build.id;
        }
      }
      return found;
    },
  };
}

function variables({ commit, tag, token, rules }: StartBuild, key: string, source: string) {
  const values = {
    [BUILD_VARIABLES.sourceKey]: key,
    [BUILD_VARIABLES.token]: token,
    [BUILD_VARIABLES.commit]: commit,
    [BUILD_VARIABLES.imageTag]: tag,
    [BUILD_VARIABLES.repositoryUri]: `${rules.registry}/${rules.repository}`,
    [BUILD_VARIABLES.source]: source,
  };
  return Object.entries(values).map(([name, value]) => ({
    name,
    value,
    type: 'PLAINTEXT' as const,
  }));
}

async function batch(
  client: CodeBuildClient,
  ids: readonly string[],
): Promise<{ readonly builds: readonly Build[]; readonly missing: readonly string[] }> {
  if (ids.length === 0) return { builds: [], missing: [] };
  const { builds = [], buildsNotFound = [] } = await ask('codebuild:BatchGetBuilds', () =>
    client.send(new BatchGetBuildsCommand({ ids: [...ids] })),
  );
  return { builds, missing: buildsNotFound };
}

/** The newest hundred: a build whose answer was lost is minutes old. */
async function newestOf(client: CodeBuildClient, projectName: string): Promise<readonly Build[]> {
  try {
    const { ids = [] } = await client.send(
      new ListBuildsForProjectCommand({ projectName, sortOrder: 'DESCENDING' }),
    );
    return (await batch(client, ids.slice(0, 100))).builds;
  } catch (error) {
    // The project is gone: it has no builds.
    if (refusalOf(error)?.code === 'ResourceNotFoundException') return [];
    throw transient(`codebuild:ListBuildsForProject of ${projectName}`, error);
  }
}

function seenOf(build: Build): ObservedBuild {
  const { buildStatus = 'IN_PROGRESS', currentPhase = 'SUBMITTED' } = build;
  const logs = build.logs?.deepLink === undefined ? {} : { logs: build.logs.deepLink };
  if (!OUTCOMES.includes(buildStatus)) return { state: 'running', phase: currentPhase, ...logs };
  const digest = exportedDigest(build);
  const because = failureOf(build);
  const retry = build.autoRetryConfig?.nextAutoRetry;
  return {
    state: 'ended',
    outcome: buildStatus as BuildOutcome,
    endedAt: (build.endTime ?? build.startTime ?? new Date(0)).getTime(),
    ...logs,
    ...(because === undefined ? {} : { because }),
    ...(digest === undefined ? {} : { digest }),
    ...(exportedBy(build, STOOD_VARIABLE) === 'yes' ? { stood: true } : {}),
    ...(retry === undefined || retry === '' ? {} : { retry: buildIdOf(retry) }),
  };
}

/** The first phase that failed is the cause: POST_BUILD runs, and may fail, after it. */
function failureOf({ phases = [] }: Build): string | undefined {
  const failed = phases.find(
    ({ phaseStatus }) => phaseStatus !== undefined && phaseStatus !== 'SUCCEEDED',
  );
  if (failed === undefined) return undefined;
  const message = failed.contexts?.at(-1)?.message;
  const said = message === undefined || message.trim() === '' ? '' : `: ${message.trim()}`;
  return shorten(`${failed.phaseType} ${failed.phaseStatus}${said}`, MESSAGE_MAX);
}

function exportedBy({ exportedEnvironmentVariables = [] }: Build, variable: string) {
  return exportedEnvironmentVariables.find(({ name }) => name === variable)?.value;
}

function exportedDigest(build: Build): ImageDigest | undefined {
  const value = exportedBy(build, DIGEST_VARIABLE);
  return value !== undefined && /^sha256:[a-f0-9]{64}$/.test(value)
    ? (value as ImageDigest)
    : undefined;
}

function variableOf({ environment }: Build, wanted: string): string | undefined {
  return environment?.environmentVariables?.find(({ name }) => name === wanted)?.value;
}

/** `<project>:<uuid>` of `arn:aws:codebuild:…:build/<project>:<uuid>`, which some fields have instead. */
export function buildIdOf(idOrArn: string): string {
  return lastPart(idOrArn);
}
