/** What a config may say of a task definition in git: which file, at the commit of which image, and what of it. */
import * as z from 'zod';
import {
  CONTAINER_FIELDS,
  CONTAINER_FIELDS_AS_THEY_RUN,
  TASK_FIELDS,
  TASK_FIELDS_AS_THEY_RUN,
} from '../core/model/definition/fields.ts';
import type { DefinitionRules } from '../core/model/definition/file.ts';
import { ECS_NAME } from '../parsing/names.ts';
import { inWords } from '../parsing/unreadable.ts';
import { type ConfigProblem, problem } from './problems.ts';
import { entries, settings, text } from './settings.ts';

/** They stand in the record. */
const LEAVE_MAX = 20;
const FILE = "the path of a file in the repository, like 'web/taskdef.json'";
const LEAVE =
  "a field of the task ('taskRoleArn') or of containers ('containerDefinitions.*.logConfiguration', 'containerDefinitions.app.environment.DATABASE_URL')";
const FORM = "'web/taskdef.json', or { file: 'web/taskdef.json', leave: ['taskRoleArn'] }";

/** No `.` or `..`, and nothing that a glob would read as more than itself. */
const file = text(
  /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+){0,20}$/,
  FILE,
).max(100, { error: FILE });

const leave = entries(
  z
    .array(text(/^[A-Za-z*][A-Za-z0-9_*.-]{0,99}$/, LEAVE).refine(isField, { error: LEAVE }))
    .max(LEAVE_MAX, { error: `at most ${LEAVE_MAX} paths` }),
);

export const definition = z.union(
  [
    file,
    settings(FORM, {
      file,
      of: text(ECS_NAME, 'the name of a container that is deployed').optional(),
      leave: leave.optional(),
    }),
  ],
  { error: FORM },
);

type ParsedDefinition = z.output<typeof definition>;

/** What of a target its definition has to do with. */
interface Defined {
  readonly definition?: ParsedDefinition | undefined;
  readonly containers: Readonly<
    Record<string, { readonly repository: string; readonly newer?: string | undefined }>
  >;
}

export function definitionOf(
  { definition: given, containers }: Defined,
  roles: readonly string[],
): { readonly definition?: DefinitionRules } {
  if (given === undefined) return {};
  const { file, of, leave = [] } = typeof given === 'string' ? { file: given } : given;
  const container = of ?? Object.keys(containers)[0] ?? '';
  return { definition: { file, container, leave, roles } };
}

export function definitionProblems(
  targets: Readonly<Record<string, Defined>>,
  isBuilt: (repository: string) => boolean,
): readonly ConfigProblem[] {
  return Object.entries(targets).flatMap(([id, target]) => {
    const { definition: given, containers } = target;
    if (given === undefined) return [];
    const path = ['targets', id, 'definition'];
    const names = Object.keys(containers);
    const of = typeof given === 'string' ? undefined : given.of;
    if (of === undefined && names.length > 1) {
      const expected = `{ file: …, of: '${names[0]}' }: of ${names.length} containers, one is that whose commit counts`;
      return [problem(path, given, expected)];
    }
    if (of !== undefined && !names.includes(of)) {
      return [problem([...path, 'of'], of, `one of the target's containers: ${names.join(', ')}`)];
    }
    const { repository = '', newer = 'commit' } = containers[of ?? names[0] ?? ''] ?? {};
    if (isBuilt(repository) && newer === 'commit') return [];
    const expected = `nothing, or a source that builds ${inWords([repository])}, and newer: 'commit': without a commit there is no file to read`;
    return [problem(path, given, expected)];
  });
}

/** By the repository of the images whose commits count, the files that are read there. */
export function definitionFiles(
  targets: Readonly<Record<string, Defined>>,
): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const target of Object.values(targets)) {
    const { definition: rules } = definitionOf(target, []);
    const repository = target.containers[rules?.container ?? '']?.repository;
    if (rules === undefined || repository === undefined) continue;
    const others = files.get(repository);
    if (others === undefined) files.set(repository, [rules.file]);
    else if (!others.includes(rules.file)) others.push(rules.file);
  }
  return files;
}

/** A push that changes nothing but the file is a release, too: so the file is one of its image's paths. */
export function withDefinitionPaths<
  I extends { readonly repository: string; readonly paths?: readonly string[] | undefined },
>(
  images: Readonly<Record<string, I>>,
  files: ReadonlyMap<string, readonly string[]>,
): Readonly<Record<string, I>> {
  return Object.fromEntries(
    Object.entries(images).map(([name, image]) => {
      const own = files.get(image.repository) ?? [];
      if (image.paths === undefined || own.length === 0) return [name, image];
      return [name, { ...image, paths: [...image.paths, ...own] }];
    }),
  );
}

function isField(path: string): boolean {
  const [first = '', container, field] = path.split('.');
  const ofTask: readonly string[] = [...TASK_FIELDS, ...TASK_FIELDS_AS_THEY_RUN];
  if (first !== 'containerDefinitions') return ofTask.includes(first);
  const ofContainer: readonly string[] = [...CONTAINER_FIELDS, ...CONTAINER_FIELDS_AS_THEY_RUN];
  return container !== undefined && container !== '' && ofContainer.includes(field ?? '');
}
