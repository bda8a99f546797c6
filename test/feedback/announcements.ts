/** Sensible announcements of a target and of a source, in the core's own words; tests change one thing. */
import type { Announcement, AnnouncementKind } from '../../shared/core/model/announcement.ts';
import type {
  Image,
  ImageDigest,
  ImageSet,
  TaskDefinitionArn,
} from '../../shared/core/model/image.ts';
import type {
  SourceAnnouncement,
  SourceAnnouncementKind,
} from '../../shared/core/source/announcement.ts';

export const T0 = Date.parse('2026-11-20T10:00:00Z');
export const MINUTE = 60_000;
export const HOME = { account: '123456789012', region: 'eu-central-1' };
export const KEY = 'ecs/production/web';
export const SHOP = 'acme/shop';

/** `1111…`, 40 digits. */
export function sha(n: number): string {
  return String(n).repeat(40).slice(0, 40);
}

export function image(n: number, change: Partial<Image> = {}): Image {
  return {
    registry: '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
    repository: 'shop/web',
    digest: `sha256:${String(n).padStart(64, '0')}` as ImageDigest,
    tags: [`main-${n}`],
    commit: { repository: SHOP, sha: sha(n) },
    ...change,
  };
}

export function revision(n: number): TaskDefinitionArn {
  return `arn:aws:ecs:eu-central-1:123456789012:task-definition/web:${n}` as TaskDefinitionArn;
}

export function withoutCommit(n: number): Image {
  const { commit: _, ...rest } = image(n);
  return rest;
}

/** Release `n` of image `n`; the `decision`th decision of its record, at minute `decision`. */
export function told(
  kind: AnnouncementKind,
  n: number,
  decision: number,
  change: Partial<Announcement> = {},
): Announcement {
  return {
    id: `${KEY}#${decision}.1`,
    kind,
    at: T0 + decision * MINUTE,
    key: KEY,
    target: 'web',
    release: `${KEY}/${n}`,
    images: { app: image(n) },
    because: 'of a reason',
    runsNow: 'shop/web:main-1 (sha256:000000000000), web:1',
    next: 'nothing to do',
    ...change,
  };
}

/** What runs, as announcements carry it. */
export function runs(n: number, images: ImageSet = { app: image(n) }) {
  return { runs: { release: `${KEY}/${n}`, revision: revision(n), images } };
}

export function withoutRelease<T extends Announcement>(announcement: T): Omit<T, 'release'> {
  const { release: _, ...rest } = announcement;
  return rest;
}

export function built(
  kind: SourceAnnouncementKind,
  n: number,
  decision: number,
  change: Partial<SourceAnnouncement> = {},
): SourceAnnouncement {
  const key = `git/${SHOP}/refs/heads/main`;
  return {
    id: `${key}#${decision}.1`,
    kind,
    at: T0 + decision * MINUTE,
    key,
    source: 'shop',
    repository: SHOP,
    ref: 'refs/heads/main',
    commit: sha(n),
    image: 'web',
    tag: `main-${n}`,
    build: 'slipway-shop-web:0f6f1f7e-1d2c-4a55-9f2e-6a4b0f1e8a11',
    because: 'of a reason',
    next: 'nothing to do',
    ...change,
  };
}
