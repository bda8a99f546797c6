/** Histories of incidents, kept: this code decides as the code of that day did, phase by phase. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SavedHistory } from '../../cli/replay.ts';
import { replay } from '../../shared/core/explain/replay.ts';

const folder = new URL('./', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('a kept history is decided again as it was', () => {
  test.for(files)('%s', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const { key, history } = JSON.parse(text) as SavedHistory;
    const { steps } = replay(key, history);
    // Wording may change; what was decided may not.
    expect(steps.map(({ phase }) => phase)).toEqual(history.map(({ phase }) => phase));
  });
});
