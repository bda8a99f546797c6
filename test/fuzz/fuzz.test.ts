/** A small part of `npm run fuzz`, the same on every machine. */
import { expect, test } from 'vitest';
import { describeFailure, fuzz } from './run.ts';

test('whatever anybody is fed, only documented errors come out, and no secrets', async () => {
  const broken: string[] = [];
  let inputs = 0;
  for await (const report of fuzz({ inputs: 3_000, seed: 20_261_120 })) {
    inputs += report.inputs;
    if (report.failure !== undefined) broken.push(describeFailure(report.target, report.failure));
  }
  expect(broken.join('\n\n')).toBe('');
  expect(inputs).toBeGreaterThanOrEqual(3_000);
});
