/** What the documents point to is there: every link, every file that is named, every script. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { files } from '../house/sources.ts';
import { PAGES, ROOT, textOf } from './pages.ts';

/** Folders of the repository; a path in backticks that begins with one of them is a file of ours. */
const ROOMS =
  /^(bench|cli|docs|events|functions|infra|local|packages|shared|test)\/[\w./*-]*$|^[\w-]+\.(ts|json|md)$/;
const IN_EXAMPLES =
  /(?<![\w/-])(bench|cli|docs|events|functions|infra|local|packages|shared|test)\/[\w./-]+\.\w+/g;
/** What a command writes, or a reader would: it is named, and not there. */
const NOT_OURS = new Set(['github.json']);

const withoutBlocks = (text: string) => text.replaceAll(/^```[\s\S]*?^```$/gm, '');

function anchorsIn(page: string): readonly string[] {
  return [...withoutBlocks(textOf(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Its relative links that lead nowhere, or to a heading that is not there. */
function lostLinks(page: string): readonly string[] {
  const links = [...withoutBlocks(textOf(page)).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)];
  return links
    .map(([, link = '']) => link)
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && file.endsWith('.md') && !anchorsIn(file).includes(anchor);
    });
}

describe.each(PAGES)('%s', (page) => {
  const text = withoutBlocks(textOf(page));

  test('every file that it names exists', () => {
    const named = [...text.matchAll(/`([^`\n]+)`/g)]
      .map(([, name = '']) => name)
      .filter((name) => ROOMS.test(name) && !name.includes('*') && !NOT_OURS.has(name));
    expect(named.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });

  test('every file that stands in its examples exists', () => {
    const blocks = [...textOf(page).matchAll(/^```[\s\S]*?^```$/gm)].map(([block]) => block);
    const named = blocks.flatMap((block) => block.match(IN_EXAMPLES) ?? []);
    expect(named.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });

  test('every script of npm that it names exists', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const named = [...textOf(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

test.each(files.filter((file) => file.endsWith('.md')))('%s: no link is broken', (page) => {
  expect(lostLinks(page)).toEqual([]);
});

test('infra/README.md: every file that it names is there, or in its folder', () => {
  const names = [...withoutBlocks(textOf('infra/README.md')).matchAll(/`([\w./-]+\.(?:ts|yml))`/g)];
  const gone = names
    .map(([, name = '']) => name)
    .filter((name) => ![name, join('infra', name)].some((file) => existsSync(join(ROOT, file))));
  expect(names.length).toBeGreaterThan(5);
  expect(gone).toEqual([]);
});

test('the documents are found at all', () => {
  expect(PAGES).toEqual(
    expect.arrayContaining(['README.md', 'docs/architecture.md', 'docs/configuration.md']),
  );
});

test('the README is a door and no corridor', () => {
  expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(260);
});
