/** Looks in the page for text that is hard to read. Runs in the browser, so it is a text here. */
import type { Page } from 'playwright-core';

/** WCAG 2.2, 1.4.3: 4.5, or 3 for text of 24 px, or of 18.66 px and bold. */
const FIND_FAINT = `(() => {
  const parse = (text) => {
    const [r, g, b, a = 1] = (text.match(/[\\d.]+/g) ?? []).map(Number);
    return { r, g, b, a };
  };
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a),
    g: top.g * top.a + under.g * (1 - top.a),
    b: top.b * top.a + under.b * (1 - top.a),
    a: 1,
  });
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((c) => {
      const s = c / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    if (element === null) return { r: 255, g: 255, b: 255, a: 1 };
    const own = parse(getComputedStyle(element).backgroundColor);
    return own.a === 1 ? own : over(own, behind(element.parentElement));
  };
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() === '' || !element.checkVisibility()) continue;
    if (element.closest('.unseen, script, noscript, legend, option')) continue;
    const style = getComputedStyle(element);
    const under = behind(element);
    const [a, b] = [light(over(parse(style.color), under)), light(under)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) {
      faint.push(ratio.toFixed(2) + ': "' + node.textContent.trim().slice(0, 40) + '"');
    }
  }
  return faint;
})()`;

/** `3.90: "10:39:00"` for each. */
export async function faintTexts(page: Page): Promise<readonly string[]> {
  return (await page.evaluate(FIND_FAINT)) as string[];
}
