/** Lists of GitHub's REST API, page by page (docs, using-pagination-in-the-rest-api). */
import type { GithubRequest } from './request.ts';

const DEFAULT = 30;
const MOST = 100;

export interface Page<T> {
  readonly items: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

/** What cannot be read as a page counts as the first, as at GitHub (unverified). */
export function pageOf<T>(request: GithubRequest, all: readonly T[], perPage = DEFAULT): Page<T> {
  const size = Math.min(positive(request.query.get('per_page')) ?? perPage, MOST);
  const page = positive(request.query.get('page')) ?? 1;
  const last = Math.max(1, Math.ceil(all.length / size));
  const link = (number: number, rel: string) => {
    const url = new URL(request.url);
    url.searchParams.set('page', String(number));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}

function positive(text: string | null): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
