/** What `--json` gives, as a schema: strict, so that no field comes or goes unseen. */
import * as z from 'zod';
import { STATUS_FORMAT } from '../../../cli/connect/target-status.ts';
import { DOCTOR_FORMAT } from '../../../cli/doctor/tree.ts';
import { WAIT_FORMAT } from '../../../cli/output/course.ts';
import { COURSE_STATES, LEVELS } from '../../../shared/core/incident/course.ts';
import { STATES } from '../../../shared/core/incident/incident.ts';

export const moment = z.iso.datetime();
export const text = z.string();
export const image = z.strictObject({
  registry: text,
  repository: text,
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  tags: z.array(text),
  commit: z.strictObject({ repository: text, sha: text }).optional(),
});
export const images = z.record(text, image).describe('by container');
const hold = z.strictObject({
  by: text,
  because: text,
  since: moment,
  until: moment.nullable().describe('when it ends by itself'),
});

const revision = z.strictObject({
  revision: text.describe('family:number of the task definition'),
  images: images.nullable(),
  running: z.int(),
  pending: z.int(),
  isPrimary: z.boolean(),
  traffic: z.enum(['all', 'part', 'none']),
});

const shift = z.strictObject({
  stage: text.nullable().describe("in ECS's own word"),
  stageSince: moment.nullable(),
  shares: z
    .record(text, z.number().min(0).max(1))
    .nullable()
    .describe('by family:number of the task definition, as the load balancer gave it'),
  heardAt: moment.nullable(),
});

const last = z.strictObject({
  release: text.nullable(),
  images: images.nullable(),
  revision: text.nullable(),
  became: z.enum([
    'deploying',
    'baking',
    'rolling-back',
    'proven',
    'adopted',
    'rolled-back',
    'failed',
    'superseded',
    'needs-attention',
  ]),
  at: moment,
  because: text.nullable(),
  aws: text.nullable().describe("AWS's own words"),
  by: text.nullable(),
  badAnswers: z.strictObject({ bad: z.int(), of: z.int(), from: moment, to: moment }).nullable(),
});

export const couldRollBack = z.discriminatedUnion('possible', [
  z.strictObject({
    possible: z.literal(true),
    images,
    release: text,
    revision: text,
    isChecked: z.boolean(),
  }),
  z.strictObject({ possible: z.literal(false), because: text }),
]);

export const targetShape = z.strictObject({
  target: text,
  key: text,
  mode: z.enum(['watch', 'act']),
  state: z.enum(STATES),
  headline: text,
  next: z.strictObject({ by: z.enum(['Slipway', 'ECS', 'a person', 'nobody']), what: text }),
  actions: z.array(z.strictObject({ to: text, command: text })),
  phase: z.enum([
    'new',
    'idle',
    'deploying',
    'rolling-back',
    'baking',
    'watching',
    'needs-attention',
    'retired',
    'unknown',
  ]),
  because: text.nullable(),
  since: moment.nullable(),
  running: z.strictObject({
    isAsked: z.boolean(),
    desired: z.int().nullable(),
    revisions: z.array(revision),
  }),
  last: last.nullable(),
  waiting: images,
  nextLook: moment.nullable(),
  shift: shift.nullable(),
  alarms: z.record(text, z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA', 'missing', 'unknown'])),
  hold: hold.nullable(),
  pending: z.array(
    z.strictObject({ id: text, what: text, by: text, because: text, since: moment, until: moment }),
  ),
  quarantined: z.array(z.strictObject({ digest: text, since: moment, source: text.nullable() })),
  couldRollBack,
  unseen: z.array(text).describe('what could not be seen of it, and why'),
});

export const claims = z
  .array(
    z.strictObject({
      target: text,
      state: z.enum(['waits', 'not-taken']),
      image: text,
      tag: text,
      digest: text,
      commit: text.nullable(),
      at: moment,
      because: text,
      outlook: text,
      command: text,
    }),
  )
  .describe("images that others built: waiting for GitHub's word, or not taken");

export const statusShape = z.strictObject({
  format: z.literal(STATUS_FORMAT),
  at: moment,
  place: text,
  stop: hold.nullable(),
  unseen: z.array(text).describe('what AWS did not tell, of all targets together'),
  claims,
  targets: z.array(targetShape),
});

export const errorShape = z.strictObject({
  format: z.literal('slipway.error/1'),
  error: z.strictObject({ code: z.int(), message: text }),
});

export const waitShape = z.strictObject({
  format: z.literal(WAIT_FORMAT),
  at: moment,
  target: text,
  key: text,
  until: z.enum(LEVELS),
  state: z.enum(COURSE_STATES),
  reached: z.enum(LEVELS).nullable(),
  because: text,
  next: text.nullable(),
  release: text.nullable(),
  images: images.nullable(),
  exitCode: z.int().nullable().describe('of the last line alone: how it ended'),
});

const check = z.strictObject({
  name: text,
  state: z.enum(['ok', 'skipped', 'failed']),
  says: text,
  fix: text.nullable().describe('of what failed: a command, or a line of the config'),
});

export const doctorShape = z.strictObject({
  format: z.literal(DOCTOR_FORMAT),
  at: moment,
  place: text,
  ok: z.int(),
  skipped: z.int(),
  failed: z.int(),
  examined: z.array(
    z.strictObject({
      target: text.nullable().describe('null: Slipway itself'),
      groups: z.array(z.strictObject({ name: text, checks: z.array(check) })),
    }),
  ),
});
