/**
 * Announcement → what stands on the commit, by asking `feedbackFor`. docs/decisions-table.md shows
 * this table; a test keeps the two the same.
 */
import type { Announcement, AnnouncementKind } from '../shared/core/model/announcement.ts';
import type {
  SourceAnnouncement,
  SourceAnnouncementKind,
} from '../shared/core/source/announcement.ts';
import { type AnyAnnouncement, feedbackFor } from '../shared/feedback/say.ts';
import {
  built,
  HOME,
  KEY,
  revision,
  runs,
  told,
  withoutCommit,
  withoutRelease,
} from './feedback/announcements.ts';

type Sample = readonly [when: string, announcement: AnyAnnouncement];

const waits = (kind: AnnouncementKind, change: Partial<Announcement>) =>
  withoutRelease(told(kind, 2, 2, change)) as Announcement;
const rose = 'alarm web-5xx rose at 10:02:00 UTC: 30 was greater than the threshold (5)';

const ofCommit = ({ image: _, tag: __, build: ___, ...rest }: SourceAnnouncement) => rest;

const byOthers = (kind: 'taken' | 'not-taken', because: string) => {
  const { build: _, ...rest } = built(kind, 2, 2, { because });
  return rest;
};

const BUILDS: Readonly<Record<SourceAnnouncementKind, readonly Sample[]>> = {
  building: [
    ['CodeBuild took the build', built('building', 2, 1, { because: 'CodeBuild builds main-2' })],
  ],
  built: [['it succeeded', built('built', 2, 2, { because: 'main-2 is built' })]],
  'build-failed': [
    [
      'it failed, timed out, or was refused',
      built('build-failed', 2, 2, {
        because: 'the build of main-2 ended with FAILED: BUILD: exit status 1',
      }),
    ],
  ],
  'build-stopped': [
    [
      'a newer commit stopped it',
      built('build-stopped', 2, 2, {
        because: 'the build of main-2 was stopped: 3333333 was pushed',
        next: 'nothing: the newer commit is built',
      }),
    ],
  ],
  superseded: [
    [
      'it had not begun',
      built('superseded', 2, 2, { because: '3333333 was pushed before 2222222 was built' }),
    ],
  ],
  rewritten: [['a forced push', built('rewritten', 2, 2)]],
  unplaced: [['GitHub does not tell its place', built('unplaced', 2, 2)]],
  unconfirmed: [
    [
      'GitHub does not say that the branch has it',
      built('unconfirmed', 2, 2, {
        because: 'GitHub could not be asked whether main has 2222222: HTTP 503',
      }),
    ],
  ],
  unbuilt: [
    [
      'GitHub says that the branch does not have it, or says nothing for a day',
      built('unbuilt', 2, 2, {
        because:
          'nothing is built: GitHub does not have 2222222 on main: that is at 1111111, and does not lead there',
      }),
    ],
  ],
  'nothing-to-build': [
    [
      'its paths concern no image',
      ofCommit(built('nothing-to-build', 2, 2, { because: '2222222 changes no path of an image' })),
    ],
    [
      'its message asks for no build',
      ofCommit(
        built('nothing-to-build', 2, 2, { because: '2222222 says [skip ci]: nothing is built' }),
      ),
    ],
  ],
  taken: [
    [
      'others built it, and GitHub has confirmed its commit',
      byOthers('taken', 'main-2 is of 2222222, which main has'),
    ],
  ],
  'not-taken': [
    [
      'others built it, and GitHub does not have its commit on the branch',
      byOthers(
        'not-taken',
        'main-2 is not taken: GitHub does not have 2222222 on main: that is at 1111111, and does not lead there',
      ),
    ],
  ],
};

const TARGETS: Readonly<Record<AnnouncementKind, readonly Sample[]>> = {
  held: [
    [
      'it waits',
      waits('held', { because: 'the scan of shop/web:main-2 is not complete: IN_PROGRESS' }),
    ],
    [
      'it runs nothing: desired count 0',
      told('held', 2, 2, {
        because: 'the rollout succeeded with desired count 0: nothing runs, so nothing is proven',
      }),
    ],
    ['a person holds the target', waits('held', { images: {}, because: 'ada asked: it is slow' })],
  ],
  refused: [
    [
      'its scan, its signature, its place or its quarantine speaks against it',
      waits('refused', {
        because: 'the scan of shop/web:main-2 found 1 finding above MEDIUM: CVE-2026-1 CRITICAL',
      }),
    ],
  ],
  started: [
    [
      'ECS took the rollout',
      told('started', 2, 2, { because: 'shop/web:main-2 (sha256:000000000000)' }),
    ],
  ],
  proven: [
    [
      'it stood its bake',
      told('proven', 2, 3, {
        ...runs(2),
        because:
          'ECS says SUCCESSFUL, and 10 minutes of bake passed: its alarms never rose, and its tasks stood',
      }),
    ],
  ],
  'rolled-back': [
    ['it was condemned, at any time', told('rolled-back', 2, 3, { ...runs(1), because: rose })],
  ],
  failed: [
    [
      'it replaced nothing, or is proven no longer',
      told('failed', 2, 3, {
        because: 'its revision could not be registered within 30 minutes',
      }),
    ],
  ],
  superseded: [
    [
      'a newer one took its place before it started',
      waits('superseded', {
        because: 'shop/web:main-3 (sha256:000000000000) is newer and takes its place',
      }),
    ],
    [
      'somebody else deployed over it',
      told('superseded', 2, 3, {
        because: 'somebody else deployed web:8 while shop/web:main-2 was rolling out',
      }),
    ],
  ],
  'needs-attention': [
    [
      'no proven release is left, or it cannot be judged',
      told('needs-attention', 2, 3, {
        because: 'alarm web-5xx rose; there is no proven release to return to',
        next: 'push a fix, or deploy or roll back by hand',
      }),
    ],
    [
      'it was held for too long',
      waits('needs-attention', {
        because: 'held for 60 minutes: alarm web-5xx is red',
        next: 'deploy it by hand if you mean it',
      }),
    ],
  ],
  retired: [
    [
      'its target left the config',
      told('retired', 2, 3, { because: 'the config names this target no longer' }),
    ],
  ],
  adopted: [
    [
      "somebody else's deployment stands",
      waits('adopted', {
        images: { app: withoutCommit(9) },
        runs: { release: 'adopted web:9', revision: revision(9), images: {} },
      }),
    ],
  ],
  'would-have': [['watch mode', waits('would-have', {})]],
  fought: [['two deployers, one service', waits('fought', {})]],
};

interface Row {
  readonly kind: string;
  readonly when: string;
  readonly status: string;
  readonly says: string;
  readonly deployment: string;
}

export function feedbackRows(): readonly Row[] {
  const of = (prefix: string, samples: Readonly<Record<string, readonly Sample[]>>) =>
    Object.entries(samples).flatMap(([kind, list]) =>
      list.map(([when, announcement]) => rowOf(`${prefix}${kind}`, when, announcement)),
    );
  return [...of('build: ', BUILDS), ...of('', TARGETS)];
}

function rowOf(kind: string, when: string, announcement: AnyAnnouncement): Row {
  const feedback = feedbackFor(announcement, HOME);
  const status = feedback.find((one) => one.status !== undefined)?.status;
  const words = feedback.flatMap(({ deployment }) => deployment ?? []);
  const deployment = words.map((word) => {
    if (word.word === 'release') return word.creates ? word.state : `${word.state}, if it has one`;
    const own = 'release' in announcement ? announcement.release : undefined;
    if (own === word.release) return 'all others: inactive';
    return word.release?.startsWith(KEY)
      ? 'what runs now: success'
      : 'all that we proved: inactive';
  });
  return {
    kind,
    when,
    status: status?.state ?? '–',
    says: status?.description ?? '–',
    deployment: deployment.join('; ') || '–',
  };
}

export function feedbackTable(): string {
  const lines = feedbackRows().map(
    ({ kind, when, status, says, deployment }) =>
      `| ${kind} | ${when} | ${status === '–' ? status : `**${status}**`} | ${says} | ${deployment} |`,
  );
  return [
    '| announced | when | status | it says | deployment |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}
