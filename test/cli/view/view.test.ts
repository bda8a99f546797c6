/** `slipway view`: what the page says, how often AWS is asked for it, and whom it answers. */
import { request } from 'node:http';
import { close, listen } from '@slipway/local-cloud/server/http.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { ChartShelf } from '../../../cli/view/chart-shelf.ts';
import { Fleet } from '../../../cli/view/fleet.ts';
import { createViewServer, viewOf } from '../../../cli/view/server.ts';
import type { DrawnCharts } from '../../../local/page/charts/drawn.ts';
import type { Pipeline } from '../../../shared/config/config.ts';
import { pipeline, type Standing, standing } from '../world.ts';

let here: Standing;
let calls: string[] = [];
/** A good release, and a bad one that was rolled back. */
beforeAll(async () => {
  here = await standing(pipeline, ({ operation }) => calls.push(operation));
  here.push('main-1');
  await here.pass(20);
  here.push('main-2', { errorRate: 0.25 });
  await here.pass(25);
});

interface Opened {
  /** Real milliseconds. */
  clock: number;
  get(path: string, method?: string): Promise<{ status: number; text: string; policy: string }>;
}

function open(connection = here.connection): Opened {
  const opened: Opened = {
    clock: 0,
    get: async (path, method = 'GET') => {
      const url = new URL(path, 'http://localhost');
      const { status, headers, body } = await answer({
        method,
        path: url.pathname,
        query: url.searchParams,
        headers: {},
        body: Buffer.alloc(0),
      });
      return { status, text: String(body), policy: headers['content-security-policy'] ?? '' };
    },
  };
  const clock = () => opened.clock;
  const answer = viewOf(
    connection,
    new Fleet(connection, {}, clock),
    new ChartShelf(connection, clock),
  );
  return opened;
}

test('all targets: how many to look at, the worst first with its answer, the quiet ones below', async () => {
  const { status, text } = await open().get('/');
  expect(status).toBe(200);
  expect(text).toContain('<h1>1 of 2 targets to look at</h1>');
  expect(text).toMatch(
    /<a href="\/targets\/web">web<\/a> <span class="state">rolled back<\/span>[\s\S]*<p>main-2 was rolled back: alarm web-5xx rose at [\s\S]*<summary>1 is well<\/summary>[\s\S]*worker/,
  );
});

test('what is searched for is found by name, state and headline', async () => {
  const page = open();
  const named = async (filter: string) =>
    [...(await page.get(`/?q=${filter}`)).text.matchAll(/"\/targets\/(\w+)"/g)].map(([, id]) => id);
  expect(await named('WORK')).toEqual(['worker']);
  expect(await named('rolled-back')).toEqual(['web']);
  expect(await named('main-2')).toEqual(['web']);
  expect((await page.get('/?q=%3Cscript%3E')).text).toContain('“&lt;script&gt;” in it');
});

test('one target: the answer, what to type, each release with what became of it, each decision with its JSON', async () => {
  const { text } = await open().get('/targets/web');
  expect(text).toContain('<code>slipway why web</code>');
  expect(text).toMatch(
    /<li id="release-2" class="item bad">\s*<h3><a href="\/targets\/web\/releases\/2">#2<\/a> shop\/web:main-2 [\s\S]*rolled back/,
  );
  expect(text).toMatch(
    /<li id="release-1" class="item good">\s*<h3><a href="\/targets\/web\/releases\/1">#1<\/a> shop\/web:main-1 [\s\S]*proven/,
  );
  expect(text).toMatch(
    /<details id="entry-\d+" data-at="\d{13}"><summary>2026-11-20 \d\d:\d\d:\d\d .*\(idle\)<\/span>/,
  );
  expect(text).toContain('&quot;sequence&quot;');
  expect(text).toMatch(/Alarm web-5xx: OK to ALARM\./);
  expect(text).toContain('<span class="told">Announced: rolled back</span>');
});

test('a link to a release shows that release first, and one that is unknown is said to be', async () => {
  const page = open();
  const { text } = await page.get('/targets/web/releases/1');
  expect(text).toMatch(
    /data-release="1"[\s\S]*The release that is meant[\s\S]*class="item good meant"/,
  );
  expect((await page.get('/targets/web/releases/99')).text).toContain(
    'Release #99 does not stand in the history that is kept',
  );
});

describe('the charts of a release', () => {
  const charts = async (page: Opened, query = '') =>
    JSON.parse((await page.get(`/targets/web/charts.json${query}`)).text) as DrawnCharts;

  test('have all answers by the minute, marks of its turns, and shades of what was on its way', async () => {
    const drawn = await charts(open());
    expect(drawn.title).toMatch(/^Release #2, 2026-11-20 \d\d:\d\d to \d\d:\d\d UTC$/);
    expect(drawn.charts.map(({ key }) => key)).toEqual(['errors', 'requests']);
    const [errors] = drawn.charts;
    expect(errors?.plot.lines[0]?.name).toBe('answers');
    expect(
      Math.max(...(errors?.plot.lines[0]?.values ?? []).map((one) => one ?? 0)),
    ).toBeGreaterThan(20);
    expect(errors?.plot.thresholds).toMatchObject([{ name: 'web-5xx', value: 5, side: 'above' }]);
    expect(drawn.marks.map(({ kind }) => kind)).toEqual([
      'proven',
      'started',
      'alarm-rose',
      'way-back-asked',
      'rolled-back',
    ]);
    expect(drawn.shades.map(({ kind }) => kind)).toContain('way-back');
    expect(drawn.notes[0]).toMatch(/^Old and new are not told apart: .*\.$/);
  });

  test('are those of the release that is named, or of the one in whose time a moment lies', async () => {
    const page = open();
    expect((await charts(page, '?release=1')).release).toBe(1);
    const { marks } = await charts(page, '?release=1');
    expect((await charts(page, `?at=${marks[0]?.at}`)).release).toBe(1);
    expect((await charts(page, '?at=1000')).release).toBeNull();
  });

  test('cost five calls a minute while they can change, and none when they are over', async () => {
    const page = open();
    await page.get('/targets/web');
    calls = [];
    await Promise.all([charts(page), charts(page)]);
    expect(calls.toSorted()).toEqual([
      'DescribeAlarms',
      'DescribeServiceRevisions',
      'DescribeServiceRevisions',
      'GetMetricData',
      'ListServiceDeployments',
    ]);
    calls = [];
    page.clock += 30_000;
    await charts(page);
    expect(calls).toEqual([]);
  });

  test('without the right to read metrics they say so, with what is known besides', async () => {
    const { connection } = here;
    const answers = async () => {
      throw new Error('cloudwatch:GetMetricData: AccessDenied');
    };
    const page = open({ ...connection, aws: { ...connection.aws, answers } });
    const { charts: none, notes, marks } = await charts(page);
    expect(none).toEqual([]);
    expect(notes).toContain(
      'All answers together could not be read: cloudwatch:GetMetricData: AccessDenied.',
    );
    expect(marks).not.toEqual([]);
  });
});

test("what an alarm's text or a person says is text, and no script can run", async () => {
  const { connection } = here;
  await connection.aws.stop.turn('on', { by: 'ada', because: '<img src=x onerror=alert(1)>' });
  const { text, policy } = await open().get('/');
  await connection.aws.stop.turn('off', { by: 'ada', because: 'over' });
  expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(text).not.toContain('<img');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-inline');
});

test.each([
  ['POST', '/', 405],
  ['GET', '/targets/nobody', 404],
  ['GET', '/targets/constructor', 404],
  ['GET', '/targets/%E0%A4%A', 404],
  ['GET', '/..%2fsecret', 404],
])('%s %s is answered %i', async (method, path, status) => {
  const page = open();
  expect((await page.get(path, method)).status).toBe(status);
});

describe('AWS is asked', () => {
  test('once a minute at rest, however many pages look how often', async () => {
    const page = open();
    calls = [];
    for (page.clock = 0; page.clock < 60_000; page.clock += 5_000) {
      await Promise.all([page.get('/'), page.get('/')]);
    }
    expect(calls.toSorted()).toEqual(
      ['BatchGetItem', 'DescribeAlarms', 'DescribeServices', 'GetItem'].toSorted(),
    );
  });

  test('every ten seconds of what moves, and of nothing else', async () => {
    const moving = await standing(pipeline, ({ operation }) => calls.push(operation));
    const page = open(moving.connection);
    moving.push('main-1');
    await moving.pass(1);
    await page.get('/');
    calls = [];
    page.clock += 10_000;
    expect((await page.get('/')).text).toContain('deploying');
    expect(calls.filter((one) => one === 'DescribeServices')).toHaveLength(1);
    expect(calls.length).toBeLessThanOrEqual(6);
    calls = [];
    page.clock += 9_000;
    await page.get('/');
    expect(calls).toEqual([]);
  });

  test('two hundred targets: 25 calls a minute at rest, and a page of less than 200 KB', async () => {
    const page = open({ ...here.connection, pipeline: two(200) });
    calls = [];
    const { text } = await page.get('/');
    expect(calls).toHaveLength(25);
    expect(text.length).toBeLessThan(200_000);
    expect(text).toContain('200 targets');
  });

  test('what AWS does not answer leaves what was seen, and says so', async () => {
    const { connection } = here;
    let isDown = false;
    const loadMany: typeof connection.aws.loadMany = async (keys) => {
      if (isDown) throw new Error('the credentials have expired');
      return await connection.aws.loadMany(keys);
    };
    const page = open({ ...connection, aws: { ...connection.aws, loadMany } });
    await page.get('/');
    isDown = true;
    page.clock += 60_000;
    const { status, text } = await page.get('/');
    expect(status).toBe(200);
    expect(text).toContain('Since then AWS could not be asked: the credentials have expired');
    expect(text).toContain('main-2 was rolled back');
  });
});

describe('what a page may meet', () => {
  test('left open for a week it asks as often as on its first day, and tells the same', async () => {
    const page = open();
    await page.get('/');
    calls = [];
    const hours = 7 * 24;
    for (let hour = 0; hour < hours; hour++) {
      page.clock += 3_600_000;
      expect((await page.get('/')).text).toContain('1 of 2 targets to look at');
    }
    expect(calls).toHaveLength(4 * hours);
  });

  test('by a clock that is an hour behind nothing began in the future', async () => {
    const now = () => here.connection.now() - 3_600_000;
    const page = open({ ...here.connection, now });
    for (const path of ['/', '/targets/web']) {
      expect((await page.get(path)).text).not.toMatch(/(?:for|,) -\d|NaN/);
    }
    expect((await page.get('/targets/web/charts.json')).status).toBe(200);
  });

  test('with half of the targets gone from ECS those are told with the trouble, and the others as they are', async () => {
    const { web, worker } = pipeline.targets;
    if (web === undefined || worker === undefined) throw new Error('the example has two targets');
    const gone = { ...worker, id: 'gone', key: 'ecs/production/gone', service: 'gone' } as const;
    const other = { ...gone, id: 'lost', key: 'ecs/production/lost', service: 'lost' } as const;
    const targets = { web, worker, gone, lost: other };
    const { text } = await open({ ...here.connection, pipeline: { ...pipeline, targets } }).get(
      '/',
    );
    expect(text).toContain('3 of 4 targets to look at');
    const named = [...text.matchAll(/"\/targets\/(\w+)"/g)].map(([, id]) => id);
    expect(new Set(named.slice(0, 3))).toEqual(new Set(['web', 'gone', 'lost']));
    expect(text).toContain('ECS shows no such service');
  });

  test('200 targets while AWS throttles: it says so, asks again, and then shows them', async () => {
    const { connection } = here;
    let isThrottled = true;
    const servicesOf: typeof connection.aws.fleet.servicesOf = async (cluster, services) => {
      if (isThrottled) throw new Error('ecs:DescribeServices: ThrottlingException: Rate exceeded');
      return await connection.aws.fleet.servicesOf(cluster, services);
    };
    const fleet = { ...connection.aws.fleet, servicesOf };
    const aws = { ...connection.aws, fleet };
    const page = open({ ...connection, aws, pipeline: two(200) });
    const first = await page.get('/');
    expect(first.status).toBe(200);
    expect(first.text).toContain('AWS did not answer yet');
    expect(first.text).toContain('ThrottlingException');
    isThrottled = false;
    page.clock += 60_000;
    expect((await page.get('/')).text).toContain('200 targets');
  });
});

/** Copies of one target, of which the first alone has a service: the others are down, which is the longest page. */
function two(count: number): Pipeline {
  const { web } = pipeline.targets;
  if (web === undefined) throw new Error('the example has no web');
  const copies = Array.from({ length: count }, (_, i) => {
    const name = i === 0 ? 'web' : `web-${i}`;
    const rules = { ...web.rules, alarms: [`${name}-5xx`] };
    return [
      name,
      { ...web, id: name, key: `ecs/production/${name}`, service: name, rules },
    ] as const;
  });
  return { ...pipeline, targets: Object.fromEntries(copies) };
}

test('a page of somebody else, by another name or from elsewhere, gets nothing', async () => {
  const server = createViewServer(here.connection, {
    host: '127.0.0.1',
    onWarning: () => undefined,
  });
  const port = await listen(server, 0, '127.0.0.1');
  const ask = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve) => {
      request({ host: '127.0.0.1', port, path: '/targets/web', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end();
    });
  expect(await ask({})).toBe(200);
  expect(await ask({ host: 'evil.example' })).toBe(403);
  expect(await ask({ origin: 'http://evil.example' })).toBe(403);
  expect(await ask({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).toBe(403);
  await close(server);
});
