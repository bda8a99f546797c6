/** What is wrong with a config, in words: where, what it is, what was expected, what was meant. */
import type * as z from 'zod';
import { meant } from '../parsing/meant.ts';
import { inWords, shown, valueAt } from '../parsing/unreadable.ts';

const LINES_MAX = 100;

export interface ConfigProblem {
  /** `targets.web.bakeMinutes`; empty for the whole config. */
  readonly path: string;
  /** The whole line, path included. */
  readonly line: string;
}

/** Our user is wrong, and nothing has been done yet: every problem at once, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ line }) => line);
    super(listed('the pipeline config', 'nothing runs', lines));
    this.problems = problems;
  }
}

/** The text of an error that tells every mistake, one a line; of very many the first. */
export function listed(what: string, until: string, lines: readonly string[]): string {
  const count = lines.length > LINES_MAX ? `more than ${LINES_MAX}` : `${lines.length}`;
  const [mistakes, they] = lines.length === 1 ? ['mistake', 'it is'] : ['mistakes', 'they are'];
  return [
    `${what} has ${count} ${mistakes}; ${until} until ${they} mended:`,
    ...lines.slice(0, LINES_MAX).map((line) => `  ${line}`),
  ].join('\n');
}

/** One value that is not what was expected. */
export function problem(
  path: readonly PropertyKey[],
  seen: unknown,
  expected: string,
): ConfigProblem {
  const at = inWords(path);
  return {
    path: at,
    line: `${at === '' ? 'the config' : at}: is ${shown(seen)}, expected ${expected}`,
  };
}

/**
 * zod's issues as problems. The schema puts what was expected into each message, and for an unknown
 * key the known ones, separated by spaces.
 */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
): readonly ConfigProblem[] {
  // One more than is told, so that it shows.
  return issues.slice(0, LINES_MAX + 1).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const keys = issue.keys.slice(0, LINES_MAX + 1);
      return keys.map((key) => unknownKey([...issue.path, key], input, issue.message));
    }
    const branch = issue.code === 'invalid_union' ? deepest(issue.errors) : undefined;
    if (branch !== undefined) {
      const inner = branch.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
      return problemsOf(inner, input);
    }
    const isKey = issue.code === 'invalid_key';
    const seen = isKey ? issue.path.at(-1) : valueAt(input, issue.path);
    const values = issue.code === 'invalid_value' ? issue.values.map(String) : [];
    return [problem(issue.path, seen, issue.message + meant(seen, values))];
  });
}

function unknownKey(path: readonly PropertyKey[], input: unknown, known: string): ConfigProblem {
  const at = inWords(path);
  const names = known.split(' ');
  const key = String(path.at(-1));
  // `closest` on lower case would miss `bakeminutes`: the names are compared in their own case.
  const guess = meant(key, names) || `; known here: ${names.join(', ')}`;
  const seen = shown(valueAt(input, path));
  return { path: at, line: `${at}: is ${seen}, but there is no such setting${guess}` };
}

/** The alternative that got furthest: the one that the user meant. None, when all failed at once. */
function deepest(branches: readonly (readonly z.core.$ZodIssue[])[]) {
  const depth = (issues: readonly z.core.$ZodIssue[]) =>
    issues.reduce((most, issue) => Math.max(most, issue.path.length), 0);
  const isMeant = (issues: readonly z.core.$ZodIssue[]) =>
    depth(issues) > 0 || issues.some(({ code }) => code === 'custom');
  return branches.filter(isMeant).sort((a, b) => depth(b) - depth(a))[0];
}
