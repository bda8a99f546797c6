/** How much may be asked of the local GitHub (docs, rate-limits-for-the-rest-api). */
import type { Endpoints } from '@octokit/types';
import { randomHex } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';
import { GithubError } from './errors.ts';
import type { Caller } from './request.ts';
import type { GithubUsage } from './state.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DOCUMENTATION = 'rest/overview/rate-limits-for-the-rest-api';

/**
 * Counts a request against the primary limit and, as points and as content, against the secondary ones;
 * returns what the answer's headers say. Throws a GithubError (403) where one is reached.
 */
export function countRequest(world: World, caller: Caller, method: string) {
  const usage = usageOf(world, caller);
  if (usage.used >= limitOf(world, caller)) {
    throw new GithubError(403, exceeded(caller), {
      headers: rateHeaders(world, caller),
      documentation: DOCUMENTATION,
    });
  }
  usage.used++;
  const isReading = ['GET', 'HEAD', 'OPTIONS'].includes(method);
  // An app that fetches its installation token makes no content.
  const isContent = !isReading && caller.kind !== 'app';
  const request = { at: world.now, points: isReading ? 1 : 5, isContent };
  const waitSeconds = secondsToWait(world, usage, request);
  if (waitSeconds > 0) {
    throw new GithubError(403, secondary(world), {
      headers: { ...rateHeaders(world, caller), 'retry-after': String(waitSeconds) },
      documentation: `free-pro-team@latest/${DOCUMENTATION}#about-secondary-rate-limits`,
    });
  }
  usage.recent.push(request);
  return rateHeaders(world, caller);
}

/** docs, best-practices-for-using-the-rest-api: a 304 does not count against the primary limit. */
export function uncountRequest(world: World, caller: Caller): void {
  if (caller.kind !== 'anonymous') usageOf(world, caller).used--;
}

function exceeded({ kind, named }: Caller): string {
  const text = `API rate limit exceeded for ${named}.`;
  if (kind !== 'anonymous') return text;
  return `${text} (But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)`;
}

function secondary(world: World): string {
  const id = randomHex(world.github, 16).toUpperCase();
  return `You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID ${id}.`;
}

/** 0: it may pass. Until what fills a window has left it; how GitHub computes it is unverified. */
function secondsToWait(
  world: World,
  usage: GithubUsage,
  { points, isContent }: GithubUsage['recent'][number],
): number {
  usage.recent = usage.recent.filter(({ at }) => at > world.now - HOUR_MS);
  const { contentPerMinute, contentPerHour, pointsPerMinute } = world.github.limits;
  const contents = usage.recent.filter((one) => one.isContent).map(({ at }) => at);
  const lastMinute = usage.recent.filter(({ at }) => at > world.now - MINUTE_MS);
  const spent = lastMinute.flatMap((one) => Array<number>(one.points).fill(one.at));
  const wait = (past: readonly number[], adding: number, most: number, windowMs: number) => {
    const within = past.filter((at) => at > world.now - windowMs);
    const tooMany = within.length + adding - most;
    if (tooMany <= 0) return 0;
    const leaving = within[Math.min(tooMany, within.length) - 1] ?? world.now;
    return Math.ceil((leaving + windowMs - world.now) / 1_000);
  };
  return Math.max(
    isContent ? wait(contents, 1, contentPerMinute, MINUTE_MS) : 0,
    isContent ? wait(contents, 1, contentPerHour, HOUR_MS) : 0,
    wait(spent, points, pointsPerMinute, MINUTE_MS),
  );
}

function limitOf(world: World, { kind }: Caller): number {
  const { perHour, anonymousPerHour } = world.github.limits;
  return kind === 'anonymous' ? anonymousPerHour : perHour;
}

/** A new hour begins with the first request after the last one's end. */
function usageOf(world: World, { key }: Caller): GithubUsage {
  const { usage } = world.github;
  const known = usage[key] ?? { since: world.now, used: 0, recent: [] };
  usage[key] = known;
  if (world.now >= known.since + HOUR_MS) {
    known.since = world.now;
    known.used = 0;
  }
  return known;
}

function rateOf(world: World, caller: Caller) {
  const { since, used } = usageOf(world, caller);
  const limit = limitOf(world, caller);
  const reset = Math.ceil((since + HOUR_MS) / 1_000);
  return { limit, used: Math.min(used, limit), remaining: Math.max(0, limit - used), reset };
}

function rateHeaders(world: World, caller: Caller): Readonly<Record<string, string>> {
  const { limit, remaining, used, reset } = rateOf(world, caller);
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-used': String(used),
    'x-ratelimit-reset': String(reset),
    'x-ratelimit-resource': 'core',
  };
}

/** docs, rest/rate-limit: asking does not count. Of the other resources, `search` alone must be there. */
export function rateLimitView(
  world: World,
  caller: Caller,
): Endpoints['GET /rate_limit']['response']['data'] {
  const core = rateOf(world, caller);
  const reset = Math.ceil((world.now + MINUTE_MS) / 1_000);
  const search = { limit: 30, used: 0, remaining: 30, reset };
  return { resources: { core, search }, rate: core };
}
