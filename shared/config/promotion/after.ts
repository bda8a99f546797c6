/** Which targets must have proven an image before this one takes it: known ones, of the same images, in no circle. */
import * as z from 'zod';
import { meant } from '../../parsing/meant.ts';
import { inWords } from '../../parsing/unreadable.ts';
import { type ConfigProblem, problem } from '../problems.ts';
import { entries, settings, whole } from '../settings.ts';

/** Each is a read of the table at each look while something waits. */
const TARGETS_MAX = 5;
const FORM = "['web-staging'], or { targets: ['web-staging'], soakMinutes: 60 }";

const targets = entries(
  z
    .array(z.string({ error: 'the name of a target' }), { error: FORM })
    .min(1, { error: 'at least one target' })
    .max(TARGETS_MAX, { error: `at most ${TARGETS_MAX} targets` })
    .refine((all) => new Set(all).size === all.length, { error: 'each target once' }),
);

export const after = z.union(
  [targets, settings(FORM, { targets, soakMinutes: whole('minutes', 0, 10_080).default(0) })],
  { error: FORM },
);

export type ParsedAfter = z.output<typeof after>;

export function soakOf(given: ParsedAfter): {
  readonly targets: readonly string[];
  readonly soakMinutes: number;
} {
  return Array.isArray(given) ? { targets: given, soakMinutes: 0 } : given;
}

/** Of a target, what it is after and which repositories it deploys. */
interface Promoted {
  readonly after?: ParsedAfter | undefined;
  readonly containers: Readonly<Record<string, { readonly repository: string }>>;
}

/** `elsewhere`: targets of other pipelines, of whose images nothing is known here. */
export function afterProblems(
  all: Readonly<Record<string, Promoted>>,
  elsewhere: readonly string[] = [],
): readonly ConfigProblem[] {
  const ids = Object.keys(all);
  const named = ids.flatMap((id) =>
    afterOf(all, id).flatMap((other) => {
      if (elsewhere.includes(other)) return [];
      const path = ['targets', id, 'after'];
      const upstream = Object.hasOwn(all, other) ? all[other] : undefined;
      if (upstream === undefined) {
        return [
          problem(path, other, `the name of a target${meant(other, [...ids, ...elsewhere])}`),
        ];
      }
      return lacking(all[id], upstream).map((repository) =>
        problem(
          path,
          other,
          `a target that deploys ${inWords([repository])}, too: ${inWords(['targets', other])} does not, so nothing of it would ever be proven there`,
        ),
      );
    }),
  );
  const circle = ids.map((id) => circleFrom(all, id)).find((found) => found !== undefined);
  if (circle === undefined) return named;
  const [first = ''] = circle;
  const expected = `targets that lead to no circle: ${circle.join(' is after ')}`;
  return [...named, problem(['targets', first, 'after'], afterOf(all, first).join(', '), expected)];
}

function afterOf(all: Readonly<Record<string, Promoted>>, id: string): readonly string[] {
  const given = Object.hasOwn(all, id) ? all[id]?.after : undefined;
  return given === undefined ? [] : soakOf(given).targets;
}

function lacking(target: Promoted | undefined, upstream: Promoted): readonly string[] {
  const has = Object.values(upstream.containers).map(({ repository }) => repository);
  const wants = Object.values(target?.containers ?? {}).map(({ repository }) => repository);
  return [...new Set(wants)].filter((repository) => !has.includes(repository));
}

/** The way from a target back to itself. */
function circleFrom(
  all: Readonly<Record<string, Promoted>>,
  id: string,
): readonly string[] | undefined {
  const seen = new Set<string>();
  const walk = (at: string, way: readonly string[]): readonly string[] | undefined => {
    for (const next of afterOf(all, at)) {
      if (next === id) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...way, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(id, [id]);
}
