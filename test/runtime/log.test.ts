import { expect, test } from 'vitest';
import { createLog, followingLog, withLog } from '../../shared/runtime/log.ts';

const T0 = Date.parse('2026-11-20T10:00:00Z');

function listening(level?: 'DEBUG') {
  const lines: string[] = [];
  const time = { now: T0 };
  const log = createLog({
    name: 'reconcile',
    now: () => time.now,
    write: (line) => lines.push(line),
    ...(level === undefined ? {} : { level }),
  });
  return { log, time, lines, read: () => lines.map((line) => JSON.parse(line)) };
}

test('a line is one JSON object with our time, the function, the message and the facts', () => {
  const { log, lines } = listening();
  log.info('done', { target: 'web' });
  expect(lines).toEqual([
    '{"timestamp":"2026-11-20T10:00:00.000Z","level":"INFO","function":"reconcile","message":"done","target":"web"}',
  ]);
});

test('two runs with one clock say the same, to the byte', () => {
  const say = () => {
    const { log, time, lines } = listening();
    const bound = log.with({ cause: { id: 'e1' } });
    bound.info('a', { b: 1 });
    time.now += 1_500;
    bound.warn('c');
    bound.error('d', { error: 'e' });
    return lines.join('\n');
  };
  expect(say()).toBe(say());
});

test('what a log is bound to stands in its lines, and in nobody else’s', () => {
  const { log, read } = listening();
  const web = log.with({ target: 'web' });
  const cause = web.with({ cause: { id: 'e1' } });
  log.info('1');
  web.info('2', { more: true });
  cause.info('3');
  web.info('4');
  expect(read().map(({ target, cause, more }) => ({ target, cause, more }))).toEqual([
    {},
    { target: 'web', more: true },
    { target: 'web', cause: { id: 'e1' } },
    { target: 'web' },
  ]);
});

test('reads are told only to who asks for DEBUG', () => {
  const quiet = listening();
  quiet.log.debug('x');
  expect(quiet.lines).toEqual([]);
  const loud = listening('DEBUG');
  loud.log.with({ a: 1 }).debug('x');
  expect(loud.read()).toMatchObject([{ level: 'DEBUG', message: 'x', a: 1 }]);
});

test('a following log speaks for what is being handled, through every await, and side by side', async () => {
  const { log, read } = listening();
  const following = followingLog(log);
  const handling = (target: string) =>
    withLog(log.with({ target }), async () => {
      await new Promise((resolve) => setTimeout(resolve, target === 'web' ? 5 : 1));
      following.info('called AWS');
    });
  await Promise.all([handling('web'), handling('api')]);
  following.info('between');
  expect(read().map(({ target }) => target)).toEqual(['api', 'web', undefined]);
});

test('an error is told with its cause', () => {
  const { log, read } = listening();
  log.error('failed', { error: new Error('outer', { cause: new Error('inner') }) });
  expect(read()).toMatchObject([{ error: { message: 'outer', cause: { message: 'inner' } } }]);
});
