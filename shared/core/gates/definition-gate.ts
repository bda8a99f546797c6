/** May this image start, going by the task definition of its commit? Pure; the file is read in `observe.ts`. */
import { type ContainerName, imageLabel } from '../model/image.ts';
import type { Observation } from '../model/observation.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Waiting } from '../model/record/waiting.ts';
import { unknownEnd } from './after-hold.ts';
import type { Gate, Refusal } from './gate.ts';

/** Its commit has no such file, or one that cannot be: nothing that is waited for mends that. */
export function refusedByDefinition(
  { definition: rules }: TargetRecord['rules'],
  container: ContainerName,
  { image }: Waiting,
  observation: Observation,
): Refusal | undefined {
  if (container !== rules?.container || !isAbout(observation, image)) return undefined;
  const { definitionFile: seen } = observation;
  if (seen?.state !== 'refused') return undefined;
  return {
    because: `${imageLabel(image)} cannot start with its task definition: ${seen.because}`,
    next: 'what runs stays as it is; mend the file and push; or, if it is mended elsewhere (a role, the config), push it again or deploy it by hand',
    again: 'push',
  };
}

/** An image never starts with another definition than that of its commit. */
export function waitsForDefinition(
  { rules, waiting }: TargetRecord,
  { definitionFile: seen }: Observation,
): Gate | undefined {
  const { definition } = rules;
  const image = definition && waiting[definition.container]?.image;
  if (definition === undefined || image === undefined || seen?.state !== 'unknown')
    return undefined;
  const sentence = `the task definition of ${imageLabel(image)} could not be read: ${seen.because}`;
  return {
    reason: 'definition',
    because: sentence,
    next: 'it starts by itself when GitHub lets it be read',
    ends: unknownEnd(rules, definition.container, {
      because: sentence,
      refused: 'when it can be read, deploy it by hand or push it again',
      asked: 'mend what keeps it from being read; it then starts by itself',
    }),
  };
}

/** A look asks about one file: that of the image that waited then. */
export function asksDefinition(
  { rules, waiting }: TargetRecord,
  observation: Observation,
): boolean {
  const image = rules.definition && waiting[rules.definition.container]?.image;
  if (image === undefined) return true;
  return observation.definitionFile !== undefined && isAbout(observation, image);
}

function isAbout({ question }: Observation, image: Waiting['image']): boolean {
  return question.definitionFile?.digest === image.digest;
}
