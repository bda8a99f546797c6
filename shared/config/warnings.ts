/**
 * What a config may say and probably does not mean: it is right, and something in it never deploys, or
 * guards less than it seems. Nobody asks an account, so what an alarm's period is, is not known here.
 */
import { parseMoment } from '../core/model/moment.ts';
import { meant } from '../parsing/meant.ts';
import { inWords } from '../parsing/unreadable.ts';
import type { Pipeline, Source, Target } from './config.ts';
import { endedWindows } from './freeze.ts';
import { refLabel } from './git/ref-label.ts';
import { REGIONS } from './regions.ts';
import { filterInWords, tagAllowed } from './tags.ts';

export interface ConfigWarning {
  /** `targets.web.bakeMinutes` */
  readonly path: string;
  readonly warning: string;
}

const DAY_MS = 86_400_000;
/** A metric is one to three minutes late, and an alarm that is as quick as any needs one minute of it. */
const BAKE_TO_JUDGE_MINUTES = 4;
/** What a tag may begin with that is a version, up to all of it. */
const BEGINS_VERSION = /^v?(?:\d+(?:\.(?:\d+(?:\.(?:\d+(?:[-+].*)?)?)?)?)?)?$/;
const WILD = /[*?[\]{},!()+@|]/;

/** `now`: the moment that exceptions are compared with. */
export function warningsOf(pipeline: Pipeline, now: number): readonly ConfigWarning[] {
  const ofTargets = Object.values(pipeline.targets).flatMap((target) => [
    ...modeLeftOut(target),
    ...tagsWithoutVersion(target),
    ...tagsNotBuilt(target, Object.values(pipeline.sources)),
    ...tagsWithoutCommit(target, Object.values(pipeline.sources)),
    ...tagsOfAnyBranch(target, Object.values(pipeline.sources)),
    ...shortBake(target),
    ...endedExceptions(target, now),
    ...endedFreezes(target, now),
    ...afterWatchers(target, pipeline),
  ]);
  return [...unknownRegion(pipeline), ...ofTargets];
}

/** A region of tomorrow is no mistake; a misspelt one would be noticed when nothing answers there. */
function unknownRegion({ region }: Pipeline): readonly ConfigWarning[] {
  if (REGIONS.includes(region)) return [];
  const warning = `is "${region}", which is no region that this version of Slipway knows${meant(region, REGIONS)}`;
  return [{ path: 'region', warning }];
}

/** Up to 0.2.0 it acted then: who comes from there would stop deploying without a word. */
function modeLeftOut({ id, isModeLeftOut }: Target): readonly ConfigWarning[] {
  if (isModeLeftOut === undefined) return [];
  const warning =
    "is left out, so this target only watches: nothing is deployed and nothing is rolled back (up to 0.2.0 it acted then). Write mode: 'act' where it is to deploy, or mode: 'watch'";
  return [{ path: inWords(['targets', id, 'mode']), warning }];
}

/** A tag that is no version has no place in an order of versions: such an image is left out. */
function tagsWithoutVersion({ id, tagRules }: Target): readonly ConfigWarning[] {
  return Object.entries(tagRules).flatMap(([container, { tags, newer }]) => {
    if (newer !== 'semver' || !('glob' in tags)) return [];
    const globs = [tags.glob].flat();
    if (globs.some((glob) => BEGINS_VERSION.test(beginOf(glob)))) return [];
    const warning = `no tag of ${filterInWords(tags)} is a version, so nothing is ever deployed; 'push-time' or 'number' order such tags`;
    return [{ path: inWords(['targets', id, 'containers', container, 'newer']), warning }];
  });
}

/** The images of a source are tagged `<branch>-<commit>`, of a git tag likewise. */
function tagsNotBuilt(
  { id, rules, tagRules }: Target,
  sources: readonly Source[],
): readonly ConfigWarning[] {
  return Object.entries(rules.containers).flatMap(([container, { repository }]) => {
    const rule = tagRules[container];
    const builders = sources.filter(({ rules: { images } }) =>
      Object.values(images).some((image) => image.repository === repository),
    );
    const refs = builders.flatMap(({ refNames }) => refNames);
    if (rule === undefined || refs.length === 0) return [];
    // Of a glob it is not known what it builds; of a name it is.
    const named = refs.filter((ref) => !WILD.test(ref));
    if (named.some((ref) => tagsOf(ref).some((tag) => tagAllowed(rule, tag)))) return [];
    if (refs.some((ref) => WILD.test(ref))) {
      const globs = 'glob' in rule.tags ? [rule.tags.glob].flat() : undefined;
      if (globs === undefined || refs.some((ref) => globs.some((glob) => mayMeet(ref, glob)))) {
        return [];
      }
    }
    const names = builders.map((source) => inWords(['sources', source.id])).join(', ');
    const warning = `${names} builds ${refs.join(', ')}, and no image of that has a tag of ${filterInWords(rule.tags)}, so nothing that is built is ever deployed`;
    return [{ path: inWords(['targets', id, 'containers', container, 'tags']), warning }];
  });
}

const SOME_COMMIT = '8f3c2a1b9d0447c6e5a1f0b2c3d4e5f60718293a';

/** Of what others build: where only tags name the commit, one that deploys must name one. */
function tagsWithoutCommit(
  { id, rules, tagRules }: Target,
  sources: readonly Source[],
): readonly ConfigWarning[] {
  return Object.entries(rules.containers).flatMap(([container, { repository }]) => {
    const rule = tagRules[container];
    const source = sources.find(({ rules: { elsewhere = {} } }) =>
      Object.values(elsewhere).some((image) => image.repository === repository),
    );
    const { commitIn = [], refNames: [branch = ''] = [] } = source ?? {};
    if (rule === undefined || source === undefined || commitIn.includes('label')) return [];
    const tags = commitIn.flatMap((place) =>
      [7, 12, 40].map((digits) =>
        place.replace('{branch}', refLabel(branch)).replace('{sha}', SOME_COMMIT.slice(0, digits)),
      ),
    );
    if (tags.some((tag) => tagAllowed(rule, tag))) return [];
    const path = inWords(['sources', source.id, 'commitIn']);
    const warning = `${path} is ${commitIn.join(', ')}, and no such tag is one of ${filterInWords(rule.tags)}, so nothing that is built elsewhere is ever deployed`;
    return [{ path: inWords(['targets', id, 'containers', container, 'tags']), warning }];
  });
}

/** Whoever may push a branch of such a name deploys with it: its tag is text like any other. */
function tagsOfAnyBranch(
  { id, rules, tagRules }: Target,
  sources: readonly Source[],
): readonly ConfigWarning[] {
  return Object.entries(rules.containers).flatMap(([container, { repository, branches }]) => {
    const rule = tagRules[container];
    if (rule === undefined || branches !== undefined) return [];
    const globs = 'glob' in rule.tags ? [rule.tags.glob].flat() : undefined;
    return sources
      .filter(({ rules: { images } }) =>
        Object.values(images).some((image) => image.repository === repository),
      )
      .flatMap(({ id: source, refNames }) => {
        const wild = refNames.filter(
          (ref) =>
            WILD.test(ref) && (globs === undefined || globs.some((glob) => mayMeet(ref, glob))),
        );
        if (wild.length === 0) return [];
        const warning = `${inWords(['sources', source])} builds ${wild.join(', ')}, and a branch may be named so that its tag is one of ${filterInWords(rule.tags)}: whoever may push it deploys. Bind it: from: { source: '${source}', branches: [the names that deploy] }`;
        return [{ path: inWords(['targets', id, 'containers', container]), warning }];
      });
  });
}

/** Both begin with what stands before their first wildcard: if those differ, no name fits both. */
function mayMeet(ref: string, glob: string): boolean {
  const [a, b] = [tagPartOf(beginOf(ref)), beginOf(glob)];
  return a.startsWith(b) || (b.startsWith(a) && a !== b && WILD.test(ref)) || (a === b && a !== '');
}

function beginOf(glob: string): string {
  return glob.slice(0, WILD.exec(glob)?.index ?? glob.length);
}

/** Of the images of a branch, and of a git tag of that name, which keep it. */
function tagsOf(ref: string): readonly string[] {
  return [`${refLabel(ref)}-8f3c2a1b9d04`, ref];
}

/** As a branch stands in a tag. */
function tagPartOf(ref: string): string {
  return ref.replace(/[^A-Za-z0-9_.-]/g, '-');
}

function shortBake({ id, rules }: Target): readonly ConfigWarning[] {
  const path = inWords(['targets', id, 'bakeMinutes']);
  const { bakeMinutes, alarms } = rules;
  if (alarms.length > 0 && bakeMinutes < BAKE_TO_JUDGE_MINUTES) {
    const warning = `metrics are one to three minutes late, so no alarm can judge ${bakeMinutes} min of bake in that time: a release is proven only later, when its alarms have judged it. Give the bake the alarm's period times its evaluation periods, and 3 minutes more (this check asks no account, so it does not know them)`;
    return [{ path, warning }];
  }
  if (alarms.length === 0 && bakeMinutes === 1) {
    const warning =
      'without alarms only failed tasks speak against a release, and one minute sees few of them';
    return [{ path, warning }];
  }
  return [];
}

function endedExceptions({ id, rules }: Target, now: number): readonly ConfigWarning[] {
  return (rules.scan?.except ?? []).flatMap(({ id: finding, until }, i) => {
    const ends = (parseMoment(`${until}T00:00:00Z`) ?? now) + DAY_MS;
    if (now < ends) return [];
    const warning = `the exception for ${finding} ended on ${until}: an image with it is refused`;
    return [{ path: inWords(['targets', id, 'scan', 'except', i, 'until']), warning }];
  });
}

function endedFreezes({ id, rules }: Target, now: number): readonly ConfigWarning[] {
  const path = inWords(['targets', id, 'freeze']);
  return endedWindows(rules.freeze, now).map((window) => ({
    path,
    warning: `the window ${window} is over: it holds nothing any more`,
  }));
}

/** A target that only watches starts nothing, so it proves only what somebody else deploys there. */
function afterWatchers({ id, rules }: Target, { targets }: Pipeline): readonly ConfigWarning[] {
  const watching = (rules.after?.targets ?? []).filter(
    (upstream) => targets[upstream.id]?.rules.mode === 'watch',
  );
  return watching.map((upstream) => ({
    path: inWords(['targets', id, 'after']),
    warning: `${upstream.id} only watches: what Slipway does not start there it never proves, unless somebody deploys it there by hand`,
  }));
}
