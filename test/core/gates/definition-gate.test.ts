/** A release brings the task definition of its commit, or it does not start; and the way back brings what ran. */
import { describe, expect, test } from 'vitest';
import { explain } from '../../../shared/core/explain/explain.ts';
import type { ObservedFile } from '../../../shared/core/model/definition/file.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { questionFor } from '../../../shared/core/question.ts';
import {
  at,
  baking,
  definition,
  image,
  looked,
  order,
  person,
  pushed,
  red,
  release,
  revision,
  rules,
  seen,
  service,
  twoContainers,
  waiting,
  when,
} from '../../build.ts';

const RULES = { file: 'web/taskdef.json', container: 'app', leave: [], roles: ['web-task'] };
const VERSION = {
  repository: 'acme/shop',
  sha: '8f3c2a1b9d048f3c2a1b9d048f3c2a1b9d048f3c',
  file: 'web/taskdef.json',
  hash: '0123456789abcdef',
};
const READ = { state: 'read', ...VERSION, changes: ['cpu "256" -> "512"'] } as const;
const UNKNOWN = { state: 'unknown', because: 'GitHub: 503' } as const;
const REFUSED = {
  state: 'refused',
  because: 'web/taskdef.json of acme/shop at 8f3c2a1: `family` is not as it runs',
} as const;
const LABEL = 'shop/web:main-2 (sha256:000000000000)';

const given = (change: Partial<TargetRecord['rules']> = {}) =>
  waiting({ rules: rules({ definition: RULES, ...change }) });
const file = (definitionFile: ObservedFile) => ({ definitionFile });

test('the file is asked about where its image waits, and nowhere else', () => {
  expect(questionFor(given(), at(1)).definitionFile).toEqual(image(2));
  expect(questionFor(waiting(), at(1))).not.toHaveProperty('definitionFile');
  const other = waiting({ rules: twoContainers({ definition: { ...RULES, container: 'log' } }) });
  expect(questionFor(other, at(1))).not.toHaveProperty('definitionFile');
});

test('a release is registered with the file of its commit, and says what that changes', () => {
  const { action, because, record } = looked(given(), 1, file(READ));
  expect(action).toMatchObject({
    type: 'RegisterRevision',
    definition: { ...VERSION, leave: [], roles: ['web-task'] },
  });
  expect(because).toBe(`${LABEL} starts, with web/taskdef.json at 8f3c2a1: cpu "256" -> "512"`);
  expect(record.phase).toMatchObject({ release: { definition: { hash: VERSION.hash } } });
});

test('a file that changes nothing registers nothing for an image that the definition names', () => {
  const written = { definition: definition({ app: image(2) }) };
  const same = looked(given(), 1, { ...written, ...file({ ...READ, changes: [] }) });
  expect([same.action, same.because]).toEqual([
    undefined,
    expect.stringContaining('the task definition already names'),
  ]);
  expect(looked(given(), 1, { ...written, ...file(READ) }).action?.type).toBe('RegisterRevision');
});

test('an image that is known of no commit starts with the definition that runs', () => {
  const { action } = looked(given(), 1, file({ state: 'none', because: 'no commit' }));
  expect(action?.type).toBe('RegisterRevision');
  expect(action).not.toHaveProperty('definition');
});

test('while GitHub does not answer it waits, and starts when it does', () => {
  const first = looked(given(), 1, file(UNKNOWN));
  expect([first.action, first.kinds]).toEqual([undefined, ['held']]);
  expect(first.told[0]?.because).toBe(
    `the task definition of ${LABEL} could not be read: GitHub: 503`,
  );
  expect(first.record.waiting.app?.held).toMatchObject({ reason: 'definition' });
  expect(looked(first.record, 30, file(READ)).action?.type).toBe('RegisterRevision');
});

test('a hold that outlasts its minutes asks a person, and nothing starts without the file', () => {
  const first = looked(given({ afterHold: 'proceed', holdMinutes: 60 }), 1, file(UNKNOWN));
  const after = looked(first.record, 62, file(UNKNOWN));
  expect([after.action, after.kinds]).toEqual([undefined, ['needs-attention']]);
});

test("a person's deploy waits for the file as well", () => {
  const { record } = when(given(), person({ do: 'deploy', images: { app: image(2) } }));
  expect(looked(record, 1, file(UNKNOWN)).action).toBeUndefined();
});

describe('a file that cannot be', () => {
  const { record, kinds, told, action } = looked(given(), 1, file(REFUSED));

  test('refuses its release in words, and what runs stays', () => {
    expect([action, kinds, record.waiting, record.phase.phase]).toEqual([
      undefined,
      ['refused'],
      {},
      'idle',
    ]);
    expect(told[0]?.because).toBe(
      `${LABEL} cannot start with its task definition: ${REFUSED.because}`,
    );
    expect(record.quarantine).toEqual([]);
  });

  test('is mended by the next push', () => {
    const next = when(record, pushed(3, { containers: { app: order(3) } })).record;
    expect(looked(next, 2, file(READ)).action?.type).toBe('RegisterRevision');
  });

  test('may be offered again, since a role or the config may mend it', () => {
    const again = when(record, pushed(2)).record;
    expect(again.waiting.app?.image).toEqual(image(2));
  });
});

test('a file that was read for another image does not count', () => {
  const newer = when(given(), pushed(3)).record;
  const question = questionFor(given(), at(1));
  const { action } = looked(newer, 2, { question, ...file(READ) });
  expect(action).toBeUndefined();
});

test('the release of another container leaves the definition as it runs', () => {
  const both = waiting({
    rules: twoContainers({ definition: { ...RULES, container: 'log' } }),
  });
  const { action } = looked(both, 1, {
    definition: definition({ app: image(1), log: image(11) }),
  });
  expect(action).not.toHaveProperty('definition');
});

describe('the way back', () => {
  const { phase } = looked(given(), 1, file(READ)).record;
  const own = phase.phase === 'deploying' && phase.goal === 'forward' ? phase.release : undefined;
  const baked = baking({ release: { ...release(), definition: own?.definition ?? READ } });
  const condemned = looked(baked, 12, { service: service(2), alarms: { 'web-5xx': red(at(11)) } });

  test('says what the release had changed beside its image, before the words of AWS', () => {
    const back = condemned.record.phase;
    expect(back).toMatchObject({
      goal: 'back',
      condemned: {
        because: expect.stringContaining(
          '; beside its image it changed cpu "256" -> "512" (web/taskdef.json)',
        ),
      },
    });
  });

  test('brings the revision that ran, image and definition, and lays nothing over it', () => {
    const gone = {
      service: service(2),
      rollbackTo: { state: 'deregistered', revision: revision(1) },
    } as const;
    const { action } = looked(condemned.record, 13, gone);
    expect(action).toMatchObject({ type: 'RegisterRevision', base: revision(1) });
    expect(action).not.toHaveProperty('definition');
  });
});

test('explain says what an image that waits would change beside itself', () => {
  const told = (seenFile: ObservedFile) =>
    explain(given(), seen(given(), 1, file(seenFile))).filter(({ rule }) =>
      rule.includes('brings the task definition'),
    );
  const rule = `${LABEL} brings the task definition of its commit`;
  expect(told(READ)).toMatchObject([
    { rule, because: 'web/taskdef.json at 8f3c2a1: cpu "256" -> "512"' },
  ]);
  expect(told({ state: 'none', because: 'no commit is known of it' })).toMatchObject([
    { rule, because: 'no commit is known of it: it starts with what runs' },
  ]);
  expect(told(UNKNOWN)).toEqual([]);
});
