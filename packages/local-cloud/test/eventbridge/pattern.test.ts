import { describe, expect, it, test } from 'vitest';
import { matches, readPattern } from '../../eventbridge/pattern.ts';
import captured from '../captures/eventbridge/patterns.excerpt.json' with { type: 'json' };

interface Observation {
  readonly case: string;
  readonly pattern: string;
  readonly event: string;
  readonly code: string;
  readonly output?: { readonly Result: boolean };
  readonly error?: { readonly Message: string };
}

const observations = captured.observations as readonly Observation[];

/** AWS itself breaks down at these; we refuse nothing there. */
const NOT_IMITATED = new Set(['validation_15']);

describe('what AWS answered in TestEventPattern', () => {
  const answered = observations.filter(({ code }) => code === 'Success');
  const refused = observations.filter(
    (observation) => observation.code !== 'Success' && !NOT_IMITATED.has(observation.case),
  );

  test('the capture has both answers and refusals', () => {
    expect(answered.filter(({ output }) => output?.Result).length).toBeGreaterThan(20);
    expect(refused.length).toBeGreaterThan(30);
  });

  it.each(answered)('$case: matches as on AWS', ({ pattern, event, output }) => {
    expect(matches(pattern, JSON.parse(event))).toBe(output?.Result);
  });

  it.each(refused)('$case: is refused for the same reason', ({ pattern, error }) => {
    const reason = (error?.Message ?? '').split('\n')[0];
    expect(() => readPattern(pattern)).toThrow(
      expect.objectContaining({ code: 'InvalidEventPatternException', message: reason }),
    );
  });
});

const DETAIL = {
  name: 'web-api',
  empty: '',
  nothing: null,
  count: 7,
  flag: true,
  tags: ['v1', 'latest'],
  none: [],
  nested: { deep: { value: 'x' } },
  ip: '10.0.0.17',
};

const MATCHING: readonly [string, unknown][] = [
  ['an exact text', { name: ['web-api'] }],
  ['one of several', { name: ['other', 'web-api'] }],
  ['the empty text', { empty: [''] }],
  ['null', { nothing: [null] }],
  ['a number', { count: [7] }],
  ['any element of an array', { tags: ['latest'] }],
  ['a nested field', { nested: { deep: { value: ['x'] } } }],
  ['prefix', { name: [{ prefix: 'web-' }] }],
  ['suffix', { name: [{ suffix: '-api' }] }],
  ['prefix without case', { name: [{ prefix: { 'equals-ignore-case': 'WEB' } }] }],
  ['equals-ignore-case', { name: [{ 'equals-ignore-case': 'WEB-API' }] }],
  ['wildcard', { name: [{ wildcard: 'w*-a*i' }] }],
  ['anything-but a text', { name: [{ 'anything-but': 'other' }] }],
  ['anything-but a list', { count: [{ 'anything-but': [1, 2] }] }],
  ['anything-but a prefix', { name: [{ 'anything-but': { prefix: 'batch-' } }] }],
  ['anything-but several suffixes', { name: [{ 'anything-but': { suffix: ['-x', '-y'] } }] }],
  ['anything-but a wildcard', { name: [{ 'anything-but': { wildcard: '*-worker' } }] }],
  ['anything-but without case', { name: [{ 'anything-but': { 'equals-ignore-case': ['A'] } }] }],
  ['numeric equality', { count: [{ numeric: ['=', 7] }] }],
  ['a numeric range', { count: [{ numeric: ['>', 0, '<=', 7] }] }],
  ['exists', { name: [{ exists: true }] }],
  ['absence', { missing: [{ exists: false }] }],
  ['absence below what is absent', { missing: { deeper: [{ exists: false }] } }],
  ['an empty array has no value', { none: [{ exists: false }] }],
  ['cidr', { ip: [{ cidr: '10.0.0.0/24' }] }],
  ['$or', { $or: [{ name: ['nobody'] }, { count: [{ numeric: ['>', 5] }] }] }],
];

const MISSING: readonly [string, unknown][] = [
  ['another text', { name: ['web'] }],
  ['a number written as text', { count: ['7'] }],
  ['a field that is not there', { missing: ['x'] }],
  ['one of two fields wrong', { name: ['web-api'], count: [8] }],
  ['anything-but of a field that is not there', { missing: [{ 'anything-but': 'x' }] }],
  ['anything-but the text itself', { name: [{ 'anything-but': 'web-api' }] }],
  ['exists of an object: only leaves exist', { nested: [{ exists: true }] }],
  ['exists: false of what is there', { name: [{ exists: false }] }],
  ['the bound itself', { count: [{ numeric: ['<', 7] }] }],
  ['an address outside', { ip: [{ cidr: '10.0.1.0/24' }] }],
  ['wildcard must cover all of it', { name: [{ wildcard: 'web*x' }] }],
];

describe('the documented operators', () => {
  it.each(MATCHING)('%s matches', (_name, detail) => {
    expect(matches({ detail }, { detail: DETAIL })).toBe(true);
  });

  it.each(MISSING)('%s does not match', (_name, detail) => {
    expect(matches({ detail }, { detail: DETAIL })).toBe(false);
  });

  it('refuses a leaf that is no array', () => {
    expect(() => readPattern({ source: 'aws.ecr' })).toThrow(
      '"source" must be an object or an array',
    );
  });
});
