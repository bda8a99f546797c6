/**
 * The task definition that stands in git, from text to value. Whoever may push wrote it: known fields of known
 * shapes are taken, and anything else is refused with its line. What may not be changed is said by the core.
 */
import * as z from 'zod/mini';
import {
  type CONTAINER_FIELDS,
  CONTAINER_FIELDS_AS_THEY_RUN,
  type TASK_FIELDS,
  TASK_FIELDS_AS_THEY_RUN,
} from '../core/model/definition/fields.ts';
import type { Json } from '../core/model/json.ts';
import { type JsonText, type Place, readJsonText } from '../parsing/json-text.ts';
import { inWords, shown, valueAt } from '../parsing/unreadable.ts';

export type Written = { readonly [field: string]: Json };

export type DefinitionText =
  | { readonly state: 'read'; readonly written: Written }
  /** With line and column. */
  | { readonly state: 'wrong'; readonly because: string };

/** ECS takes 64 KB of a registered definition. (Amazon ECS service quotas) */
const TEXT_MAX = 64 * 1024;
/** ECS takes ten containers. (Amazon ECS service quotas) */
const CONTAINERS_MAX = 10;
const ENTRIES_MAX = 500;

/** What ECS adds to a definition that it has registered: passed over, so that an exported one can be used. */
const ADDED_BY_ECS = [
  ...['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities'],
  ...['registeredAt', 'registeredBy', 'deregisteredAt', 'deleteRequestedAt'],
];

const text = z.string({ error: 'a text' });
const name = z.string({ error: 'a name' }).check(z.minLength(1, { error: 'a name' }));
const texts = z.array(text, { error: 'a list of texts' });
const whole = z.int({ error: 'a whole number' });
const flag = z.boolean({ error: 'true or false' });
/** The task's are texts for ECS, and numbers for people. */
const size = z.pipe(
  z.union([z.string().check(z.regex(/^[1-9]\d{0,6}$/)), z.int().check(z.positive())], {
    error: 'a number of units, like "512"',
  }),
  z.transform(String),
);

function list<T extends z.core.$ZodType>(entry: T, what: string) {
  return z
    .array(entry, { error: what })
    .check(z.maxLength(ENTRIES_MAX, { error: `at most ${ENTRIES_MAX} entries` }));
}

/** Each name once: the later one would win, or ECS would refuse both. */
function named<T extends z.core.$ZodType<{ name: string }>>(entry: T, what: string) {
  return list(entry, what).check(
    z.refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
      error: 'each name once',
    }),
  );
}

const SECRET =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:gh[a-z]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abp]-\w{8,})/;
const plainValue = text.check(
  z.refine((value) => !SECRET.test(value), {
    error: 'no secret: put it into Secrets Manager, and name it in `secrets`',
  }),
);

const variable = z.strictObject(
  { name, value: plainValue },
  { error: '{ "name": "…", "value": "…" }' },
);
const secret = z.strictObject(
  { name, valueFrom: name },
  { error: '{ "name": "…", "valueFrom": "…" }' },
);

/** Their parts are ECS's to check: it refuses what it does not know before anything runs. */
const json: z.ZodMiniType<Json> = z.lazy(() =>
  z.union([text, z.number(), flag, z.null(), z.array(json), z.record(z.string(), json)]),
);
const object = z.record(z.string(), json, { error: 'an object' });

const SHAPES = {
  environment: named(variable, 'a list of { "name": "…", "value": "…" }'),
  secrets: named(secret, 'a list of { "name": "…", "valueFrom": "…" }'),
  command: texts,
  entryPoint: texts,
  ...{
    cpu: whole,
    memory: whole,
    memoryReservation: whole,
    startTimeout: whole,
    stopTimeout: whole,
  },
  ...{ essential: flag, readonlyRootFilesystem: flag, interactive: flag, pseudoTerminal: flag },
  ...{ workingDirectory: text, user: text },
  ...{ healthCheck: object, logConfiguration: object, restartPolicy: object },
  dockerLabels: z.record(z.string(), text, { error: 'an object of texts' }),
  ...{ portMappings: list(object, 'a list'), mountPoints: list(object, 'a list') },
  ...{ dependsOn: list(object, 'a list'), ulimits: list(object, 'a list') },
  environmentFiles: list(object, 'a list'),
} satisfies Record<(typeof CONTAINER_FIELDS)[number], z.core.$ZodType>;

const container = z.strictObject({
  ...asTheyRun(CONTAINER_FIELDS_AS_THEY_RUN),
  ...z.partial(z.object(SHAPES)).shape,
  name,
  image: z.optional(text),
});

const TASK_SHAPES = {
  ...{ cpu: size, memory: size, ephemeralStorage: object },
  ...{ executionRoleArn: name, taskRoleArn: name },
} satisfies Record<(typeof TASK_FIELDS)[number], z.core.$ZodType>;

const task = z.strictObject(
  {
    ...asTheyRun(TASK_FIELDS_AS_THEY_RUN),
    ...z.partial(z.object(TASK_SHAPES)).shape,
    containerDefinitions: z.optional(
      named(container, 'a list of containers').check(
        z.maxLength(CONTAINERS_MAX, { error: `at most ${CONTAINERS_MAX} containers` }),
      ),
    ),
  },
  { error: 'an object, as RegisterTaskDefinition takes it' },
);

export function readDefinitionText(source: string): DefinitionText {
  if (source.length > TEXT_MAX) {
    const because = `it has ${source.length} characters, and ECS takes ${TEXT_MAX} at the most`;
    return { state: 'wrong', because };
  }
  const read = readJsonText(source);
  if (read.state === 'wrong') return { state: 'wrong', because: at(read.place, read.because) };
  const result = z.safeParse(task, withoutAdded(read.value));
  if (result.success) return { state: 'read', written: result.data as Written };
  const [issue] = result.error.issues;
  return { state: 'wrong', because: issue === undefined ? 'it is wrong' : mistake(read, issue) };
}

function mistake(
  { value, placeOf }: Extract<JsonText, { state: 'read' }>,
  issue: z.core.$ZodIssue,
): string {
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0] ?? ''];
    return at(placeOf(path), `${inWords(path)} is no field that Slipway takes from a file`);
  }
  const { path, message } = issue;
  const where = path.length === 0 ? '' : `${inWords(path)} `;
  return at(placeOf(path), `${where}is ${seen(valueAt(value, path), path)}, expected ${message}`);
}

/** What stands in the environment is nobody's to see, right or wrong. */
function seen(value: unknown, path: readonly PropertyKey[]): string {
  const mayBeSecret = path.includes('environment') || path.includes('dockerLabels');
  return mayBeSecret && typeof value === 'string' ? 'a text (hidden)' : shown(value);
}

function at({ line, column }: Place, because: string): string {
  return `line ${line}, column ${column}: ${because}`;
}

function asTheyRun(fields: readonly string[]) {
  return Object.fromEntries(fields.map((field) => [field, z.optional(json)] as const));
}

function withoutAdded(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([field]) => !ADDED_BY_ECS.includes(field)),
  );
}
