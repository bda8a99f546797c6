/** What a scenario file may say of those who may not: calls with stolen credentials, forged deliveries. */
import * as z from 'zod';
import { entries, oneOf, settings, text, whole } from '../../../shared/config/settings.ts';
import { FUNCTION_NAMES } from '../../../shared/runtime/sizes.ts';

const anything = (what: string) => entries(z.record(z.string(), z.unknown(), { error: what }));
/** Of people: `may-deploy-web`. */
const policy = z.custom<`may-${string}` | 'break-glass'>(
  (given) => typeof given === 'string' && /^(may-[a-z0-9-]{1,60}|break-glass)$/.test(given),
);
const commit = text(/^[0-9a-f]{7,40}$/, 'a commit: 7 to 40 hex digits');
const status = whole('status of HTTP', 200, 599);

export const ATTACKS = {
  /** With the access key of a role of ours. `answers`: `ok`, or the name of AWS's error. */
  call: settings("{ as: 'feedback', operation: 'sqs:SendMessage', input: { … } }", {
    as: z.union([oneOf([...FUNCTION_NAMES, 'build project', 'administrator']), policy], {
      error: `one of ${FUNCTION_NAMES.join(', ')}, build project, administrator, or a person's policy`,
    }),
    operation: text(/^[a-z]{2,20}:[A-Z][A-Za-z]{2,60}$/, "an operation, like 'sqs:SendMessage'"),
    input: anything('an input, which is an object'),
    answers: text(/^[A-Za-z]{2,80}$/, "'ok', or the name of an error").default('ok'),
    because: text(/^.{1,300}$/, 'a part of what AWS says of the error').optional(),
  }),
  /** A delivery of GitHub, like the real one of a commit but for what is named here. */
  delivery: settings("{ like: '8f3c2a1b9d04', signedWith: 'nothing', answers: 401 }", {
    like: commit,
    ref: text(/^refs\/.{1,200}$/, "a ref, like 'refs/heads/main'").optional(),
    before: commit.optional(),
    after: commit.optional(),
    forced: z.boolean().optional(),
    event: text(/^[a-z_]{1,50}$/, "the name of an event, like 'push'").optional(),
    signedWith: oneOf(['the secret', 'another secret', 'nothing']),
    answers: status,
  }),
  /** With the token of Slipway. */
  github: settings("{ method: 'GET', path: '/repos/acme/shop' }", {
    method: oneOf(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
    path: text(/^\/[^ ]{1,300}$/, "a path, like '/repos/acme/shop'"),
    body: anything('a body, which is an object').optional(),
    answers: status,
  }),
};
