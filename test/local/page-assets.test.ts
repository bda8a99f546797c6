import { expect, test } from 'vitest';
import { PAGE_POLICY, pageAssets } from '../../local/page/assets.ts';

const assets = await pageAssets();
const text = (path: string) => assets.get(path)?.body.toString() ?? '';

test('everything that the page names is served with it', () => {
  const named = [...text('/').matchAll(/(?:src|href)="(\/[^"_][^"]*)"/g)].map(([, path]) => path);
  expect(new Set(named)).toEqual(
    new Set(['/icon.svg', '/page.css', '/page.js', '/theme-first.js']),
  );
  expect([...assets.keys()].sort()).toEqual(['/', ...new Set(named)].sort());
  for (const [path, { body }] of assets) expect(body.length, path).toBeGreaterThan(100);
});

test('each has the type of its content', () => {
  expect(assets.get('/page.js')?.type).toBe('text/javascript; charset=utf-8');
  expect(assets.get('/')?.type).toBe('text/html; charset=utf-8');
});

test('the page has no inline script and no inline style, so that its policy can forbid them', () => {
  expect(text('/')).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/i);
  expect(PAGE_POLICY).not.toMatch(/unsafe/);
});

test('nothing is asked of any other host', () => {
  for (const path of ['/', '/page.css', '/page.js', '/theme-first.js']) {
    const elsewhere = text(path).match(/https?:\/\/[^\s"'`)]+/g) ?? [];
    // The name of a namespace, and the home of a library in its licence.
    const known = /^http:\/\/www\.w3\.org\/|^https:\/\/github\.com\/leeoniya\/uPlot/;
    expect(
      elsewhere.filter((url) => !known.test(url)),
      path,
    ).toEqual([]);
  }
});

test("the charts' own rules stand before ours", () => {
  const sheet = text('/page.css');
  expect(sheet.indexOf('.u-legend')).toBeGreaterThan(-1);
  expect(sheet.indexOf('.u-legend')).toBeLessThan(sheet.indexOf('--revision-1'));
});

test('the text of the server never becomes HTML', () => {
  // uPlot writes its own empty elements, and no text of ours: its legend and titles are off.
  expect(text('/page.js')).not.toMatch(/outerHTML|insertAdjacentHTML|document\.write|\beval\(/);
});
