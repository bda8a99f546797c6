/** Which entries of the timeline concern a target: its name, its key, its images, its alarms. */
import type { PageEntry, PageTarget } from '../server/page-state.ts';

/** The words by which a target is recognised. */
export interface TargetWords {
  readonly id: string;
  readonly key: string;
  readonly service: string;
  readonly repositories: readonly string[];
  readonly alarms: readonly string[];
}

export function targetWords(target: PageTarget): TargetWords {
  const { id, key, service, alarms } = target;
  const images = [target.running, target.wanted, target.waiting].flatMap((each) =>
    Object.values(each),
  );
  return {
    id,
    key,
    service,
    repositories: [...new Set(images.map(({ repository }) => repository))],
    alarms: alarms.map(({ name }) => name),
  };
}

export function concerns(entry: PageEntry, target: TargetWords): boolean {
  switch (entry.type) {
    case 'decision':
      return entry.target === target.id || entry.target === target.key;
    case 'announcement':
      return entry.announcement.key === target.key;
    case 'step':
      return [target.id, ...target.repositories, ...target.alarms].some((word) =>
        hasWord(entry.text, word, '/', '/'),
      );
    case 'event':
      return mentions([entry.event.resources, entry.event.detail], target);
    case 'call':
      return mentions(entry.input, target);
    case 'source':
      return mentions(entry.announcement, target);
    case 'traffic':
    case 'hook':
      return entry.target === target.id;
    case 'status':
      return hasWord(entry.context, target.id);
    case 'failure':
      return hasWord(entry.error, target.key);
  }
  entry satisfies never;
  return false;
}

/** Some text within it, however deep, names the target. */
function mentions(value: unknown, target: TargetWords): boolean {
  if (typeof value === 'string') return names(value, target);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((part) => mentions(part, target));
}

function names(text: string, { key, service, repositories, alarms }: TargetWords): boolean {
  const path = key.replace(/^ecs\//, '');
  return (
    text === service ||
    text === `service:${service}` ||
    hasWord(text, path) ||
    text.includes(`:task-definition/${service}:`) ||
    repositories.some((repository) => hasWord(text, repository, '', '/')) ||
    alarms.some((alarm) => text === alarm || text.endsWith(`:alarm:${alarm}`))
  );
}

/**
 * As a whole word: `shop/web` is not in `shop/web-admin`, nor in `my-shop/web`. A `/` beside it
 * belongs to a longer name, or not: that is for the caller to say.
 */
function hasWord(text: string, word: string, notBefore = '', notAfter = ''): boolean {
  for (let from = text.indexOf(word); from !== -1; from = text.indexOf(word, from + 1)) {
    const before = text[from - 1] ?? ' ';
    const after = text[from + word.length] ?? ' ';
    const isWhole = !/[\w-]/.test(before) && !/[\w-]/.test(after);
    if (isWhole && before !== notBefore && after !== notAfter) return true;
  }
  return false;
}
