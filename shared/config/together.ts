/** What the parts of a config must be to each other: each may be right, and both together wrong. */
import type { TargetKey } from '../core/model/image.ts';
import { inWords } from '../parsing/unreadable.ts';
import { definitionProblems } from './definition.ts';
import { endlessFreeze } from './freeze.ts';
import { elsewhereProblems } from './git/elsewhere.ts';
import { judgeOf, shifting } from './judging.ts';
import { type ConfigProblem, problem } from './problems.ts';
import { afterProblems } from './promotion/after.ts';
import { upstreamProblems } from './promotion/upstream.ts';
import type { ParsedApprovals, ParsedContainer, ParsedPipeline, ParsedTarget } from './schema.ts';
import { twoOnOneProject, twoOnOneRepository } from './sources.ts';

/** An hour less than ECS's day: our answer has to be found out and heard. */
const STAGE_WAIT_MINUTES = 23 * 60;

/** The key of a target: what it controls. */
export function keyOf(cluster: string, service: string): TargetKey {
  return `ecs/${cluster}/${service}`;
}

/** The ECR repositories that our own builds fill: the order of their images is that of the commits. */
export function builtRepositories({ sources = {} }: ParsedPipeline): BuiltRepositories {
  const built = new Map<string, readonly string[]>();
  for (const source of Object.values(sources)) {
    for (const { repository } of Object.values(source.images)) {
      const others = built.get(repository) ?? [];
      built.set(repository, [...new Set([...others, source.repository])]);
    }
  }
  return built;
}

/** By ECR repository, the repositories on GitHub that it is built from. */
export type BuiltRepositories = ReadonlyMap<string, readonly string[]>;

/** Every mistake that no part shows by itself. */
export function problemsTogether(parsed: ParsedPipeline): readonly ConfigProblem[] {
  const built = builtRepositories(parsed);
  const orderless = Object.entries(parsed.targets).flatMap(([id, { containers }]) =>
    Object.entries(containers)
      .filter(([, { newer, repository }]) => newer === 'commit' && !built.has(repository))
      .map(([name, { repository }]) =>
        problem(
          ['targets', id, 'containers', name, 'newer'],
          'commit',
          `another order: no source builds ${inWords([repository])}, so its commits are not known`,
        ),
      ),
  );
  const { sources = {} } = parsed;
  const bound = Object.entries(parsed.targets).flatMap(([id, { containers }]) =>
    Object.entries(containers).flatMap(([name, container]) =>
      boundProblems(['targets', id, 'containers', name], container, built, sources),
    ),
  );
  const twice = Object.entries(parsed.targets).flatMap(([id, target]) => bakeSaidTwice(id, target));
  const long = Object.entries(parsed.targets).flatMap(([id, target]) =>
    waitsForTooLong(id, target, parsed.approvals),
  );
  const endless = [
    ...endlessFreeze(['freeze'], parsed.freeze),
    ...Object.entries(parsed.targets).flatMap(([id, { freeze }]) =>
      freeze === 'none' ? [] : endlessFreeze(['targets', id, 'freeze'], freeze),
    ),
  ];
  const blind = Object.entries(parsed.targets).flatMap(([id, target]) => judgedBlindly(id, target));
  return [
    ...twice,
    ...endless,
    ...upstreamProblems(parsed.upstream, parsed),
    ...afterProblems(parsed.targets, Object.keys(parsed.upstream ?? {})),
    ...definitionProblems(parsed.targets, (repository) => built.has(repository)),
    ...blind,
    ...long,
    ...twoOnOneRepository(sources),
    ...twoOnOneProject(parsed, sources),
    ...Object.entries(sources).flatMap(elsewhereProblems),
    ...orderless,
    ...bound,
  ];
}

/** ECS has one bake. */
function bakeSaidTwice(
  id: string,
  { strategy, rollout: { ecsBakeMinutes } }: ParsedTarget,
): readonly ConfigProblem[] {
  if (ecsBakeMinutes === undefined || strategy === undefined || strategy.kind === 'rolling') {
    return [];
  }
  const path = ['targets', id, 'rollout', 'ecsBakeMinutes'];
  return [
    problem(path, ecsBakeMinutes, 'nothing: `strategy` says `bakeMinutes`, which is the same'),
  ];
}

function judgedBlindly(id: string, target: ParsedTarget): readonly ConfigProblem[] {
  const { judge, strategy } = target;
  if (
    strategy?.kind === 'linear' &&
    strategy.heldByJudge &&
    judge !== undefined &&
    judge !== 'act'
  ) {
    return [problem(['targets', id, 'judge'], judge, "'act', or another strategy than judged()")];
  }
  const how = judgeOf(target).judge;
  if (target.slowMs !== undefined && how === undefined) {
    const expected = "nothing, or judge: 'watch' or 'act', which alone compares answers";
    return [problem(['targets', id, 'slowMs'], target.slowMs, expected)];
  }
  if (target.afterInconclusive !== undefined && how !== 'act') {
    const path = ['targets', id, 'afterInconclusive'];
    return [
      problem(
        path,
        target.afterInconclusive,
        "nothing, or judge: 'act', which alone holds a share",
      ),
    ];
  }
  if (target.ownRequests !== undefined && how !== 'act') {
    const path = ['targets', id, 'ownRequests'];
    return [
      problem(path, target.ownRequests, "nothing, or judge: 'act', which alone holds a step"),
    ];
  }
  if (judge === undefined || judge === 'off') return [];
  if (shifting(strategy) !== undefined) return [];
  const expected =
    "'off', or a strategy that shifts traffic: rolling() has one target group for both revisions, which counts them together";
  return [problem(['targets', id, 'judge'], judge, expected)];
}

/** ECS takes the traffic back when a stage has lasted a day, whoever is awaited. */
function waitsForTooLong(
  id: string,
  { strategy, approvals: own }: ParsedTarget,
  ofAll: ParsedApprovals | undefined,
): readonly ConfigProblem[] {
  const { release } = own ?? ofAll ?? {};
  if (release === undefined || release.before === 'start') return [];
  if (shifting(strategy) === undefined) return [];
  if (release.within <= STAGE_WAIT_MINUTES) return [];
  const path = [...(own === undefined ? [] : ['targets', id]), 'approvals', 'release', 'within'];
  const expected = `at most '23h': ECS takes the traffic of ${inWords(['targets', id])} back when a stage has lasted a day`;
  return [problem(path, `${release.within}m`, expected)];
}

/** What a container is bound to must be there to keep it. */
function boundProblems(
  path: readonly string[],
  { repository, onlyBuilt, from, newer = 'commit' }: ParsedContainer,
  built: BuiltRepositories,
  sources: NonNullable<ParsedPipeline['sources']>,
): readonly ConfigProblem[] {
  const nobody = `no source builds ${inWords([repository])}`;
  if (onlyBuilt === true && !built.has(repository)) {
    return [problem([...path, 'onlyBuilt'], true, `false, or nothing: ${nobody}`)];
  }
  if (from === undefined) return [];
  const source = Object.hasOwn(sources, from.source) ? sources[from.source] : undefined;
  const builds = Object.values(source?.images ?? {}).some((one) => one.repository === repository);
  if (!builds) {
    const expected = `the name of a source that builds ${inWords([repository])}`;
    return [problem([...path, 'from', 'source'], from.source, expected)];
  }
  return newer === 'commit'
    ? []
    : [problem([...path, 'newer'], newer, "'commit', or no `from`: only a commit has a branch")];
}

/** Read from the raw input, so that it is told together with every other mistake. */
export function twoOnOneService(input: unknown): readonly ConfigProblem[] {
  const first = new Map<string, string>();
  return entriesOf(entriesOf(input).find(([name]) => name === 'targets')?.[1]).flatMap(
    ([id, target]) => {
      const { cluster, service } = Object.fromEntries(entriesOf(target));
      if (typeof cluster !== 'string' || typeof service !== 'string') return [];
      const owner = first.get(keyOf(cluster, service));
      first.set(keyOf(cluster, service), owner ?? id);
      const had = `${inWords(['targets', owner ?? ''])} has ${inWords([service])} in ${inWords([cluster])}`;
      const expected = `another service: ${had} already, and two would undo each other's releases`;
      return owner === undefined ? [] : [problem(['targets', id, 'service'], service, expected)];
    },
  );
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
