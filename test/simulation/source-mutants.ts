/** Semantic mutants of what decides about commits and builds: placing, superseding, confirming, ending. */
import type { RuleMutant, SemanticMutant } from './semantic-mutants.ts';

export const SOURCE_MUTANTS: readonly SemanticMutant[] = [
  {
    name: 'an image of another branch starts',
    breaks: 6,
    file: 'shared/core/gates/repository-gate.ts',
    find: `const branches = sourceFor(rules, container)?.branches;
  if (branches === undefined) return undefined;`,
    replace: `const branches = sourceFor(rules, container)?.branches;
  if (branches === undefined || by !== '') return undefined;`,
  },
  {
    name: 'a push is believed without GitHub',
    breaks: 6,
    file: 'shared/core/source/confirming.ts',
    find: "return answer?.state === 'on' && whyNot(record, commit, answer) === undefined;",
    replace: 'return true;',
  },
  {
    name: 'what GitHub says a branch points to is not minded',
    breaks: 6,
    file: 'shared/core/source/head-seen.ts',
    find: 'if (isKnown && record.goneAt === undefined) {',
    replace: 'if (record.commits.length > 0) {',
  },
  {
    name: 'of two images of commits the later push is the newer',
    breaks: 7,
    file: 'shared/core/model/order.ts',
    find: 'const rank = byRank(a, b);',
    replace: "const rank = a.by.startsWith('commit ') ? 0 : byRank(a, b);",
  },
  {
    name: 'the commit that is heard of last stands on top',
    breaks: 7,
    file: 'shared/core/source/placing.ts',
    find: 'if (leaves(record, push)) return lead(next(record, push, at), { push }, at);',
    replace: 'if (after !== head.commit) return lead(next(record, push, at), { push }, at);',
    // GitHub, asked before it is built, would say that the branch points elsewhere.
    also: [
      {
        file: 'shared/core/source/confirming.ts',
        find: 'const isBack = own !== undefined && head !== undefined && isNewerPlace(own, head);',
        replace: 'const isBack = false;',
      },
    ],
  },
  {
    name: 'what is being built is built again',
    breaks: 9,
    file: 'shared/core/source/building.ts',
    find: '(one) => one.commit === wanted.commit && one.stop === undefined,',
    replace: '() => false,',
  },
  {
    name: 'a commit whose tag stands is not built once more',
    breaks: 6,
    file: 'shared/core/source/build-ends.ts',
    find: 'const again = stands ? builtAgain(record, image, build, ended) : undefined;',
    replace: 'const again = undefined;',
  },
  {
    name: 'of two commits that wait the newer makes way',
    breaks: 7,
    file: 'shared/core/source/wanting.ts',
    find: 'const all = [newest, ...others];',
    replace: 'const all = [...others, newest];',
  },
  {
    name: 'a build that failed is told as built',
    breaks: 8,
    file: 'shared/core/source/build-ends.ts',
    find: "case 'TIMED_OUT': return { kind: 'build-failed',",
    replace: "case 'TIMED_OUT': return { kind: 'built',",
  },
  {
    name: 'the end of a stopped build is not told',
    breaks: 8,
    file: 'shared/core/source/build-ends.ts',
    find: 'const told = announce(closed, end.kind, {',
    replace: "const told = end.kind === 'build-stopped' ? closed : announce(closed, end.kind, {",
  },
  {
    name: 'a build that is not needed any more goes on',
    breaks: 9,
    file: 'shared/core/source/wanting.ts',
    find: "if (record.rules.whileBuilding === 'finish') return next;",
    replace: 'if (at > 0) return next;',
  },
  {
    name: 'a build whose answer was lost is not searched for',
    breaks: 9,
    file: 'shared/core/source/building.ts',
    find: 'if (id !== undefined) return buildStarted(record, image, build, id, observation.at);',
    replace: '',
    also: [
      {
        file: 'shared/core/source/building.ts',
        find: 'replaceBuild(record, image, build, { ...build, request: again }),',
        replace:
          "replaceBuild(record, image, build, { ...build, token: observation.id + '-again', request: again }),",
      },
    ],
  },
  {
    name: 'what follows a branch that was deleted is built of it',
    breaks: 6,
    file: 'shared/core/source/pushed.ts',
    find: 'for (const image of Object.keys(record.builds)) next = supersede(next, image, event.at, sentence);',
    replace: '',
  },
];

export const SOURCE_RULE_MUTANTS: readonly RuleMutant[] = [
  {
    name: 'an image of another branch starts',
    scene: 'idle / a branch is made, built and deleted / none',
    rule: '6. only what was built from its branch',
  },
  {
    name: 'a push is believed without GitHub',
    scene: 'idle / a push that somebody forged / none',
    rule: '6. only what its branch has is built',
  },
  {
    name: 'what GitHub says a branch points to is not minded',
    scene: 'idle / a commit that nobody heard of / none',
    rule: '6. the head of a built branch',
  },
  {
    name: 'of two images of commits the later push is the newer',
    scene: 'idle / an older build ends after the newer one / none',
    rule: '7. an older commit never',
  },
  {
    name: 'the commit that is heard of last stands on top',
    scene: 'idle / two commits, the older heard last / none',
    rule: '7. an older commit never replaces',
  },
  {
    name: 'what is being built is built again',
    scene: 'idle / a branch goes back to a commit that is being built / none',
    rule: '9. nothing is built twice',
  },
  {
    name: 'a commit whose tag stands is not built once more',
    scene: 'idle / a build is stopped after it has pushed, and its branch goes back to it / none',
    rule: '8. what a commit is told',
  },
  {
    name: 'a build that failed is told as built',
    scene: 'idle / a branch is rewritten, and a build of it fails / none',
    rule: '8. what a commit is told',
  },
  {
    name: 'a build that is not needed any more goes on',
    scene: 'idle / an older build is not needed any more / none',
    rule: '9. a build that a newer commit',
  },
  {
    name: 'a build whose answer was lost is not searched for',
    scene: 'idle / the answer of StartBuild is lost / none',
    rule: '9. nothing is built twice',
  },
];
