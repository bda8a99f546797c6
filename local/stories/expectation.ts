/** Did a scenario end as it says that it should? */
import { fullSha } from '@slipway/local-cloud/github/commits/commits.ts';
import type { ImageNames } from './image-names.ts';
import type { Outcome, TargetOutcome } from './outcome.ts';
import type { Expectation, Scenario } from './scenario-format.ts';
import type { Entry } from './timeline.ts';

/** What is not as expected, one sentence each; empty: all is. Tags stand for digests. */
export function differences(
  { expect }: Scenario,
  outcome: Outcome,
  timeline: readonly Entry[],
  labels: ImageNames,
): readonly string[] {
  const targets = Object.entries(expect?.targets ?? {}).flatMap(([id, expected]) => {
    const target = outcome.targets[id];
    return target === undefined
      ? [`${id}: there is no such target`]
      : targetDifferences(id, expected, target, outcome, timeline, labels);
  });
  const calls = Object.entries(expect?.calls ?? {}).flatMap(([name, count]) =>
    differ(name, `${count} calls`, `${outcome.calls[name] ?? 0} calls`),
  );
  const commits = Object.entries(expect?.commits ?? {}).flatMap(([commit, expected]) => {
    const seen = outcome.commits[fullSha(commit)] ?? {};
    return Object.entries(expected).flatMap(([context, state]) =>
      differ(`${commit} ${context}`, state ?? '', seen[context] ?? 'nothing'),
    );
  });
  return [...targets, ...commits, ...calls];
}

function targetDifferences(
  id: string,
  expected: Expectation,
  target: TargetOutcome,
  outcome: Outcome,
  timeline: readonly Entry[],
  labels: ImageNames,
): readonly string[] {
  const { phase, running, proven, quarantined, releases, told } = expected;
  const { badRequestsMost, attentionAsked, judged = [] } = expected;
  const tags = (digests: readonly string[]) => digests.map((it) => labels.tagOf(it)).join(', ');
  const images = Object.entries(target.images);
  const expectedRunning =
    typeof running === 'string'
      ? images.map(([name]) => [name, running] as const)
      : Object.entries(running ?? {});
  return [
    ...(phase === undefined ? [] : differ(`${id} phase`, phase, target.phase)),
    ...expectedRunning.flatMap(([name, tag]) =>
      differ(`${id} runs in ${name}`, tag, tags([target.images[name] ?? 'nothing'])),
    ),
    ...(proven === undefined ? [] : differ(`${id} proven`, proven.join(', '), tags(target.proven))),
    ...(quarantined === undefined
      ? []
      : differ(`${id} quarantined`, quarantined.join(', '), tags(target.quarantined))),
    ...Object.entries(releases ?? {}).flatMap(([tag, states]) => {
      const seen = outcome.releases.filter(
        (it) => it.target === id && labels.tagOf(it.digest) === tag,
      );
      return differ(
        `${id} ${tag}`,
        [states].flat().join(', '),
        seen.map(({ state }) => state).join(', '),
      );
    }),
    ...(badRequestsMost === undefined || target.badRequests <= badRequestsMost
      ? []
      : [`${id} bad requests: ${target.badRequests}, expected at most ${badRequestsMost}`]),
    ...(attentionAsked === undefined
      ? []
      : differ(`${id} attention`, asked(attentionAsked), asked(target.attentionAsked))),
    ...(told === undefined
      ? []
      : differ(`${id} told`, told.join('; '), toldOf(id, timeline, labels).join('; '))),
    ...judgedOtherwise(id, judged, timeline),
  ];
}

function asked(isAsked: boolean): string {
  return isAsked ? 'asked for' : 'not asked for';
}

function differ(what: string, expected: string, seen: string): readonly string[] {
  const named = (text: string) => (text === '' ? 'nothing' : text);
  return expected === seen ? [] : [`${what}: ${named(seen)}, expected ${named(expected)}`];
}

/** It may have said more between: chance decides how often it wavers. */
function judgedOtherwise(
  id: string,
  expected: readonly string[],
  timeline: readonly Entry[],
): readonly string[] {
  const said = timeline.flatMap((entry) =>
    entry.type === 'decision' && entry.target === id && entry.judged ? [entry.judged.state] : [],
  );
  let next = 0;
  for (const state of said) if (state === expected[next]) next++;
  return next === expected.length
    ? []
    : differ(`${id} judged`, expected.join(', then '), said.join(', '));
}

/** `proven main-1`, in the order in which it was announced. */
function toldOf(target: string, timeline: readonly Entry[], labels: ImageNames): readonly string[] {
  return timeline.flatMap((entry) => {
    if (entry.type !== 'announcement' || entry.announcement.target !== target) return [];
    const { kind, images } = entry.announcement;
    const tags = Object.values(images ?? {}).map(({ digest }) => labels.tagOf(digest));
    return [[kind, ...tags].join(' ')];
  });
}
