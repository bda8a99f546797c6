/**
 * GitHub's push, of which we read as little as we need: the rest of the payload is theirs.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
 */
import type { components } from '@octokit/openapi-webhooks-types';
import * as z from 'zod/mini';
import { bounded } from '../parsing/bounded.ts';
import { text, words } from '../parsing/fields.ts';
import { COMMIT, GITHUB_REPOSITORY, NO_COMMIT, REF } from '../parsing/git-names.ts';
import { inWords, shown, valueAt } from '../parsing/unreadable.ts';

export interface Push {
  /** `acme/shop` */
  readonly repository: string;
  /** `refs/heads/main` */
  readonly ref: string;
  /** What the ref pointed to; absent: it was created. */
  readonly before?: string;
  /** The commit that it points to now; absent: it was deleted. */
  readonly after?: string;
  readonly forced: boolean;
  /** Each once. Absent: GitHub does not tell all of them. */
  readonly paths?: readonly string[];
  /** The words in the commit's message that ask for no build. */
  readonly skip?: string;
  readonly by: string;
}

/** "The array includes a maximum of 2048 commits." */
const COMMITS_MAX = 2_048;
/** "A maximum of 3000 changed files will be reported per commit." */
const FILES_MAX = 3_000;
/** More are not compared with globs, and count as not known. */
const PATHS_MAX = 10_000;
const PATH_MAX = 4_096;
const BY_MAX = 100;

type Payload = components['schemas']['webhook-push'];
type Commit = Payload['commits'][number];
/** A key that GitHub's own types do not have does not compile. */
type Of<T> = { readonly [K in keyof T]?: z.ZodMiniType };

const files = z.optional(bounded(z.array(z.string())));
const commits = bounded(
  z.array(z.object({ added: files, removed: files, modified: files } satisfies Of<Commit>)),
);
const sha = text(COMMIT, 'the 40 hex digits of a commit');
const BOOLEAN = 'true or false';

const payload = z.object(
  {
    ref: text(REF, 'a ref like refs/heads/main'),
    before: sha,
    after: sha,
    forced: z.boolean({ error: BOOLEAN }),
    // What cannot be read is not known, and then everything is built: in doubt too much.
    commits: z.catch(z.optional(commits), undefined),
    head_commit: z.nullish(
      z.object({ id: sha, message: z.string({ error: 'a text' }) } satisfies Of<Commit>, {
        error: 'a commit, or null',
      }),
    ),
    pusher: z.object({ name: words(1_000, 'a name') } satisfies Of<Payload['pusher']>, {
      error: 'who pushed',
    }),
    repository: z.object(
      {
        full_name: text(GITHUB_REPOSITORY, "owner and name of a repository, like 'acme/shop'"),
      } satisfies Of<Payload['repository']>,
      { error: 'a repository' },
    ),
  } satisfies Of<Payload>,
  { error: 'a push' },
);

/** The push, or what of it cannot be read, in words. Never throws. */
export function readPush(input: unknown): Push | { readonly unreadable: string } {
  const parsed = z.safeParse(payload, input);
  if (!parsed.success) return { unreadable: firstProblem(input, parsed.error) };
  const { ref, before, after, forced, head_commit: head, pusher, repository } = parsed.data;
  const isCreated = before === NO_COMMIT;
  const isDeleted = after === NO_COMMIT;
  if (isCreated && isDeleted) {
    return { unreadable: 'before and after are both zeros, expected a commit in one of them' };
  }
  const paths = isCreated || isDeleted || forced ? undefined : pathsOf(parsed.data.commits ?? []);
  const skip = head && !isDeleted ? skipIn(head.message) : undefined;
  return {
    repository: repository.full_name,
    ref,
    ...(!isCreated && { before }),
    // Of an annotated tag `after` is the tag itself, and `head_commit` the commit that it names.
    ...(!isDeleted && { after: ref.startsWith('refs/tags/') && head ? head.id : after }),
    forced,
    ...(paths && { paths }),
    ...(skip !== undefined && { skip }),
    // Half of a surrogate pair is no text to those who store it.
    by: pusher.name.slice(0, BY_MAX).toWellFormed(),
  };
}

/**
 * All paths that changed, or nothing when some may be missing: a push without commits moves a ref to
 * what was there before, and a list that is as long as it may be was cut off.
 */
function pathsOf(list: z.output<typeof commits>): readonly string[] | undefined {
  if (list.length === 0 || list.length >= COMMITS_MAX) return undefined;
  const paths = new Set<string>();
  for (const { added = [], removed = [], modified = [] } of list) {
    const changed = [...added, ...removed, ...modified];
    if (changed.length >= FILES_MAX) return undefined;
    for (const path of changed) paths.add(path);
    if (paths.size > PATHS_MAX) return undefined;
  }
  return [...paths].every((path) => path.length <= PATH_MAX) ? [...paths] : undefined;
}

function firstProblem(input: unknown, { issues }: z.core.$ZodError): string {
  const path = issues[0]?.path ?? [];
  const where = path.length === 0 ? 'the payload' : inWords(path);
  return `${where} is ${shown(valueAt(input, path))}, expected ${issues[0]?.message}`;
}

/**
 * The words by which a commit's message asks for no build: GitHub's own for its workflows.
 * https://docs.github.com/en/actions/managing-workflow-runs/skipping-workflow-runs
 */
const SKIP_WORDS = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/i;
const SKIP_TRAILER = /^skip-checks: ?true$/i;

/** What was found, in small letters; the trailer only as the last line, below another. */
export function skipIn(message: string): string | undefined {
  const found = SKIP_WORDS.exec(message)?.[0];
  if (found !== undefined) return found.toLowerCase();
  const [last = '', ...above] = message.trimEnd().split('\n').toReversed();
  return above.length > 0 && SKIP_TRAILER.test(last.trim()) ? 'skip-checks: true' : undefined;
}
