/** docs/configuration.md has every option, with its bounds and its default; and no other. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { pipelineSchema } from '../../shared/config/schema.ts';
import { rowsOf, textOf } from './pages.ts';

/** What a schema says in JSON Schema, as far as this page has it. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

const PAGE = 'docs/configuration.md';
const SETTINGS_HEAD = '## The settings of the infrastructure';
const rows = new Map(rowsOf(PAGE).map(([option = '', ...cells]) => [plain(option), cells]));

function plain(cell: string): string {
  return cell.replaceAll('`', '');
}

function optionsIn(node: Node, path: string): readonly (readonly [string, Node])[] {
  const inside = Object.entries(node.properties ?? {}).flatMap(([name, value]) => {
    const here = path === '' ? name : `${path}.${name}`;
    return [[here, value] as const, ...optionsIn(value, here)];
  });
  const named =
    typeof node.additionalProperties === 'object'
      ? optionsIn(node.additionalProperties, `${path}.<name>`)
      : [];
  const listed = node.items === undefined ? [] : optionsIn(node.items, `${path}[]`);
  return [
    ...inside,
    ...named,
    ...listed,
    ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((one) => optionsIn(one, path)),
  ];
}

const schema = z.toJSONSchema(pipelineSchema, { io: 'output', unrepresentable: 'any' }) as Node;
// `type` is what ecsService() writes: nobody types it.
const options = optionsIn(schema, '').filter(([path]) => path !== 'targets.<name>.type');

test('the options are found at all', () => {
  expect(options.length).toBeGreaterThan(90);
  expect(options.map(([path]) => path)).toEqual(
    expect.arrayContaining(['infra.logDays', 'infra.builds.tools.sbom']),
  );
});

test('every option has a line, and every line is an option', () => {
  const known = options.map(([path]) => path);
  expect([...rows.keys()].toSorted()).toEqual([...new Set(known)].toSorted());
});

test('the settings stand under their own head', () => {
  const below = textOf(PAGE).split(SETTINGS_HEAD)[1] ?? '';
  for (const [name] of options.filter(([path]) => path.startsWith('infra'))) {
    expect(below).toContain(`| \`${name}\` |`);
  }
});

describe('as the schema has it', () => {
  test.each(options)('%s', (path, { minimum, maximum, default: usual, enum: words = [] }) => {
    const [type = '', shown = ''] = rows.get(path) ?? [];
    if (minimum !== undefined) expect(type).toMatch(new RegExp(`\\b${minimum} to ${maximum}\\b`));
    for (const word of words) expect(type).toContain(`'${word}'`);
    if (usual === undefined) return;
    expect(plain(shown).replaceAll(/[\s'"]/g, '')).toBe(
      JSON.stringify(usual).replaceAll(/[\s'"]/g, ''),
    );
  });
});
