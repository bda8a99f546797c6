/** Semantic mutants of what decides about images that others build: confirming, ranking, asking again. */
import type { RuleMutant, SemanticMutant } from './semantic-mutants.ts';

const CONFIRMING = 'shared/core/source/claims/confirming.ts';
const CLAIM = 'shared/core/source/claims/claim.ts';
const RANKING = 'shared/core/source/claims/ranking.ts';

export const CLAIM_MUTANTS: readonly SemanticMutant[] = [
  {
    name: 'an image of a commit that its branch does not have is taken',
    breaks: 6,
    file: CONFIRMING,
    find: ': refused(record, claim, why, at);',
    replace: ': taken(record, claim, at);',
  },
  {
    name: 'the silence of GitHub is taken for its yes',
    breaks: 6,
    file: CONFIRMING,
    find: "case 'unknown': return unanswered(record, claim, notOnRef(",
    replace:
      "case 'unknown': return at > 0 ? taken(record, claim, at) : unanswered(record, claim, notOnRef(",
  },
  {
    name: 'the image of an older commit goes on top',
    breaks: 7,
    file: RANKING,
    find: "case 'behind': return asks(record, claim, { newer: newest });",
    replace: `case 'behind': return placed(
      because(putOnTop(record, claim.commit, { line, position: position + 1 }), ''),
    );`,
  },
  {
    name: 'no sweep asks of an image that others built',
    breaks: 6,
    file: 'shared/reconcile/sweep.ts',
    find: `const sources = findElsewhere(pipeline, address);
  if (sources.length === 0) return [];`,
    replace: 'const sources = findElsewhere(pipeline, address).slice(0, 0);',
  },
  {
    name: 'what GitHub denies is asked of for ever',
    breaks: 8,
    file: CONFIRMING,
    find: 'return at < claim.since + SHOWN_AFTER_MS',
    replace: 'return at > 0',
  },
  {
    name: 'that an image of others is not taken is not told',
    breaks: 8,
    file: CLAIM,
    find: 'if (commit === undefined) return because(next, sentence);',
    replace: 'if (at > 0) return because(next, sentence);',
  },
  {
    name: 'what came before its commit is not asked of again',
    breaks: 6,
    file: CLAIM,
    find: '...refused.filter(isNew),',
    replace: '',
  },
  {
    name: 'what the branch is put back to is offered no more',
    breaks: 6,
    file: CLAIM,
    find: '...(before.taken ?? []).filter(',
    replace: '...[].filter(',
  },
  {
    name: 'what GitHub said nothing of for a day is forgotten',
    breaks: 6,
    file: CLAIM,
    find: 'const kept = remembered(record, undecided, why, at);',
    replace:
      'const kept = undecided.digest === why ? remembered(record, undecided, why, at) : record;',
  },
  {
    name: 'an image that tells of a branch that was rewritten begins no new line',
    breaks: 6,
    file: RANKING,
    find: '} was rewritten`, at); return placed(lead(next, { push: moveTo(claim) }, at));',
    replace:
      "} was rewritten`, at); return next.because === '' ? placed(next) : { state: 'refused', because: next.because };",
  },
  {
    name: 'a commit below the newest one is not on its branch',
    breaks: 8,
    file: 'shared/github/commits.ts',
    find: "case 'ahead': return { state: 'on', head };",
    replace: "case 'ahead': return { state: 'off', because: 'it is not the newest' };",
  },
  {
    name: 'the task definition of a commit is not laid over what runs',
    breaks: 6,
    file: 'shared/core/intended-call.ts',
    find: 'if (definition === undefined || rules.definition === undefined) return undefined;',
    replace: 'if (definition !== undefined || rules.definition === undefined) return undefined;',
  },
  {
    name: 'an image starts without the task definition that cannot be read',
    breaks: 6,
    file: 'shared/core/gates/definition-gate.ts',
    find: "image === undefined || seen?.state !== 'unknown')",
    replace: 'image === undefined || seen !== undefined)',
  },
  {
    name: 'what another pipeline released is taken for ours',
    breaks: 10,
    file: 'shared/core/gates/owner-gate.ts',
    find: 'if (pipeline === rules.pipeline) return undefined;',
    replace: 'if (release !== undefined) return undefined;',
  },
];

export const CLAIM_RULE_MUTANTS: readonly RuleMutant[] = [
  {
    name: 'an image of a commit that its branch does not have is taken',
    scene: 'idle / an image of another branch, of nobody, and of none / none',
    rule: '6. only what its branch has is taken',
  },
  {
    name: 'what the branch is put back to is offered no more',
    scene: 'idle / a commit that is forced away after its image runs / none',
    rule: '6. the image of the head of a branch runs',
  },
  {
    name: 'what GitHub denies is asked of for ever',
    scene: 'idle / an image of another branch, of nobody, and of none / none',
    rule: '8. what becomes of an image that others built is told',
  },
  {
    name: 'a commit below the newest one is not on its branch',
    scene: 'idle / an older image after the newer one is proven / none',
    rule: '8. what is said of an image that others built is true',
  },
  {
    name: 'the task definition of a commit is not laid over what runs',
    scene: 'idle / a task definition changes with its commit / none',
    rule: '6. an image starts with the task definition of its commit',
  },
  {
    name: 'what another pipeline released is taken for ours',
    scene: 'idle with two proven / a pipeline with a name released over ours / none',
    rule: '10. what another pipeline released is not replaced without a word',
  },
];
