/** Semantic mutants of promotion: chosen from what docs/configuration.md promises of `after`, before any was tried. */
import type { RuleMutant, SemanticMutant } from './semantic-mutants.ts';

const PROOF = 'shared/core/gates/proof.ts';
const GATE = 'shared/core/gates/promotion-gate.ts';

export const PROMOTION_MUTANTS: readonly SemanticMutant[] = [
  {
    name: 'what is only on trial in the other target is promoted',
    breaks: 6,
    file: PROOF,
    find: "if (tried !== undefined && isIt(tried)) return { state: 'trial' };",
    replace: "if (tried !== undefined && isIt(tried)) return { state: 'proven', at: 0 };",
  },
  {
    name: 'a promotion forgets the time that it must have stood there',
    breaks: 6,
    file: GATE,
    find: 'const until = proof.at + soakMinutes * MINUTE;',
    replace: 'const until = proof.at + 0 * soakMinutes * MINUTE;',
  },
  {
    name: 'whatever the other target has proven promotes another digest',
    breaks: 6,
    file: PROOF,
    find: 'Object.values(images).some((image) => image.digest === digest);',
    replace: 'Object.values(images).some((image) => image.digest !== digest);',
  },
  {
    name: 'a promotion asks for no proof',
    breaks: 6,
    file: GATE,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a text of our code
    find: "case 'absent': return { reason: 'promotion', because: `${label} has not begun in ${id}`, next };",
    replace: "case 'absent': return undefined;",
  },
  {
    name: 'what the other target has proven never comes',
    breaks: 6,
    file: GATE,
    find: 'if (at >= until) return undefined;',
    replace: 'if (at >= 2 * until) return undefined;',
  },
  {
    name: 'what went back in the other target is not refused',
    breaks: 8,
    file: GATE,
    find: "if (proof?.state === 'condemned') {",
    replace: "if (proof?.state === 'condemned' && image.digest.length === 0) {",
  },
];

/** Scenes promote nothing. */
export const PROMOTION_RULE_MUTANTS: readonly RuleMutant[] = [
  {
    name: 'what is only on trial in the other target is promoted',
    seed: 34,
    rule: '6. what another target must prove first',
  },
  {
    name: 'what the other target has proven never comes',
    seed: 22,
    rule: '6. what another target has proven comes',
  },
];
