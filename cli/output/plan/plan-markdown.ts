/** A plan for a comment on a pull request: what would change, how long it takes, and the way back. */
import type { Rules } from '../../../shared/core/model/rules.ts';
import { type CouldRollBack, rollbackInWords } from '../words.ts';
import { type CallShown, differenceLines } from './calls.ts';

export interface PlanShown {
  readonly target: string;
  /** `shop/web:main-8f3c2a1 (sha256:7f5b2640fe6f)` */
  readonly images: string;
  readonly starts: boolean;
  readonly because: string;
  readonly calls: readonly CallShown[];
  readonly couldRollBack: CouldRollBack | null;
  /** Images that others built, which wait for GitHub's word or were not taken. */
  readonly claims: readonly { readonly because: string; readonly outlook: string }[];
  readonly rules: Pick<
    Rules,
    'mode' | 'strategy' | 'bakeMinutes' | 'rolloutMinutes' | 'rollout' | 'alarms' | 'migration'
  >;
}

export function planMarkdown(shown: PlanShown): string {
  const { target, images, starts, because, calls, couldRollBack, claims, rules } = shown;
  const watch = rules.mode === 'watch' ? ' (mode `watch`: nothing is deployed)' : '';
  const back =
    couldRollBack === null
      ? 'nothing is called, so nothing can fail'
      : rollbackInWords(couldRollBack);
  return [
    `### Slipway: ${code(target)} ${starts ? 'would start' : 'would not start now'}${watch}`,
    '',
    '| | |',
    '| --- | --- |',
    `| image | ${code(images)} |`,
    `| so | ${cell(because)} |`,
    `| strategy | ${cell(strategyInWords(rules))} |`,
    `| until it is proven | ${cell(timeInWords(rules))} |`,
    `| if it fails, could it roll back? | ${cell(back)} |`,
    ...claims.map((one) => `| by itself | ${cell(`${one.because}; ${one.outlook}`)} |`),
    '',
    ...callsInDiff(calls),
    `_Looked at, and nothing changed. A deploy by hand was asked about: a push may be held for longer (alarms, a freeze, \`after\`)._`,
    '',
  ].join('\n');
}

function callsInDiff(calls: readonly CallShown[]): readonly string[] {
  if (calls.length === 0) return [];
  const lines = calls.flatMap(({ call, what, differences }) => [
    `# ${call}: ${what}`,
    ...differences.flatMap(differenceLines),
  ]);
  const fence = fenceAround(lines.join('\n'));
  return [
    '<details><summary>What would be called</summary>',
    '',
    `${fence}diff`,
    ...lines,
    fence,
    '',
    '</details>',
    '',
  ];
}

/** How the traffic comes to it. */
function strategyInWords({ strategy }: PlanShown['rules']): string {
  switch (strategy?.kind) {
    case undefined:
      return 'rolling: ECS replaces the tasks';
    case 'blueGreen':
      return `blue/green: all traffic at once, and the old tasks stay for ${strategy.bakeMinutes} min`;
    case 'canary':
      return `canary: ${strategy.percent} % for ${strategy.canaryBakeMinutes} min, then all; the old tasks stay for ${strategy.bakeMinutes} min`;
    case 'linear':
      return strategy.heldByJudge
        ? `judged: steps of ${strategy.stepPercent} %, each until it is found harmless; the old tasks stay for ${strategy.bakeMinutes} min`
        : `linear: steps of ${strategy.stepPercent} %, ${strategy.stepBakeMinutes} min each; the old tasks stay for ${strategy.bakeMinutes} min`;
  }
}

/** What is configured to pass; how long ECS and the tasks take is theirs. */
function timeInWords(rules: PlanShown['rules']): string {
  const shift = shiftMinutes(rules);
  const parts = [
    ...(rules.migration ? [`its migration (at most ${rules.migration.minutes} min)`] : []),
    `the start of its tasks (at most ${rules.rolloutMinutes} min)`,
    ...(shift === 0 ? [] : [`${shift} min while traffic is shifted and ECS bakes`]),
    `${rules.bakeMinutes} min of bake`,
    ...(rules.alarms.length === 0 ? [] : ['what its alarms need to judge all of that']),
  ];
  return `at least ${shift + rules.bakeMinutes} min: ${parts.join(', ')}`;
}

export function shiftMinutes({ strategy, rollout }: Pick<Rules, 'strategy' | 'rollout'>): number {
  switch (strategy?.kind) {
    case undefined:
      return rollout.ecsBakeMinutes ?? 0;
    case 'blueGreen':
      return strategy.bakeMinutes;
    case 'canary':
      return strategy.canaryBakeMinutes + strategy.bakeMinutes;
    case 'linear': {
      // The last step has no bake of its own.
      const steps = Math.ceil(100 / strategy.stepPercent) - 1;
      return steps * strategy.stepBakeMinutes + strategy.bakeMinutes;
    }
  }
}

/** A tag is somebody's text: no mention, no markup, no further column. */
function cell(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>|~#]/g, '\\$&')
    .replaceAll('@', '@\u200b');
}

function code(text: string): string {
  return `\`${text.replaceAll(/[`|\r\n]/g, ' ')}\``;
}

/** Longer than any within. */
function fenceAround(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(longest + 1);
}
