/** The rules of the house that a machine can keep: who may import whom, and what stands nowhere. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HERE = 'test/house.test.ts';

interface Rule {
  readonly files: RegExp;
  /** Files and packages that these may import. */
  readonly may: readonly RegExp[];
  /** Those of which they may import types only. */
  readonly types?: readonly RegExp[];
}

const CORE = /^shared\/core\//;
const EDGE = /^shared\/edge\//;
const NAMES = /^shared\/edge\/names\.ts$/;
/** How a mistake in what somebody wrote is named: in an event, in a config, in a scenario. */
const READING = /^shared\/edge\/(names|unreadable|bounded)\.ts$/;
const AWS = /^shared\/aws\//;
const GITHUB = /^shared\/github\//;
const FEEDBACK = /^shared\/feedback\//;
const CONFIG = /^shared\/(config(-\w+)?|tags|versions)\.ts$/;
const SDK = /^@aws-sdk\/|^@smithy\//;
const NODE = /^node:/;
const shared = (...names: string[]) => new RegExp(`^shared/(${names.join('|')})\\.ts$`);

/** The first rule whose files match counts. A new room, or a new file in shared, needs a line here. */
const RULES: readonly Rule[] = [
  { files: CORE, may: [CORE] },
  {
    files: /^shared\/edge\/webhook-signature\.ts$/,
    may: [EDGE, /^zod\/mini$/, /^@octokit\/webhooks-methods$/],
  },
  {
    files: EDGE,
    may: [EDGE, /^shared\/core\/breach\.ts$/, /^zod\/mini$/],
    types: [CORE, /^@octokit\/openapi-webhooks-types$/],
  },
  {
    files: /^shared\/aws\/sigstore\.ts$/,
    may: [AWS, NODE, /^sigstore$/, /^@sigstore\/(bundle|core|verify)$/],
    types: [CORE],
  },
  {
    // The wirings of what asks GitHub.
    files: /^shared\/aws\/connect-(build|feedback)\.ts$/,
    may: [AWS, SDK, GITHUB, shared('environment')],
    types: [FEEDBACK, shared('ports', 'source-ports')],
  },
  {
    files: AWS,
    may: [AWS, CORE, SDK, NODE, shared('ports', 'environment')],
    types: [CONFIG, FEEDBACK, shared('source-ports')],
  },
  {
    files: GITHUB,
    may: [
      GITHUB,
      /^@octokit\/(core|auth-app|plugin-retry|plugin-throttling)$/,
      /^zod\/mini$/,
      shared('ports'),
    ],
    types: [CORE, FEEDBACK, /^@octokit\/types$/, shared('source-ports')],
  },
  {
    // Of GitHub's room only what its errors are: no Octokit.
    files: FEEDBACK,
    may: [
      FEEDBACK,
      NAMES,
      /^shared\/edge\/announced\.ts$/,
      /^shared\/core\/image\.ts$/,
      shared('github-errors'),
      shared('ports', 'sizes', 'queue-batch'),
    ],
    types: [CORE, /^aws-lambda$/, shared('log')],
  },
  {
    files: CONFIG,
    may: [
      CONFIG,
      READING,
      /^shared\/core\/order\.ts$/,
      /^(zod|semver|picomatch|fastest-levenshtein)(\/|$)/,
      // Whether a key is one.
      /^node:crypto$/,
    ],
    types: [CORE, EDGE],
  },
  { files: shared('ports'), may: [], types: [CORE] },
  { files: shared('source-ports'), may: [], types: [CORE, shared('ports')] },
  // Where an image stands among the commits: asked when it is heard of, and while it waits.
  { files: shared('places'), may: [shared('sources')], types: [CORE, shared('ports')] },
  { files: shared('look'), may: [CORE, shared('ports', 'places')] },
  // What a handling would do, for people: it reads, and neither writes nor calls.
  { files: shared('preview'), may: [CORE, shared('look')], types: [shared('ports', 'handle')] },
  { files: shared('handle'), may: [CORE, shared('ports', 'look')] },
  { files: shared('handle-source'), may: [CORE, shared('ports')], types: [shared('source-ports')] },
  { files: shared('environment'), may: [] },
  {
    files: shared('log'),
    may: [NODE],
    types: [shared('ports')],
  },
  { files: shared('lambda'), may: [/^@middy\/core$/], types: [shared('log')] },
  { files: shared('routing'), may: [CONFIG, NAMES], types: [EDGE] },
  { files: shared('sizes'), may: [], types: [shared('routing')] },
  // Which targets a message concerns, what a sweep makes of what it saw: pure, and no ports.
  { files: shared('targets'), may: [CONFIG, NAMES], types: [CORE, EDGE] },
  // Which source a push concerns, and which of its images: pure, too.
  { files: shared('sources'), may: [], types: [CORE, CONFIG] },
  {
    files: shared('sweep'),
    may: [/^shared\/core\/order\.ts$/, shared('targets', 'translate')],
    types: [CORE, EDGE, CONFIG, shared('ports')],
  },
  {
    files: shared('translate'),
    may: [shared('ports', 'targets', 'places')],
    types: [CORE, EDGE, CONFIG],
  },
  {
    files: shared('queue-batch'),
    may: [EDGE, shared('log')],
    types: [/^aws-lambda$/],
  },
  {
    // The bodies of the functions. They decide nothing: what the core says comes through handle.
    files: shared('route', 'send', 'settle-batch', 'build-batch', 'tick'),
    may: [
      EDGE,
      NODE,
      shared('ports', 'log', 'routing', 'targets', 'translate', 'sweep', 'send', 'handle'),
      shared('queue-batch', 'handle-source', 'sources'),
    ],
    types: [CONFIG, CORE, /^aws-lambda$/, shared('source-ports')],
  },
  {
    files: shared('webhook', 'build-heard'),
    may: [EDGE, shared('ports', 'log', 'sources')],
    types: [CONFIG, CORE],
  },
  {
    files: /^functions\//,
    may: [
      /^@middy\/core$/,
      /^pipeline\.config\.ts$/,
      /^shared\/aws\/connect(-\w+)?\.ts$/,
      shared('lambda', 'log', 'routing', 'route', 'webhook', 'build-heard', 'tick'),
      shared('settle-batch', 'build-batch'),
      /^shared\/feedback\/batch\.ts$/,
      CONFIG,
      EDGE,
    ],
    types: [/^aws-lambda$/],
  },
  {
    // What runs in a browser: no Node, and of the local AWS only what it sends.
    files: /^local\/page\/browser\//,
    may: [/^local\/page\/(?!assets)/, /^uplot$/],
    types: [/^local\/http\/page-state\.ts$/],
  },
  { files: /^local\/page\/assets\.ts$/, may: [NODE, /^esbuild$/] },
  {
    files: /^local\/page\//,
    may: [/^local\/page\/(?!assets|browser\/)/],
    types: [/^local\/(http\/page-state|timeline|bus-event)\.ts$/],
  },
  {
    // Not core: the model must not know our rules.
    files: /^local\//,
    may: [
      /^local\//,
      /^functions\//,
      AWS,
      SDK,
      NODE,
      READING,
      CONFIG,
      /^(zod|dynalite|fast-xml-parser)$/,
      shared('environment', 'log', 'route', 'routing', 'settle-batch', 'sizes', 'targets', 'tick'),
      shared('sources'),
    ],
    // The shapes of GitHub's answers and payloads; the packages have types only.
    types: [
      EDGE,
      GITHUB,
      /^aws-lambda$/,
      /^@octokit\/(types|openapi-webhooks-types)$/,
      shared('ports', 'build-batch'),
    ],
  },
  {
    files: /^cli\//,
    may: [
      /^cli\//,
      /^local\//,
      /^functions\//,
      /^shared\/aws\/connect(-\w+)?\.ts$/,
      /^shared\/core\/(replay|image|bake-window|task-definition)\.ts$/,
      shared('preview', 'routing', 'environment', 'send'),
      // Names of what is in the account, and nothing of the CDK.
      /^infra\/names\.ts$/,
      CONFIG,
      NODE,
      /^pipeline\.config\.ts$/,
      /^(cli-table3|picocolors|commander|@bomb\.sh\/tab\/commander)$/,
    ],
    types: [CORE, EDGE, AWS, shared('ports')],
  },
  {
    files: /^infra\//,
    may: [
      /^infra\//,
      NODE,
      CONFIG,
      NAMES,
      /^pipeline\.config\.ts$/,
      shared('routing', 'environment', 'sizes'),
      // Names that the code and its infrastructure share exist once.
      /^shared\/aws\/(table|announcements|published)\.ts$/,
      /^(aws-cdk-lib|cdk-nag|constructs|esbuild)(\/|$)/,
    ],
    types: [CORE],
  },
  {
    // What is measured may be imported, the simulation too; nobody else imports test.
    files: /^bench\//,
    may: [/./],
  },
  { files: /^test\//, may: [/./] },
  { files: /^(pipeline\.config|vitest\.config)\.ts$/, may: [/^shared\/config\.ts$/, /^vitest\//] },
];

interface Import {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** A file of ours from the root, or the name of a package. */
  readonly target: string;
  readonly typesOnly: boolean;
}

const files = tracked();
const sources = files.filter((file) => /\.(ts|js|mts|cts)$/.test(file));
const text = new Map(sources.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
const source = (file: string) => text.get(file) ?? '';

/** What is in git or may be; without git, all but what is installed or built. */
function tracked(): readonly string[] {
  try {
    const options = { cwd: ROOT, encoding: 'utf8' } as const;
    const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], options);
    return list.split('\n').filter((file) => file !== '' && existsSync(join(ROOT, file)));
  } catch {
    return walk('');
  }
}

function walk(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) => {
    if (['node_modules', '.git', 'cdk.out', '.slipway', 'coverage', 'dist'].includes(name))
      return [];
    const path = join(folder, name);
    return statSync(join(ROOT, path)).isDirectory() ? walk(path) : [path];
  });
}

function importsOf(file: string): readonly Import[] {
  const code = source(file);
  const statements =
    /^(?:import|export)\s+(type\s)?([^'";]*?)(?:\bfrom\s+)?'([^']+)'|\bimport\('(\.[^']+)'\)/gm;
  return [...code.matchAll(statements)].flatMap((match) => {
    const [whole, typeWord, clause = '', from, dynamic] = match;
    const name = from ?? dynamic;
    if (name === undefined || (from !== undefined && !/from\s+'|^import\s+'/.test(whole)))
      return [];
    const named = /^\{([^}]*)\}\s*$/
      .exec(clause.trim())?.[1]
      ?.split(',')
      .filter((one) => one.trim());
    return [
      {
        file,
        line: code.slice(0, match.index).split('\n').length,
        text: whole.replaceAll(/\s+/g, ' '),
        target: name.startsWith('.') ? normalize(join(dirname(file), name)) : name,
        typesOnly:
          typeWord !== undefined ||
          (named !== undefined &&
            named.length > 0 &&
            named.every((one) => one.trim().startsWith('type '))),
      },
    ];
  });
}

const imports = sources.flatMap(importsOf);

function told(one: Import, because: string): string {
  return `${one.file}:${one.line}: ${one.text}: ${because}`;
}

describe('who may import whom', () => {
  test('the imports are found at all', () => {
    expect(imports.length).toBeGreaterThan(500);
    expect(importsOf('shared/core/intended-call.ts')).toContainEqual(
      expect.objectContaining({ target: 'shared/core/model/action.ts', typesOnly: true }),
    );
    expect(importsOf('shared/core/intended-call.ts')).toContainEqual(
      expect.objectContaining({ target: 'shared/core/release/attempt.ts', typesOnly: false }),
    );
    expect(importsOf('shared/reconcile/reconcile.ts').map((one) => one.target)).toContain(
      'shared/ports.ts',
    );
  });

  test('every file has a rule', () => {
    const without = sources.filter(
      (file) => file.endsWith('.ts') && !RULES.some((rule) => rule.files.test(file)),
    );
    expect(without, `say in ${HERE} what these may import`).toEqual([]);
  });

  test('each import is allowed', () => {
    const offending = imports.flatMap((one) => {
      const rule = RULES.find(({ files: pattern }) => pattern.test(one.file));
      if (rule === undefined) return [];
      const allowed = one.typesOnly ? [...rule.may, ...(rule.types ?? [])] : rule.may;
      return allowed.some((pattern) => pattern.test(one.target))
        ? []
        : [told(one, one.typesOnly ? 'not allowed' : 'not allowed, or as types only')];
    });
    expect(offending).toEqual([]);
  });

  test('what is imported exists, by its whole name', () => {
    const lost = imports
      .filter(({ target }) => /^(shared|local|functions|cli|infra|bench|test)\//.test(target))
      .filter(({ target }) => !files.includes(target))
      .map((one) => told(one, 'no such file'));
    expect(lost).toEqual([]);
  });

  test('nobody but bench imports test', () => {
    const offending = imports
      .filter(({ file, target }) => target.startsWith('test/') && !/^(test|bench)\//.test(file))
      .map((one) => told(one, 'test is imported by nobody'));
    expect(offending).toEqual([]);
  });

  test('only connect wires the world: no room but aws makes a client of the SDK', () => {
    const offending = imports
      .filter(
        ({ file, target }) => SDK.test(target) && !/^(shared\/aws|local|test|bench)\//.test(file),
      )
      .map((one) => told(one, 'clients are made in shared/aws'));
    expect(offending).toEqual([]);
  });
});

/** Code without comments and without what stands in quotes. */
function codeOf(file: string): string {
  return source(file)
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''");
}

function findIn(list: readonly string[], pattern: RegExp): readonly string[] {
  return list.flatMap((file) =>
    codeOf(file)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
  );
}

describe('shared/core is pure', () => {
  const core = sources.filter((file) => CORE.test(file));

  test('it is found', () => {
    expect(core.length).toBeGreaterThan(30);
  });

  test.each([
    ['clock', /\bDate\b|\bperformance\b|\bTemporal\b/, 'const at = Date.now();'],
    ['chance', /Math\.random|\bcrypto\b/, 'if (Math.random() > 0.5) return;'],
    [
      'waiting',
      /\bawait\b|\basync\b|\bPromise\b|\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/,
      'const seen = await look();',
    ],
    [
      'outside world',
      /\bprocess\b|\bglobalThis\b|\bfetch\b|\bconsole\b|\brequire\b|\bBuffer\b|\bimport\(/,
      'return process.env.MODE;',
    ],
    [
      'hidden state',
      /^(export )?let\b|^(export )?const \w+(: [^=]+)? = new (Map|Set|WeakMap)\b/,
      'const known = new Map();',
    ],
  ])('it knows no %s', (_, pattern, sample) => {
    expect(sample).toMatch(pattern);
    expect(findIn(core, pattern)).toEqual([]);
  });

  test('it never throws for what the world does: only a history with a gap is refused', () => {
    const deciding = core.filter((file) => !file.endsWith('/replay.ts'));
    expect(findIn(deciding, /\bthrow\b/)).toEqual([]);
  });

  test('its compiler sees no types of Node', () => {
    const settings = JSON.parse(readFileSync(join(ROOT, 'shared/core/tsconfig.json'), 'utf8'));
    expect(settings.compilerOptions).toMatchObject({ types: [], lib: ['ES2024'] });
  });
});

describe('what stands nowhere', () => {
  const ours = sources.filter((file) => file !== HERE);

  test('files named after nothing', () => {
    const vague = /^(utils?|helpers?|commons?|managers?|misc)$/;
    const bad = files.filter((file) =>
      file.split('/').some((part) => vague.test(part.split('.')[0] ?? '')),
    );
    expect(bad).toEqual([]);
  });

  test('barrels', () => {
    expect(sources.filter((file) => basename(file).startsWith('index.'))).toEqual([]);
    expect(findIn(ours, /^export \* /)).toEqual([]);
    const passedOn = /^(import|export) [^;]*?from '';$/gm;
    const empty = ours.filter((file) => codeOf(file).replaceAll(passedOn, '').trim() === '');
    expect(empty).toEqual([]);
  });

  test('enums', () => {
    expect(findIn(ours, /^\s*(export )?(declare )?(const )?enum /)).toEqual([]);
  });

  test('casts to any', () => {
    expect(findIn(ours, /\bas any\b|<any>|:\s*any\b[^\w]/)).toEqual([]);
  });

  test('switched off checks; a test may say what must not compile', () => {
    const off = new RegExp(`${'@ts'}-(ignore|nocheck)`);
    const expected = new RegExp(`${'@ts'}-expect-error`);
    expect(ours.filter((file) => off.test(source(file)))).toEqual([]);
    const product = ours.filter((file) => !file.startsWith('test/'));
    expect(product.filter((file) => expected.test(source(file)))).toEqual([]);
  });

  test('tests that are left out, or alone', () => {
    expect(findIn(ours, /\b(test|it|describe)(\.\w+)*\.(only|skip|todo|fails)\b/)).toEqual([]);
  });

  test('paths of the machine that this was written on', () => {
    const places = [
      ['', 'work', 'shared'],
      ['', 'work', 'main'],
      ['', 'root', ''],
      ['', 'home', 'node'],
      ['', 'tmp', 'bash_jobs'],
    ].map((parts) => parts.join('/'));
    const found = files.flatMap((file) => {
      const content = readFileSync(join(ROOT, file), 'utf8');
      return places.filter((place) => content.includes(place)).map((place) => `${file}: ${place}`);
    });
    expect(found).toEqual([]);
  });

  test('merge markers', () => {
    const marker = new RegExp(`^(${'<'.repeat(7)}|${'>'.repeat(7)}) `, 'm');
    expect(ours.filter((file) => marker.test(source(file)))).toEqual([]);
  });
});

describe('functions', () => {
  const functions = sources.filter((file) => file.startsWith('functions/'));

  test('are a few lines each, without logic', () => {
    expect(functions.length).toBeGreaterThanOrEqual(5);
    for (const file of functions) {
      expect(source(file).split('\n').length, file).toBeLessThanOrEqual(40);
    }
    expect(findIn(functions, /\b(if|for|while|switch)\b|\?\s|&&|\|\|/)).toEqual([]);
  });

  test('say in their head what they are for, and export a handler', () => {
    for (const file of functions) {
      expect(source(file).startsWith('/**'), file).toBe(true);
      expect(source(file), file).toMatch(/^export const handler = /m);
    }
  });
});

test('every file of ours says in its head what it is for', () => {
  const rooms = /^(shared|functions|local|cli|infra|bench)\/.*\.ts$/;
  const silent = sources.filter(
    (file) => rooms.test(file) && !/^(#!.*\n)?(\/\*\*|\/\/)/.test(source(file)),
  );
  expect(silent).toEqual([]);
});
