/**
 * The files of the page. They are made in memory when the first of them is asked for (local/page/
 * assets.ts), and only those can be asked for: nothing here reads the disk by a client's path.
 */

import type { Reply } from '@slipway/local-cloud/wire/protocol.ts';
import type { PageAsset } from '../page/assets.ts';

export interface PageFiles {
  readonly policy: string;
  /** By path. */
  readonly assets: ReadonlyMap<string, PageAsset>;
}

export type MakePage = () => Promise<PageFiles>;

/** Loaded late: a client that never opens the page needs no bundler. */
export const ourPage: MakePage = async () => {
  const { PAGE_POLICY, pageAssets } = await import('../page/assets.ts');
  return { policy: PAGE_POLICY, assets: await pageAssets() };
};

/** Answers a path with the file of the page, or with 404. Rejects if the page cannot be made. */
export function pageServer(make: MakePage): (path: string) => Promise<Reply> {
  let made: Promise<PageFiles> | undefined;
  return async (path) => {
    made ??= make();
    const { policy, assets } = await made.catch((error: unknown) => {
      // Whoever mends it need not start the server again.
      made = undefined;
      throw error;
    });
    const asset = assets.get(path);
    if (asset === undefined) return notFound(path);
    return {
      status: 200,
      headers: {
        'content-type': asset.type,
        'cache-control': 'no-store',
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
      },
      body: asset.body,
    };
  };
}

function notFound(path: string): Reply {
  return {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body: Buffer.from(`there is no ${path.slice(0, 200)}; the page is at /\n`),
  };
}
