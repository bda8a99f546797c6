/** The same of `why`, `history`, `explain`, `plan` and `stats`. */
import * as z from 'zod';
import { EXPLAIN_FORMAT } from '../../../cli/explain.ts';
import { DECISIONS_FORMAT, HISTORY_FORMAT } from '../../../cli/history.ts';
import { JUDGE_FORMAT } from '../../../cli/judge/in-words.ts';
import { PLAN_FORMAT } from '../../../cli/plan.ts';
import { STATS_FORMAT } from '../../../cli/stats.ts';
import { WHY_FORMAT } from '../../../cli/why.ts';
import { claims, couldRollBack, image, images, moment, targetShape, text } from './json-shapes.ts';

const difference = z.strictObject({
  path: text,
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});

export const whyShape = z.strictObject({
  format: z.literal(WHY_FORMAT),
  target: text,
  release: text.nullable(),
  images: images.nullable(),
  became: text,
  at: moment,
  cause: z.strictObject({ kind: text, says: text, todo: text }),
  evidence: z.array(
    z.strictObject({
      from: z.enum(['Slipway', 'CloudWatch', 'stopped task', 'service event', 'load balancer']),
      text,
      at: moment.nullable(),
    }),
  ),
  failed: z.strictObject({ task: text, container: text.optional() }).nullable(),
  changed: z
    .strictObject({
      since: z.strictObject({ release: text, images }),
      images: z.array(z.strictObject({ container: text, from: image.optional(), to: image })),
      commits: z.array(text),
      definition: z.array(difference).optional(),
    })
    .nullable()
    .describe('since the last proven release'),
  badAnswers: z
    .strictObject({ bad: z.number(), of: z.number(), from: moment, to: moment })
    .nullable()
    .describe('in the time of the release, of both revisions together'),
  log: z.strictObject({ container: text, lines: z.array(text) }).nullable(),
  unseen: z.array(text).describe('what could not be looked at, and why'),
});

export const historyShape = z.strictObject({
  format: z.literal(HISTORY_FORMAT),
  release: text.nullable(),
  images,
  revision: text.nullable(),
  state: text,
  because: text,
  aws: text.nullable(),
  who: text,
  began: moment,
  at: moment,
});

export const decisionsShape = z.strictObject({
  format: z.literal(DECISIONS_FORMAT),
  sequence: z.int(),
  at: moment.nullable(),
  event: text,
  phase: text,
  because: text,
  by: text.optional(),
  ask: z.looseObject({ do: text }).optional(),
  told: z.array(z.looseObject({ id: text, kind: text })).describe('announcements'),
});

const call = z.strictObject({ call: text, what: text, differences: z.array(difference) });

export const planShape = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  target: text,
  images,
  mode: z.enum(['watch', 'act']),
  starts: z.boolean(),
  because: text,
  calls: z.array(call),
  couldRollBack: couldRollBack.nullable(),
  next: text.nullable().describe('the command without which it does not start'),
  claims,
});

export const explainShape = z.strictObject({
  format: z.literal(EXPLAIN_FORMAT),
  target: text,
  answer: targetShape.nullable().describe('as status gives it'),
  record: z.looseObject({ format: z.int() }).nullable().describe('as it is stored: not promised'),
  looks: z.array(
    z.looseObject({
      tried: z.array(
        z.strictObject({
          rule: text,
          verdict: z.enum(['yes', 'no', 'unknown']),
          because: text.optional(),
        }),
      ),
      because: text,
      phase: text,
    }),
  ),
  calls: z.array(call),
  couldRollBack: couldRollBack.nullable(),
  claims,
  lookAt: z.int().nullable(),
});

const spread = z.strictObject({
  of: z.int(),
  median: z.number().nullable().describe('seconds'),
  longest: z.number().nullable().describe('seconds'),
});
const figures = {
  releases: z.int(),
  perDay: z.number(),
  proven: z.int(),
  failed: z.int(),
  failureRate: z.number().nullable().describe('null: none has ended proven or failed'),
  superseded: z.int(),
  onTheWay: z.int(),
  leadTime: spread.describe('from the push of the image to SUCCESSFUL'),
  restore: spread.describe('from the start of a release that failed to something good'),
  notRestored: z.int(),
  wayBack: spread.describe('from the evidence to the old version serving everybody'),
  wayBackDated: z.int(),
};

export const statsShape = z.strictObject({
  format: z.literal(STATS_FORMAT),
  since: moment,
  until: moment,
  days: z.int(),
  targets: z.array(
    z.strictObject({ target: text, key: text, knownSince: moment.nullable(), ...figures }),
  ),
  all: z.strictObject(figures),
});

const judged = ['condemned', 'alone', 'alike', 'suspicious', 'harmless', 'waiting'] as const;
const log = z.number().nullable().describe('natural logarithm; null: nothing was measured');
const aboutRelease = {
  release: z.int().optional().describe('absent: of a trace'),
  revision: text.optional(),
  startedAt: moment.optional(),
  became: text.nullable().optional(),
  endedAt: moment.nullable().optional(),
};

export const judgeShape = z.union([
  z.strictObject({
    format: z.literal(JUDGE_FORMAT),
    ...aboutRelease,
    state: z.enum(judged),
    minute: z.int().nullable().describe('after which it was said'),
    by: z.enum(['two-arm', 'history', 'latency', 'history alone']).nullable(),
    seconds: z.number().nullable().describe('from the shift until it is carried out'),
    badUntilThen: z.int().nullable(),
    badOfAll: z.int().nullable(),
    logs: z.record(text, log),
    phi: z.number(),
    ref: z.number().nullable(),
    because: text,
    states: z.array(z.strictObject({ seconds: z.number(), state: z.enum(judged) })),
  }),
  z.strictObject({
    format: z.literal(JUDGE_FORMAT),
    ...aboutRelease,
    state: z.enum(['unmeasured', 'disputed']),
    because: text,
  }),
]);
