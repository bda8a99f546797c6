/** Draws inputs: a sample with a few edits, or noise in nearly the right shape. */
import fc from 'fast-check';
import { type Edit, edit, edited, inOrder, placeOf, plainEdits } from './edits.ts';
import { type Path, pathsOf, valueAt } from './paths.ts';
import type { Sample } from './samples.ts';
import { nastyText, nastyValue } from './values.ts';

/** What fast-check draws, shrinks and repeats; small, where the input that it stands for may be not. */
export type Plan =
  | { readonly sample: string; readonly edits: readonly Edit[] }
  | { readonly noise: unknown };

const KEYS = [
  ...['source', 'detail-type', 'detail', 'account', 'region', 'time', 'id', 'resources', 'Records'],
  ...['alarmData', 'Sns', 'Message', 'body', 'messageId', 'target', 'targets', 'message', 'cause'],
  ...['type', 'steps', 'until', 'state', 'containers', 'containerDefinitions', '__proto__'],
] as const;

const shaped = fc.dictionary(
  fc.constantFrom<string>(...KEYS),
  fc.oneof(nastyValue, fc.dictionary(fc.constantFrom<string>(...KEYS), nastyValue, { maxKeys: 5 })),
  { maxKeys: 6 },
);
const noise: fc.Arbitrary<unknown> = fc.oneof(nastyValue, shaped, fc.constant(undefined));

/** How often each place of the samples was the first to be changed. */
export class Places {
  readonly #all: number;
  readonly #touched = new Set<string>();

  constructor(all: number) {
    this.#all = all;
  }

  touch(sample: string, path: Path): void {
    this.#touched.add(JSON.stringify([sample, path]));
  }

  toString(): string {
    return `${this.#touched.size} of ${this.#all}`;
  }
}

export interface Source {
  readonly plan: fc.Arbitrary<Plan>;
  /** A fresh value: nobody can spoil the next input. */
  readonly input: (plan: Plan) => unknown;
  readonly places: Places;
  /** Each place of each sample, changed in a few ways without chance. */
  readonly everyPlace: readonly Plan[];
}

/** Of eleven inputs one is noise. Samples that are wanted `often` are drawn four times as often. */
export function sourceOf(samples: readonly Sample[], often = /^$/): Source {
  const known = new Map(samples.map(({ name, value }) => [name, { value, paths: pathsOf(value) }]));
  const all = [...known.values()].reduce((sum, { paths }) => sum + paths.length, 0);
  const places = new Places(all);
  const plan = fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        sample: fc.constantFrom(
          ...samples.flatMap(({ name }) => (often.test(name) ? [name, name, name, name] : [name])),
        ),
        edits: fc.array(edit, { maxLength: 4 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ noise }) },
  );
  const everyPlace = [...known].flatMap(([sample, { value, paths }]) =>
    paths.flatMap((path, at) =>
      plainEdits(at, valueAt(value, path)).map((each) => ({ sample, edits: [each] })),
    ),
  );
  return {
    plan,
    places,
    everyPlace,
    input: (drawn) => {
      if ('noise' in drawn) return drawn.noise;
      const { value, paths } = known.get(drawn.sample) ?? { value: undefined, paths: [] };
      const [first] = inOrder(drawn.edits);
      if (first !== undefined) places.touch(drawn.sample, placeOf(first, paths));
      return edited(structuredClone(value), drawn.edits);
    },
  };
}

/** What happens to a text that should have been JSON. */
export interface TextPlan {
  readonly of: Plan;
  readonly text: readonly { readonly cut: number; readonly insert: string }[];
}

export function textOf(source: Source): fc.Arbitrary<TextPlan> {
  // Each fourth is as it should be: among bad ones, good ones must go through.
  const untouched = source.plan.map((of) => ('sample' in of ? { ...of, edits: [] } : of));
  const change = fc.record({ cut: fc.noBias(fc.nat()), insert: nastyText });
  return fc.record({
    of: fc.oneof({ weight: 3, arbitrary: source.plan }, { weight: 1, arbitrary: untouched }),
    text: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(change, { minLength: 1, maxLength: 2 }) },
    ),
  });
}

/** A noisy text stays as it is; everything else becomes JSON, which is then spoiled. */
export function spoiledText({ text }: TextPlan, input: unknown): string {
  const json = typeof input === 'string' ? input : (JSON.stringify(input) ?? '');
  return text.reduce((now, { cut, insert }) => {
    const where = cut % (now.length + 1);
    // Half of them lose their end.
    return now.slice(0, where) + insert + (cut % 2 === 0 ? now.slice(where) : '');
  }, json);
}
