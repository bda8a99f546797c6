/** The repository itself, its branches, refs and commits, as GitHub's REST API shows them. */
import { createHash } from 'node:crypto';
import type { Endpoints } from '@octokit/types';
import { GithubError, notFound } from '../errors.ts';
import type { GithubAnswer, RepositoryHandler, RepositoryRoute } from '../request.ts';
import { nodeIdOf } from '../users.ts';
import { changesOf, textAt } from './commits.ts';
import { resolve } from './refs.ts';
import { repositoryPage, repositoryUrl, repositoryView } from './repository-view.ts';
import { commitView, FILES_MOST, fileView } from './views.ts';

type BranchView = Endpoints['GET /repos/{owner}/{repo}/branches/{branch}']['response']['data'];
type ContentView = Extract<
  Endpoints['GET /repos/{owner}/{repo}/contents/{path}']['response']['data'],
  { readonly type: 'file' }
>;
type RefView = Endpoints['GET /repos/{owner}/{repo}/git/ref/{ref}']['response']['data'];

const getRepository: RepositoryHandler = (_world, repository) => ({
  body: repositoryView(repository),
});

const getBranch: RepositoryHandler = (_world, repository, { params }) => {
  const { branch: name = '' } = params;
  const commit = repository.commits[refSha(repository.refs, `refs/heads/${name}`) ?? ''];
  if (commit === undefined) throw notFound('Branch not found');
  const url = `${repositoryUrl(repository)}/branches/${name}`;
  const body: BranchView = {
    name,
    commit: commitView(repository, commit),
    _links: { self: url, html: `${repositoryPage(repository)}/tree/${name}` },
    protected: false,
    protection: {
      enabled: false,
      required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
    },
    protection_url: `${url}/protection`,
  };
  return { body };
};

const getRef: RepositoryHandler = (_world, repository, { params }) => {
  const ref = `refs/${params.ref}`;
  const sha = refSha(repository.refs, ref);
  if (sha === undefined) throw notFound();
  const url = repositoryUrl(repository);
  const body: RefView = {
    ref,
    node_id: nodeIdOf('Ref', ref),
    url: `${url}/git/${ref}`,
    object: { sha, type: 'commit', url: `${url}/git/commits/${sha}` },
  };
  return { body };
};

function refSha(refs: Readonly<Record<string, string>>, ref: string): string | undefined {
  return Object.hasOwn(refs, ref) ? refs[ref] : undefined;
}

const getCommit: RepositoryHandler = (_world, repository, { params, headers }) => {
  const { ref = '' } = params;
  const found = resolve(repository, ref);
  if (found === undefined) throw new GithubError(422, `No commit found for SHA: ${ref}`);
  const { commit } = found;
  if (/^application\/vnd\.github(\.v3)?\.sha$/.test(headers.accept ?? '')) {
    return shaOnly(commit.sha, headers['if-none-match']);
  }
  const all = changesOf([commit]).map((change) => fileView(repository, change, commit.sha));
  const total = (key: 'additions' | 'deletions' | 'changes') =>
    all.reduce((sum, file) => sum + file[key], 0);
  return {
    body: {
      ...commitView(repository, commit),
      stats: {
        total: total('changes'),
        additions: total('additions'),
        deletions: total('deletions'),
      },
      files: all.slice(0, FILES_MOST),
    },
  };
};

/** "by providing the local SHA-1 reference as the ETag" (docs, get-a-commit). Its quotes are unverified. */
function shaOnly(sha: string, known: string | undefined): GithubAnswer {
  const headers = { etag: `"${sha}"` };
  const text = { type: 'application/vnd.github.sha; charset=utf-8', value: sha };
  return known?.replace(/^W\//, '').replaceAll('"', '') === sha
    ? { status: 304, body: undefined, text: { ...text, value: '' }, headers }
    : { body: undefined, text, headers };
}

/** A file alone: of directories, links and submodules nothing is known here. */
const getContent: RepositoryHandler = (_world, repository, { params, query }) => {
  const { path = '' } = params;
  const ref = query.get('ref') ?? repository.defaultBranch;
  const found = resolve(repository, ref);
  if (found === undefined) throw notFound(`No commit found for the ref ${ref}`);
  const text = textAt(repository, found.commit.sha, path);
  if (text === undefined) throw notFound();
  const bytes = Buffer.from(text);
  const sha = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const url = `${repositoryUrl(repository)}/contents/${path}?ref=${ref}`;
  const git = `${repositoryUrl(repository)}/git/blobs/${sha}`;
  const html = `${repositoryPage(repository)}/blob/${ref}/${path}`;
  const body: ContentView = {
    type: 'file',
    encoding: 'base64',
    size: bytes.length,
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    content: bytes.toString('base64').replaceAll(/.{60}/g, '$&\n'),
    sha,
    url,
    git_url: git,
    html_url: html,
    download_url: null,
    _links: { self: url, git, html },
  };
  return { body };
};

const REPOSITORY = '/repos/{owner}/{repo}';

export const contentRoutes: readonly RepositoryRoute[] = [
  {
    route: `GET ${REPOSITORY}`,
    needs: { metadata: 'read' },
    documentation: 'repos/repos#get-a-repository',
    handle: getRepository,
  },
  {
    route: `GET ${REPOSITORY}/branches/{branch+}`,
    needs: { contents: 'read' },
    documentation: 'branches/branches#get-a-branch',
    handle: getBranch,
  },
  {
    route: `GET ${REPOSITORY}/git/ref/{ref+}`,
    needs: { contents: 'read' },
    documentation: 'git/refs#get-a-reference',
    handle: getRef,
  },
  {
    route: `GET ${REPOSITORY}/commits/{ref+}`,
    needs: { contents: 'read' },
    documentation: 'commits/commits#get-a-commit',
    handle: getCommit,
  },
  {
    route: `GET ${REPOSITORY}/contents/{path+}`,
    needs: { contents: 'read' },
    documentation: 'repos/contents#get-repository-content',
    handle: getContent,
  },
];
