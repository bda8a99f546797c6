/** docs/incidents.md is what `status` and the mail really say, at the moment when the mail comes. UPDATE=1 writes it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test, vi } from 'vitest';
import { status } from '../../../cli/status.ts';
import type { Cloud } from '../../../local/slipway/slipway-cloud.ts';
import { onlookerIn } from '../view/person.ts';
import { COMMON, pipeline, printed } from '../world.ts';
import { INCIDENTS, mailOf, playIncidents } from './incidents.ts';

const FILE = new URL('../../../docs/incidents.md', import.meta.url);

interface Read {
  readonly minute: number;
  readonly status: string;
  readonly mail?: string;
}

const read = new Map<string, Read>();

beforeAll(async () => {
  vi.stubEnv('COLUMNS', '100');
  await playIncidents(pipeline, lookAtEach);
});

async function lookAtEach(cloud: Cloud, minute: number): Promise<void> {
  for (const { target, readAt } of INCIDENTS) {
    if (read.has(target)) continue;
    const mail = mailOf(cloud, target);
    if (mail === undefined && readAt !== minute) continue;
    const { stdout } = await printed(() =>
      status(onlookerIn(cloud), target, { ...COMMON, watch: false, all: false, everyMs: 5_000 }),
    );
    const told = mail && `Subject: ${mail.subject}\n\n${mail.message}`;
    read.set(target, { minute, status: stdout.trimEnd(), ...(told && { mail: told }) });
  }
}

test.each(INCIDENTS)('$title: the first look says it', ({ target, says }) => {
  const answer = read.get(target);
  expect(answer?.status.replaceAll(/\s+/g, ' ')).toMatch(says);
  if (answer?.mail !== undefined) expect(answer.mail.replaceAll(/\s+/g, ' ')).toMatch(says);
});

test('docs/incidents.md is what they say', () => {
  const text = [INTRODUCTION, ...INCIDENTS.map(section)].join('\n\n');
  if (process.env.UPDATE === '1') writeFileSync(FILE, `${text}\n`);
  expect(readFileSync(FILE, 'utf8')).toBe(`${text}\n`);
});

test.each(INCIDENTS)('docs/incidents/$target.png is a picture, and a small one', ({ target }) => {
  const picture = readFileSync(new URL(`incidents/${target}.png`, FILE));
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  expect(picture.length).toBeLessThan(40_000);
});

const INTRODUCTION = `# Ten incidents

What the paged person reads: the mail, and \`slipway status <target>\` in the minute in which it came. Each was played in the
local AWS, and this page is what was really printed: a test holds it against the stories. What went wrong stands above each in
the words of the model, which alone knows it; Slipway knows what AWS shows. A line of a status is broken at 100 columns.
\`slipway why <target>\` says more. The pictures are of \`slipway view\` in the same minute (\`npm run test:page -- --incidents docs/incidents\`
takes them anew).`;

function section({ target, title, truth, readAt }: (typeof INCIDENTS)[number]): string {
  const { minute = 0, status: text = '', mail } = read.get(target) ?? {};
  const when = `Minute ${minute} of the story`;
  const answer = `\`slipway status ${target}\`:\n\n\`\`\`text\n${text}\n\`\`\``;
  const told =
    mail === undefined
      ? `${readAt === undefined ? 'No mail came.' : 'No mail: it waits for a person, as a person said.'}`
      : `The mail:\n\n\`\`\`text\n${mail}\n\`\`\``;
  const picture = `![${target} in slipway view](incidents/${target}.png)`;
  return `## ${title}\n\n*In truth: ${truth}.* ${when}.\n\n${picture}\n\n${told}\n\n${answer}`;
}
