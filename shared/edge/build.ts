/**
 * CodeBuild's "CodeBuild Build State Change". Whatever it says is only a hint to look: its events are
 * best effort, a retry is another build, and the answer of CodeBuild itself is what counts.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html
 */
import * as z from 'zod/mini';
import { bounded } from '../parsing/bounded.ts';
import { text } from '../parsing/fields.ts';
import { SOURCE_KEY } from '../parsing/git-names.ts';
import { read, shown, UnreadableEvent } from '../parsing/unreadable.ts';
import { elsewhere, type Here, readEvent } from './event.ts';
import type { Cause } from './message.ts';

export type BuildTold =
  | {
      readonly kind: 'build';
      readonly project: string;
      /** `<project>:<uuid>` */
      readonly id: string;
      /** SUCCEEDED, FAILED, FAULT, TIMED_OUT, STOPPED, IN_PROGRESS, or what CodeBuild adds. */
      readonly status: string;
      /** Which source started it, in the words of the build's own environment. */
      readonly source?: string;
      readonly cause: Cause;
    }
  | { readonly kind: 'ignored'; readonly because: string };

const AWS_SOURCE = 'aws.codebuild';
const DETAIL_TYPE = 'CodeBuild Build State Change';
/** In the environment of every build that we start. CodeBuild keeps it when it retries one. */
export const SOURCE_KEY_VARIABLE = 'SLIPWAY_SOURCE_KEY';

const BUILD_ARN =
  /^arn:aws[a-z-]{0,20}:codebuild:[a-z0-9-]{1,32}:\d{12}:build\/(?<id>[A-Za-z0-9][A-Za-z0-9_-]{1,254}:[A-Za-z0-9-]{1,100})$/;

const VARIABLES = 'a list of environment variables';
const change = z.object({
  'project-name': text(/^[A-Za-z0-9][A-Za-z0-9_-]{1,254}$/, 'the name of a CodeBuild project'),
  'build-id': text(BUILD_ARN, 'the ARN of a build'),
  'build-status': text(/^[A-Z_]{1,40}$/, 'a word like SUCCEEDED'),
  'additional-information': z.object(
    {
      environment: z.object(
        {
          'environment-variables': z._default(
            bounded(
              z.array(
                z.object({
                  name: z.string({ error: 'the name of a variable' }),
                  type: z.nullish(z.string({ error: 'PLAINTEXT or another type' })),
                  value: z.nullish(z.string({ error: 'a text' })),
                }),
                { error: VARIABLES },
              ),
            ),
            () => [],
          ),
        },
        { error: "the build's environment" },
      ),
    },
    { error: 'what CodeBuild says of the build besides' },
  ),
});

/**
 * What CodeBuild says of a build. The event has no word about a retry (none is documented), so whose
 * retry it is, the look finds. Throws `UnreadableEvent` for an event that claims to be this and
 * cannot be read.
 */
export function parseBuildEvent(input: unknown, here: Here): BuildTold {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new UnreadableEvent('the input of this function', input, 'an event, which is an object');
  }
  const { source, 'detail-type': detailType } = input as Record<string, unknown>;
  if (source !== AWS_SOURCE || detailType !== DETAIL_TYPE) {
    return ignored(`nobody here listens to ${shown(detailType)} from ${shown(source)}`);
  }
  const event = readEvent(input, AWS_SOURCE, DETAIL_TYPE);
  const other = elsewhere(event.account, event.region, here);
  if (other !== undefined) return ignored(other);
  const detail = read(event.what, change, event.detail, 'detail');
  const { environment } = detail['additional-information'];
  const key = sourceKeyIn(environment['environment-variables']);
  return {
    kind: 'build',
    project: detail['project-name'],
    id: BUILD_ARN.exec(detail['build-id'])?.groups?.id ?? '',
    status: detail['build-status'],
    ...(key !== undefined && { source: key }),
    cause: event.cause,
  };
}

interface Variable {
  readonly name: string;
  readonly type?: string | null | undefined;
  readonly value?: string | null | undefined;
}

/** Of a variable that stands in a store, the value is a name in that store. */
function sourceKeyIn(variables: readonly Variable[]): string | undefined {
  const ours = variables.find(({ name }) => name === SOURCE_KEY_VARIABLE);
  const isPlain = (ours?.type ?? 'PLAINTEXT') === 'PLAINTEXT';
  return isPlain && SOURCE_KEY.test(ours?.value ?? '') ? (ours?.value ?? undefined) : undefined;
}

function ignored(because: string): BuildTold {
  return { kind: 'ignored', because };
}
