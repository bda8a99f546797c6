/**
 * A source whose images others build: what it may say, and where an image names its commit. Its name is
 * text that whoever may push writes; nothing here believes it.
 */
import * as z from 'zod';
import { type ConfigProblem, problem } from '../problems.ts';
import { entries } from '../settings.ts';
import type { ParsedSource } from '../sources.ts';
import { LITERAL } from './ref-label.ts';

const LABEL = 'label';
export const COMMIT_IN: readonly string[] = [LABEL, '{branch}-{sha}', '{sha}'];

const SHA = '{sha}';
const BRANCH = '{branch}';
const WHERE = `'${LABEL}', or a whole tag with ${SHA} in it, like 'main-${SHA}'`;
const LIST = `a list of ${WHERE}`;

/** What a tag may hold, `{sha}` once, and `{branch}` at most once. */
const PLACE = /^(?:[A-Za-z0-9_.-]|\{sha\}|\{branch\}){1,100}$/;

const place = z
  .string({ error: WHERE })
  .refine(
    (one) =>
      one === LABEL ||
      (PLACE.test(one) && one.split(SHA).length === 2 && one.split(BRANCH).length <= 2),
    { error: WHERE },
  );

export const commitIn = entries(
  z.array(place, { error: LIST }).min(1, { error: LIST }).max(5, { error: 'at most 5 places' }),
);

/** Of an image that CodeBuild makes. */
const OF_BUILDS = ['paths', 'project', 'dockerfile', 'context', 'platforms'] as const;

/** What only one of both kinds of source may say. */
export function elsewhereProblems([id, source]: [string, ParsedSource]): readonly ConfigProblem[] {
  const path = ['sources', id];
  if (source.builtBy === 'slipway') {
    return source.commitIn === undefined
      ? []
      : [problem([...path, 'commitIn'], source.commitIn, "nothing, or builtBy: 'elsewhere'")];
  }
  const { branches, tags, images, whileBuilding } = source;
  const nobody = "nothing: with builtBy: 'elsewhere' whoever builds decides that";
  const isOne = branches.length === 1 && LITERAL.test(branches[0] ?? '');
  const why =
    "with builtBy: 'elsewhere' GitHub is asked whether that branch has the commit of an image";
  return [
    ...(isOne
      ? []
      : [problem([...path, 'branches'], branches, `one branch, without a glob: ${why}`)]),
    ...(tags.length === 0 ? [] : [problem([...path, 'tags'], tags, `no tags of git: ${why}`)]),
    ...(whileBuilding === undefined
      ? []
      : [problem([...path, 'whileBuilding'], whileBuilding, nobody)]),
    ...Object.entries(images).flatMap(([name, image]) =>
      OF_BUILDS.flatMap((setting) =>
        image[setting] === undefined
          ? []
          : [problem([...path, 'images', name, setting], image[setting], nobody)],
      ),
    ),
  ];
}
