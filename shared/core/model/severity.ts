/** How grave a finding is. The scanners' words differ; ours are those of `Severity`. */

import type { Finding } from './observation.ts';
import type { ScanRules, Severity } from './rules.ts';

const RANKS: Readonly<Record<Severity | 'NONE', number>> = {
  NONE: 0,
  UNDEFINED: 1,
  INFORMATIONAL: 2,
  LOW: 3,
  MEDIUM: 4,
  HIGH: 5,
  CRITICAL: 6,
};

/**
 * A scanner's word as ours. UNDEFINED (basic) and UNTRIAGED (enhanced) say that nobody has ranked
 * the finding yet: it counts least, or hardly an image could pass. A word that is new to us counts
 * most: it may hold up a release, but lets none through.
 */
export function severityOf(word: string | undefined): Severity {
  const upper = word?.toUpperCase() ?? '';
  if (upper === 'UNTRIAGED') return 'UNDEFINED';
  return isSeverity(upper) ? upper : 'CRITICAL';
}

export function isAbove(severity: Severity, highest: ScanRules['highest']): boolean {
  return RANKS[severity] > RANKS[highest];
}

/** The gravest first; of one severity by id, so that the same findings are told in the same order. */
export function byGravity(a: Finding, b: Finding): number {
  return RANKS[b.severity] - RANKS[a.severity] || (a.id < b.id ? -1 : 1);
}

function isSeverity(word: string): word is Severity {
  return Object.hasOwn(RANKS, word) && word !== 'NONE';
}
