/**
 * Replays captured calls against the local ECS and compares the answers with AWS's, field by
 * field. Times only have to be there. Ids (of tasks, deployments, interfaces, events) are matched
 * one to one: the same id of AWS must always stand where the same id of ours stands.
 */

import { ecsOperations } from '../../ecs/operations.ts';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import { advance } from '../../services.ts';

export interface Call {
  readonly sequence: number;
  readonly label: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly finishedAt: string;
  readonly code: string;
  readonly output?: unknown;
  readonly error?: { readonly Message?: string; readonly message?: string };
}

export interface Difference {
  readonly sequence: number;
  readonly path: string;
  readonly aws: string;
  readonly ours: string;
}

/** Ids of AWS to ids of ours, and back. */
export interface Ids {
  readonly ours: Map<string, string>;
  readonly theirs: Map<string, string>;
}

export function noIds(): Ids {
  return { ours: new Map(), theirs: new Map() };
}

const ID = new RegExp(
  [
    '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    '(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])',
    String.raw`\b\d{19}\b`,
    String.raw`\beni-[0-9a-f]{17}`,
    String.raw`\b0e:ff(?::[0-9a-f]{2}){4}`,
    String.raw`\b10(?:\.\d{1,3}){3}`,
    String.raw`(?<=service-deployment\/[^/]+\/[^/]+\/)[\w-]{21}`,
    // The number that a container's name gets in its runtime id.
    String.raw`(?<=[0-9a-f]{32}-)\d{10}`,
  ].join('|'),
  'g',
);

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** Lets time pass until AWS answered, calls, and says where the answers differ. */
export function replay(world: World, call: Call, ids: Ids): Difference[] {
  advance(world, Math.max(world.now, Date.parse(call.finishedAt)));
  const aws =
    call.code === 'Success' ? call.output : { code: call.code, message: call.error?.message };
  const differences: Difference[] = [];
  const note = (path: string, theirs: unknown, ours: unknown) => {
    const text = (value: unknown) => JSON.stringify(value) ?? 'absent';
    differences.push({ sequence: call.sequence, path, aws: text(theirs), ours: text(ours) });
  };
  compare('', aws, answer(world, call, ids), { ids, note });
  return differences;
}

function answer(world: World, call: Call, ids: Ids): unknown {
  const name = call.operation.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const operation = (ecsOperations as Record<string, (world: World, input: never) => unknown>)[
    name
  ];
  if (operation === undefined) throw new Error(`the local ECS has no ${name}`);
  try {
    return operation(world, translated(call.input, ids) as never);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { code: error.code, message: error.withMessage ? error.message : undefined };
  }
}

/** The input with our ids in place of AWS's. */
function translated(input: unknown, ids: Ids): unknown {
  let text = JSON.stringify(input);
  for (const [theirs, ours] of ids.ours) text = text.replaceAll(theirs, ours);
  return JSON.parse(text);
}

interface Comparing {
  readonly ids: Ids;
  readonly note: (path: string, aws: unknown, ours: unknown) => void;
}

function compare(path: string, aws: unknown, ours: unknown, how: Comparing): void {
  if (typeof aws === 'string' && TIME.test(aws) && ours instanceof Date) return;
  if (typeof aws === 'string' && typeof ours === 'string') {
    if (path.endsWith('nextToken')) pair(aws, ours, how.ids);
    else if (!sameText(aws, ours, how.ids)) how.note(path, aws, ours);
    return;
  }
  if (Array.isArray(aws) && Array.isArray(ours)) {
    for (let index = 0; index < Math.max(aws.length, ours.length); index++) {
      compare(`${path}[${index}]`, aws[index], ours[index], how);
    }
    return;
  }
  if (isRecord(aws) && isRecord(ours)) {
    for (const key of new Set([...Object.keys(aws), ...Object.keys(ours)])) {
      compare(path === '' ? key : `${path}.${key}`, aws[key], ours[key], how);
    }
    return;
  }
  if (aws !== ours) how.note(path, aws, ours);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}

function sameText(aws: string, ours: string, ids: Ids): boolean {
  if (aws.replace(ID, '#') !== ours.replace(ID, '#')) return false;
  const theirIds = aws.match(ID) ?? [];
  const ourIds = ours.match(ID) ?? [];
  return theirIds.every((id, index) => pair(id, ourIds[index] ?? '', ids));
}

/** Whether the two may be the same thing; if neither was seen before, they are from now on. */
function pair(theirs: string, ours: string, ids: Ids): boolean {
  const known = ids.ours.get(theirs);
  if (known === undefined && !ids.theirs.has(ours)) {
    ids.ours.set(theirs, ours);
    ids.theirs.set(ours, theirs);
    return true;
  }
  return known === ours;
}
