/** The part of the config that says what is built from which repository: its schema, and what becomes of it. */
import picomatch from 'picomatch';
import * as z from 'zod';
import type { SourceRules } from '../core/source/rules.ts';
import { type Named, prefixOf } from '../parsing/pipeline-name.ts';
import { inWords } from '../parsing/unreadable.ts';
import { COMMIT_IN, commitIn } from './git/elsewhere.ts';
import { LITERAL } from './git/ref-label.ts';
import type { SourceInput } from './input.ts';
import { type ConfigProblem, problem } from './problems.ts';
import { repositoryName } from './repositories.ts';
import { entries, named, oneOf, settings, text } from './settings.ts';

/** One repository on GitHub, checked. */
export interface Source {
  /** The user's name for it: a label. */
  readonly id: string;
  /** `acme/shop` */
  readonly repository: string;
  /** Name of the secret in Secrets Manager that signs its webhook. */
  readonly webhookSecret: string;
  readonly rules: SourceRules;
  /** The globs of branches and of git tags, as the user wrote them. */
  readonly refNames: readonly string[];
  /** Branches that the config names as they are, without a glob: `refs/heads/main`. */
  readonly heads: readonly string[];
  /** Sources of regular expressions: which branches and git tags are built. */
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  /** By image: what a changed path must match; absent: every push concerns it. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
  /** By image: how the project is made that the pipeline stack owns; absent: it is the user's own. */
  readonly projects: Readonly<Record<string, OwnProject>>;
  /** Where the images of others say their commit, in this order; absent: nothing is built elsewhere. */
  readonly commitIn?: readonly string[];
}

export interface OwnProject {
  readonly dockerfile: string;
  readonly context: string;
  readonly platforms: readonly ('linux/amd64' | 'linux/arm64')[];
}

export interface GitHub {
  /** Names of secrets in Secrets Manager. */
  readonly webhookSecret: string;
  readonly credentials: string;
  readonly apiUrl: string;
  /** Where whoever clicks on a status finds `slipway view`. */
  readonly viewUrl?: string | undefined;
}

const GLOBS = 'a list of globs, each of 1 to 200 characters';
const glob = text(/^[^\s\p{Cc}]{1,200}$/u, 'a glob of 1 to 200 characters, without spaces');
export const globs = entries(
  z.array(glob, { error: GLOBS }).max(50, { error: 'at most 50 globs' }),
);
const PATH = 'a path inside the repository: letters, digits and . _ - / only, relative, without ..';
/** It stands in a command of the buildspec, in quotes; still nothing that a shell could read. */
const path = text(/^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]{1,200}$/, PATH);

/** GitHub's own names; nothing of this needs escaping in an address, a key or a log line. */
const GITHUB_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})\/[A-Za-z0-9._-]{1,100}$/;
const SECRET = "the name of a secret in Secrets Manager, like 'slipway/github'";
const secretName = text(/^[A-Za-z0-9/_+=.@-]{1,256}$/, SECRET);

const image = settings("{ repository: 'shop/web', paths: ['web/**'] }", {
  repository: repositoryName,
  paths: globs.optional(),
  project: text(
    /^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$/,
    'the name of a CodeBuild project: 2 to 150 letters, digits, - and _',
  ).optional(),
  dockerfile: path.optional(),
  context: path.optional(),
  platforms: entries(
    z
      .array(oneOf(['linux/amd64', 'linux/arm64']))
      .min(1, { error: 'at least one platform' })
      .refine((all) => new Set(all).size === all.length, { error: 'each platform once' }),
  ).optional(),
}).refine(
  ({ project, ...own }) =>
    project === undefined ||
    [own.dockerfile, own.context, own.platforms].every((setting) => setting === undefined),
  {
    path: ['project'],
    error: 'no project, or no dockerfile, context and platforms: those are of the one that we make',
  },
);

const IMAGE_NAME = 'an image name of a letter and up to 39 letters, digits, - and _';
const source = settings(
  "{ repository: 'acme/shop', images: { web: { repository: 'shop/web' } } }",
  {
    repository: text(GITHUB_NAME, "owner and name of a repository on GitHub, like 'acme/shop'"),
    branches: globs.default(['main']),
    tags: globs.default([]),
    images: named(
      IMAGE_NAME,
      /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
      image,
      'at least one image, by a name of yours',
    ),
    builtBy: oneOf(['slipway', 'elsewhere']).default('slipway'),
    commitIn: commitIn.optional(),
    whileBuilding: oneOf(['stop', 'finish']).optional(),
    webhookSecret: secretName.optional(),
  },
).refine(({ branches, tags }) => branches.length + tags.length > 0, {
  path: ['branches'],
  error: 'at least one glob, of branches or of tags: nothing would ever be built',
});

export const sourcesSchema = named(
  'a source name of a letter and up to 39 letters, digits, - and _',
  /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
  source,
  'at least one source by a name of yours, or no sources at all',
);

const VIEW_URL =
  "an http or https address without a query, like 'http://127.0.0.1:4580' or 'https://slipway.example.com'";
const API_URL = "an https address, like 'https://github.example.com/api/v3'";
export const githubSchema = settings("{ webhookSecret: 'slipway/github-webhook' }", {
  webhookSecret: secretName.default('slipway/github-webhook'),
  credentials: secretName.default('slipway/github'),
  apiUrl: text(/^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._/-]*)?$/, API_URL).default(
    'https://api.github.com',
  ),
  viewUrl: text(
    /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._/-]*)?$/,
    VIEW_URL,
  ).optional(),
});

export const GITHUB_DEFAULTS: GitHub = githubSchema.parse({});

interface SourceAround extends Named {
  readonly registry: string;
}

export type ParsedSource = z.output<typeof source>;

export function sourceOf(
  id: string,
  parsed: ParsedSource,
  { registry, webhookSecret, ...pipeline }: Pick<GitHub, 'webhookSecret'> & SourceAround,
): Source {
  const isElsewhere = parsed.builtBy === 'elsewhere';
  const images = isElsewhere ? [] : Object.entries(parsed.images);
  const addresses = Object.entries(parsed.images).map(
    ([name, { repository }]) => [name, { registry, repository }] as const,
  );
  const own = images.filter(([, { project }]) => project === undefined);
  return {
    id,
    repository: parsed.repository,
    webhookSecret: parsed.webhookSecret ?? webhookSecret,
    rules: {
      whileBuilding: parsed.whileBuilding ?? 'stop',
      ...(isElsewhere && { elsewhere: Object.fromEntries(addresses) }),
      images: Object.fromEntries(
        images.map(([name, { repository, project }]) => [
          name,
          { registry, repository, project: project ?? projectName(pipeline, id, name) },
        ]),
      ),
    },
    ...(isElsewhere && { commitIn: parsed.commitIn ?? COMMIT_IN }),
    refNames: [...parsed.branches, ...parsed.tags],
    heads: parsed.branches.filter((one) => LITERAL.test(one)).map((one) => `refs/heads/${one}`),
    branches: parsed.branches.map(patternOf),
    tags: parsed.tags.map(patternOf),
    paths: Object.fromEntries(
      images.flatMap(([name, { paths }]) =>
        paths === undefined ? [] : [[name, paths.map(patternOf)]],
      ),
    ),
    projects: Object.fromEntries(
      own.map(([name, { dockerfile, context, platforms }]) => [
        name,
        {
          dockerfile: dockerfile ?? 'Dockerfile',
          context: context ?? '.',
          platforms: platforms ?? ['linux/amd64'],
        },
      ]),
    ),
  };
}

/** Of the project that the pipeline stack makes for an image. */
function projectName(pipeline: Named, source: string, image: string): string {
  return `${prefixOf(pipeline)}-${source}-${image}`;
}

/** As data: no function that hears a push needs the parser of globs. */
export function patternOf(glob: string): string {
  return picomatch.makeRe(glob, { dot: true, nonegate: true }).source;
}

/** Two sources on one repository would build each commit twice. */
export function twoOnOneRepository(
  sources: Readonly<Record<string, Pick<SourceInput, 'repository'>>>,
): readonly ConfigProblem[] {
  const first = new Map<string, string>();
  return Object.entries(sources).flatMap(([id, { repository }]) => {
    const name = repository.toLowerCase();
    const owner = first.get(name);
    first.set(name, owner ?? id);
    const had = `${inWords(['sources', owner ?? ''])} builds it already`;
    const expected = `another repository: ${had}; give that one more images`;
    return owner === undefined
      ? []
      : [problem(['sources', id, 'repository'], repository, expected)];
  });
}

/** Of `a-b` with `c`, and of `a` with `b-c`, the stack would make one project; nor may it be one of the user's. */
export function twoOnOneProject(
  pipeline: Named,
  sources: Readonly<Record<string, Pick<ParsedSource, 'images' | 'builtBy'>>>,
): readonly ConfigProblem[] {
  const owners = new Map<string, string>();
  const built = Object.entries(sources).filter(([, { builtBy }]) => builtBy === 'slipway');
  const images = built.flatMap(([id, { images }]) =>
    Object.entries(images).map(([image, { project }]) => ({
      path: ['sources', id, 'images', image],
      isOwn: project === undefined,
      image,
      project: project ?? projectName(pipeline, id, image),
    })),
  );
  return images
    .toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn))
    .flatMap(({ path, image, isOwn, project }) => {
      const owner = owners.get(project);
      if (isOwn) owners.set(project, owner ?? inWords(path));
      if (owner === undefined) return [];
      const would = `its project would be ${inWords([project])}, as that of ${owner}`;
      return isOwn
        ? [problem(path, image, `another name: ${would}`)]
        : [
            problem(
              [...path, 'project'],
              project,
              `another project: the stack makes it for ${owner}`,
            ),
          ];
    });
}
