/**
 * Semantic mutants of the judge, and of its place in the core. Chosen from the text of the method (docs/judge.md) before
 * anybody looked at which test would kill them.
 */
import type { RuleMutant, SemanticMutant } from './semantic-mutants.ts';

const WORD = 'shared/core/release/judge/judged.ts';
const STEPS = 'shared/core/release/judge/steps.ts';
const RETURNED = 'shared/core/release/judge/returned.ts';
const MINUTES = 'shared/judge/clock-minutes.ts';

export const JUDGE_MUTANTS: readonly SemanticMutant[] = [
  {
    name: 'what both suffer condemns the new one',
    breaks: 5,
    file: WORD,
    find: "if (judged.state === 'condemned') return { because: sentenceOf(judged), alarms: [] };",
    replace:
      "if (judged.state === 'condemned' || judged.state === 'alike') return { because: sentenceOf(judged), alarms: [] };",
  },
  {
    name: 'a suspicion condemns',
    breaks: 5,
    file: WORD,
    find: "if (judged.state === 'condemned') return { because: sentenceOf(judged), alarms: [] };",
    replace:
      "if (judged.state === 'condemned' || judged.state === 'suspicious') return { because: sentenceOf(judged), alarms: [] };",
  },
  {
    name: 'what the judge condemns stays',
    breaks: 3,
    file: WORD,
    find: "if (judged.state === 'condemned') return { because: sentenceOf(judged), alarms: [] };",
    replace: "if (judged.state === 'condemned') return undefined;",
  },
  {
    name: 'a judge that watches acts',
    breaks: 10,
    file: WORD,
    find: "if (judge !== 'act' || judged === undefined) return undefined;",
    replace: 'if (judge === undefined || judged === undefined) return undefined;',
  },
  {
    name: 'what could not be compared is quarantined at once',
    breaks: 5,
    file: WORD,
    find: "return { because: sentenceOf(judged), alarms: [], innocent: 'incomparable' };",
    replace: 'return { because: sentenceOf(judged), alarms: [] };',
  },
  {
    name: 'what the judge condemned it takes back',
    breaks: 3,
    file: WORD,
    find: "if (judged === undefined || before?.state === 'condemned') return evidence;",
    replace: 'if (judged === undefined) return evidence;',
  },
  {
    name: 'the two target groups are swapped',
    breaks: 5,
    file: 'shared/reconcile/arms.ts',
    find: 'old.push(groups.get(own === first ? second : first) ?? new Map());',
    replace: 'old.push(groups.get(own) ?? new Map());',
    also: [
      {
        file: 'shared/reconcile/arms.ts',
        find: 'fresh.push(groups.get(own) ?? new Map());',
        replace: 'fresh.push(groups.get(own === first ? second : first) ?? new Map());',
      },
    ],
  },
  {
    name: 'history is left out',
    breaks: 5,
    file: 'shared/judge/baseline.ts',
    find: 'ref: Math.min(REFERENCE_MAX, news)',
    replace: 'ref: news < 0 ? REFERENCE_MAX : undefined',
  },
  {
    name: 'a minute that never came is one without errors',
    breaks: 8,
    file: MINUTES,
    find: 'known: isKnown(arms, minute),',
    replace: 'known: true,',
  },
  {
    name: 'each minute counts twice',
    breaks: 8,
    file: 'shared/judge/course.ts',
    find: `if (counts !== undefined) addTo(totals, counts, course.control, minute.newShare !== undefined);
  weigh(course, minute, counts);`,
    replace: `for (let twice = 0; twice < 2; twice++) {
    if (counts !== undefined) addTo(totals, counts, course.control, minute.newShare !== undefined);
    weigh(course, minute, counts);
  }`,
  },
  {
    name: 'a minute is read before it is whole',
    breaks: 8,
    file: MINUTES,
    find: 'const READ_AFTER = MINUTE;',
    replace: 'const READ_AFTER = 0;',
  },
  {
    name: 'one minute alone condemns',
    breaks: 5,
    file: 'shared/judge/shape.ts',
    find: 'const capped = Math.min(increments[j] ?? 0, cap);',
    replace: 'const capped = cap > 0 ? (increments[j] ?? 0) : 0;',
  },
  {
    name: 'how much errors scatter is left out',
    breaks: 5,
    file: 'shared/judge/dispersion.ts',
    find: 'if (scatter.length < PAIRS_MIN) return Math.min(MOST, Math.max(UNMEASURED, meanOf(scatter)));',
    replace: 'if (scatter.length >= 0) return LEAST;',
  },
  {
    name: 'new tasks have no time to warm up',
    breaks: 5,
    file: 'shared/judge/shape.ts',
    find: 'return begin < warmupSeconds;',
    replace: 'return begin < -1_000 * warmupSeconds;',
  },
  {
    name: 'harmless is said of too few requests',
    breaks: 3,
    file: 'shared/judge/options.ts',
    find: 'harmless: -Math.log(beta),',
    replace: 'harmless: -Math.log(beta) * 0,',
  },
  {
    name: 'an alarm that rises for both condemns',
    breaks: 5,
    file: 'shared/core/release/judge/held-rises.ts',
    find: "if (rules.judge !== 'act') return evidence;",
    replace: 'if (at >= 0) return evidence;',
  },
  {
    name: 'an alarm that rises for both is held for ever',
    breaks: 3,
    file: 'shared/core/release/judge/held-rises.ts',
    find: 'at >= rise.at + HELD_MS &&',
    replace: 'at >= rise.at + 1_000 * HELD_MS &&',
  },
  {
    name: 'a share grows though the judge has not called it harmless',
    breaks: 3,
    file: 'shared/core/hook/answer.ts',
    find: "rule: 'the judge calls the share that it has harmless, where it acts', answer: notHarmless,",
    replace:
      "rule: 'the judge calls the share that it has harmless, where it acts', answer: (at: At) => (at.seen.at < 0 ? notHarmless(at) : undefined),",
  },
  {
    name: 'a share grows while both suffer',
    breaks: 3,
    file: STEPS,
    find: "case 'alike': return mayBeTheFix(said, of);",
    replace: "case 'alike': return true;",
  },
  {
    name: 'a fix is held by the outage that it mends',
    breaks: 6,
    file: STEPS,
    find: 'return isNotWorse === true && redAtStart.length > 0;',
    replace: 'return isNotWorse === true && redAtStart.length > 1_000;',
  },
  {
    name: 'what follows what is inconclusive is not minded',
    breaks: 3,
    file: STEPS,
    find: "return (afterInconclusive ?? (isMeasured(said) ? 'proceed' : 'hold')) === 'proceed';",
    replace: "return (afterInconclusive ?? (isMeasured(said) ? 'proceed' : 'hold')) !== undefined;",
  },
  {
    name: 'what was never measured counts as measured',
    breaks: 3,
    file: STEPS,
    find: 'return said?.from !== undefined;',
    replace: 'return said?.from !== 0;',
  },
  {
    name: 'a first share is judged for half a minute',
    breaks: 3,
    file: STEPS,
    find: 'const FIRST_MS = 5 * MINUTE;',
    replace: 'const FIRST_MS = MINUTE / 2;',
  },
  {
    name: 'what the judge said an hour ago lets a share grow',
    breaks: 3,
    file: 'shared/core/hook/judged.ts',
    find: 'const FRESH_MS = 3 * MINUTE;',
    replace: 'const FRESH_MS = 63 * MINUTE;',
  },
  {
    name: 'what is inconclusive is not told',
    breaks: 8,
    file: 'shared/core/release/judge/inconclusive.ts',
    find: 'at < held.until',
    replace: '(at > 0 || at < held.until)',
  },
  {
    name: 'what was returned alone is never blamed',
    breaks: 2,
    file: RETURNED,
    find: "case 'worse': return confirm(record, returned, aftermath, at);",
    replace: "case 'worse': return giveUp(record, returned, at, 'nobody is blamed');",
  },
  {
    name: 'what an outage returned is blamed',
    breaks: 5,
    file: RETURNED,
    find: "case 'alike': return clear(record, returned, aftermath, at);",
    replace: "case 'alike': return confirm(record, returned, aftermath, at);",
  },
  {
    name: 'what was cleared does not start again',
    breaks: 6,
    file: RETURNED,
    find: 'if (isCalm) return offerAgain(record, returned, at);',
    replace: 'if (isCalm && at < 0) return offerAgain(record, returned, at);',
  },
];

export const JUDGE_RULE_MUTANTS: readonly RuleMutant[] = [
  {
    name: 'what the judge condemns stays',
    scene: 'a judged first share / the new one fails a quarter / none',
    rule: '3. no share of what is plainly worse',
  },
  {
    name: 'the two target groups are swapped',
    scene: 'a judged first share / the new one fails a quarter / none',
    rule: '3. what is plainly worse',
  },
  {
    name: 'a first share is judged for half a minute',
    scene: 'a judged first share / nothing / none',
    rule: '3. a share is judged',
  },
  {
    name: 'what was never measured counts as measured',
    scene: 'a judged first share / counts may not be read for an hour / none',
    rule: '3. what was never measured',
  },
  {
    name: 'a share grows while both suffer',
    scene: 'a judged last share / both fail for a quarter of an hour / none',
    rule: '3. no share grows while both suffer',
  },
  {
    name: 'harmless is said of too few requests',
    scene: 'a judged first share of hardly any requests / nothing / none',
    rule: '3. a share with too few',
  },
  {
    name: 'one minute alone condemns',
    scene: 'a judged first share / the new one fails for half a minute / none',
    rule: '5. what the judge condemns',
  },
  {
    name: 'history is left out',
    scene: 'a judged canary, guarded by an alarm / both fail for a quarter of an hour / none',
    rule: '5. an outage of both',
  },
  {
    name: 'what could not be compared is quarantined at once',
    scene: 'judged, with all of the traffic / the new one fails a quarter / none',
    rule: '5. what could not be compared',
  },
  {
    name: 'what was returned alone is never blamed',
    scene: 'judged, with all of the traffic / the new one fails a quarter / none',
    rule: '5. what was returned alone',
  },
  {
    name: 'a fix is held by the outage that it mends',
    scene: 'a fix in an outage of both / nothing / none',
    rule: '6. a fix is not held',
  },
  {
    name: 'what is inconclusive is not told',
    scene: 'a judged first share that is held until it is known / both fail for an hour / none',
    rule: '8. a share that is held',
  },
  {
    name: 'each minute counts twice',
    scene: 'a judged first share / the new one fails a quarter / none',
    rule: '8. the counts',
  },
  {
    name: 'a judge that watches acts',
    scene: 'a watched canary / the new one fails a quarter / none',
    rule: '10. a judge that only watches',
  },
];
