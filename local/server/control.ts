/**
 * `/_slipway/…`: how the page and the commands talk to the local AWS, beside what AWS has. JSON in
 * and out, as `page-state.ts` says. What changes something needs a JSON content type; pages of other
 * origins are refused by the server (`server/http.ts` of the local cloud).
 */

import { AwsError } from '@slipway/local-cloud/kernel/errors.ts';
import type { Received, Reply } from '@slipway/local-cloud/wire/protocol.ts';
import * as z from 'zod';
import { containersFor } from '../../shared/route/find-targets.ts';
import { ScenarioError } from '../stories/scenario-format.ts';
import type { LiveCloud } from './live-cloud.ts';
import type { PageState, PageTimeline, Pushed, PushRequest, Refused } from './page-state.ts';

export const CONTROL_PATH = '/_slipway/';

/** Asked wrongly: HTTP 4xx with `{ "error": … }`. */
class Wrong extends Error {
  readonly status: 400 | 403 | 404 | 405 | 409 | 415;

  constructor(status: Wrong['status'], message: string) {
    super(message);
    this.status = status;
  }
}

const SPEED_MOST = 3_600;
const ADVANCE_SECONDS_MOST = 7 * 86_400;
const speedRequest = z.strictObject({ speed: z.number().min(0).max(SPEED_MOST) });
const advanceRequest = z.strictObject({
  seconds: z.number().positive().max(ADVANCE_SECONDS_MOST),
});
const pushRequest = z.strictObject({
  repository: z.string(),
  tag: z.string(),
  behaviour: z.record(z.string(), z.unknown()).optional(),
});
const stepRequest = z.record(z.string(), z.unknown());

type Answer = (live: LiveCloud, received: Received) => Promise<object>;

const ANSWERS: Readonly<
  Record<string, { readonly method: 'GET' | 'POST'; readonly give: Answer }>
> = {
  state: { method: 'GET', give: (live): Promise<PageState> => live.state() },
  timeline: {
    method: 'GET',
    give: async (live, { query }): Promise<PageTimeline> => live.story.since(sinceIn(query)),
  },
  speed: {
    method: 'POST',
    async give(live, received) {
      const { speed } = bodyOf(received, speedRequest);
      await live.changeSpeed(speed);
      return { speed };
    },
  },
  advance: {
    method: 'POST',
    async give(live, received) {
      await live.advance(bodyOf(received, advanceRequest).seconds * 1000);
      return { now: live.cloud.world.now };
    },
  },
  push: {
    method: 'POST',
    give: (live, received) => push(live, bodyOf(received, pushRequest) as PushRequest),
  },
  step: {
    method: 'POST',
    async give(live, received) {
      await live.step(bodyOf(received, stepRequest));
      return {};
    },
  },
};

/** Never throws for anything that is sent. */
export async function answerControl(live: LiveCloud, received: Received): Promise<Reply> {
  try {
    const name = received.path.slice(CONTROL_PATH.length);
    const known = Object.hasOwn(ANSWERS, name) ? ANSWERS[name] : undefined;
    if (known === undefined) {
      const names = [...Object.keys(ANSWERS), 'events'].map((each) => `${CONTROL_PATH}${each}`);
      throw new Wrong(404, `there is no ${received.path}; there is: ${names.join(', ')}`);
    }
    if (received.method !== known.method) {
      throw new Wrong(405, `${received.path} takes ${known.method}, not ${received.method}`);
    }
    if (known.method === 'POST') refuseOtherTypes(received);
    return reply(200, await known.give(live, received));
  } catch (error) {
    const { status, message } = refusalOf(error);
    return reply(status, { error: message } satisfies Refused);
  }
}

/** The number behind `?since=`; 0 without one. */
export function sinceIn(query: URLSearchParams): number {
  const since = query.get('since') ?? '0';
  if (/^\d{1,15}$/.test(since)) return Number(since);
  throw new Wrong(400, `since is "${since}", expected the number of an entry`);
}

function refuseOtherTypes({ headers }: Received): void {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Wrong(415, `content-type is "${type}", expected application/json`);
  }
}

function bodyOf<T>({ body }: Received, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new Wrong(400, 'the body is not JSON');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new Wrong(400, problems.join('; '));
}

async function push(live: LiveCloud, request: PushRequest): Promise<Pushed> {
  const { repository, tag } = request;
  await live.step({ push: request });
  const { labels, pipeline } = live.cloud;
  const targets = Object.values(pipeline.targets)
    .filter((target) => containersFor(target, repository, [tag]).length > 0)
    .map(({ id }) => id);
  return { repository, tag, digest: labels.digestOf(repository, tag) ?? '', targets };
}

function refusalOf(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof Wrong) return error;
  if (error instanceof ScenarioError) {
    const lines = error.problems.map(({ line }) =>
      line.replace(/^the (scenario|file): /, '').replace(/^steps(\.0|\[0\])\./, ''),
    );
    return { status: 400, message: lines.join('; ') };
  }
  if (error instanceof AwsError) return { status: 409, message: `${error.code}: ${error.message}` };
  return { status: 500, message: error instanceof Error ? error.message : String(error) };
}

function reply(status: number, value: object): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: Buffer.from(JSON.stringify(value)),
  };
}
