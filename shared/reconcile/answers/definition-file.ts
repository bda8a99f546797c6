/** The task definition in git: read at the commit of an image, and laid over what runs. Decides nothing. */
import { createHash } from 'node:crypto';
import type { Action } from '../../core/model/action.ts';
import type {
  DefinitionRules,
  DefinitionVersion,
  ObservedFile,
} from '../../core/model/definition/file.ts';
import type { Commit, Image, TaskDefinitionArn } from '../../core/model/image.ts';
import type { Rules } from '../../core/model/rules.ts';
import { changesInWords } from '../../core/release/definition/changes.ts';
import type { JsonRecord } from '../../core/release/definition/containers.ts';
import { mergeDefinition } from '../../core/release/definition/merge.ts';
import type { Overlay } from '../../core/release/task-definition.ts';
import { readDefinitionText } from '../../edge/definition-file.ts';
import { type CommitPlaces, type Definitions, TransientError } from '../../ports.ts';
import { placeOf } from '../commit-positions.ts';

/** So many digits tell two versions of one file apart. */
const HASH_DIGITS = 16;

type FilePorts = { readonly commits: CommitPlaces; readonly definitions?: Definitions | undefined };

/** `base`: the revision that would be copied. Throws `TransientError` when the table or ECS does not answer. */
export async function observeDefinition(
  image: Image,
  base: TaskDefinitionArn,
  { definition: rules, containers }: Rules,
  { commits, definitions }: FilePorts,
): Promise<ObservedFile | undefined> {
  if (rules === undefined) return undefined;
  if (definitions === undefined) {
    return { state: 'unknown', because: 'nobody here may read GitHub' };
  }
  const { builtFrom = [], onlyBuiltFrom } = containers[rules.container] ?? {};
  const byBuild = onlyBuiltFrom !== undefined;
  const place = await placeOf(image, builtFrom, commits, { byBuild });
  if (place.state === 'waits') return { state: 'unknown', because: place.because };
  if (place.state === 'none') return { state: 'none', because: 'no commit is known of it' };
  const read = await readFile(place.commit, rules.file, definitions);
  if (read.state !== 'read') return read;
  const registered = await definitions.registered(base);
  if (registered === undefined) return { state: 'unknown', because: 'ECS has it no more' };
  const { definition } = registered;
  const merged = mergeDefinition(definition, read.written, rules, Object.keys(containers));
  if (merged.state === 'refused') {
    return { state: 'refused', because: `${nameOf(place.commit, rules.file)}: ${merged.because}` };
  }
  const { repository, sha } = place.commit;
  const changes = changesInWords(definition, merged.definition);
  return { state: 'read', repository, sha, file: rules.file, hash: read.hash, changes };
}

/** The same version again, for the call. Throws `TransientError` when GitHub does not answer now. */
export async function overlayOf(
  { definition: wanted }: Extract<Action, { type: 'RegisterRevision' }>,
  definitions: Definitions | undefined,
): Promise<Overlay | undefined> {
  if (wanted === undefined) return undefined;
  const read =
    definitions === undefined
      ? ({ state: 'unknown', because: 'nobody here may read GitHub' } as const)
      : await readFile(wanted, wanted.file, definitions);
  if (read.state !== 'read') throw new TransientError(`The task definition: ${read.because}`);
  if (read.hash !== wanted.hash) {
    // A commit is what its name says, so this is an answer that nobody can use.
    throw new TransientError(`${nameOf(wanted, wanted.file)} is not what it was a moment ago`);
  }
  const { leave, roles } = wanted;
  return { written: read.written, rules: { leave, roles } };
}

type ReadFile =
  | {
      readonly state: 'read';
      readonly written: JsonRecord;
      readonly hash: DefinitionVersion['hash'];
    }
  | Extract<ObservedFile, { state: 'refused' | 'unknown' }>;

async function readFile(
  commit: Commit,
  file: DefinitionRules['file'],
  definitions: Definitions,
): Promise<ReadFile> {
  const answer = await definitions.written(commit, file);
  if (answer.state === 'unknown') return answer;
  const name = nameOf(commit, file);
  if (answer.state === 'missing') {
    return { state: 'refused', because: `${name}: ${answer.because}` };
  }
  const read = readDefinitionText(answer.text);
  if (read.state === 'wrong') return { state: 'refused', because: `${name}, ${read.because}` };
  const hash = createHash('sha256').update(answer.text).digest('hex').slice(0, HASH_DIGITS);
  return { state: 'read', written: read.written, hash };
}

function nameOf({ repository, sha }: Commit, file: string): string {
  return `${file} of ${repository} at ${sha.slice(0, 7)}`;
}
