/** The samples of `events/`, moved to one account and region, and a pipeline that knows all of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { definePipeline, ecsService, noAlarms, type Pipeline } from '../../shared/config/config.ts';
import type { Cause, Envelope, ImagePushedMessage, Message } from '../../shared/edge/message.ts';
import { parseAwsEvent, UnreadableEvent } from '../../shared/edge/parse-aws-event.ts';
import { findTargets } from '../../shared/route/find-targets.ts';
import { expected, home } from '../edge/expected.ts';

export interface Sample {
  readonly name: string;
  readonly value: unknown;
}

const folder = new URL('../../events/', import.meta.url);

/** Elsewhere an event is ignored before anybody reads it: here all of them are at home. */
function atHome(file: string): Sample {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const entry = expected[file];
  const here = entry !== undefined && 'here' in entry ? entry.here : home;
  return {
    name: file,
    value: JSON.parse(
      text.replaceAll(here.account, home.account).replaceAll(here.region, home.region),
    ),
  };
}

export const samples: readonly Sample[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map(atHome);

export const batches: readonly Sample[] = samples.filter(({ name }) => name.startsWith('sqs-'));

/** What the samples tell. */
const told: readonly { readonly message: Message; readonly cause: Cause }[] = samples.flatMap(
  ({ value }) => {
    try {
      const parsed = parseAwsEvent(value, home);
      return parsed.kind === 'parsed' ? [parsed] : [];
    } catch (error) {
      if (error instanceof UnreadableEvent) return [];
      throw error;
    }
  },
);

/** Each service that a sample names is a target; the first takes all of their images and alarms. */
export const pipeline: Pipeline = definePipeline({ ...home, targets: targetsOf() });

function targetsOf() {
  const messages = told.map(({ message }) => message);
  const services = new Map<string, { cluster: string; service: string }>();
  for (const message of messages) {
    if (message.type !== 'Hinted') continue;
    const { cluster = 'production', service = 'web' } = message;
    services.set(`${cluster}/${service}`, { cluster, service });
  }
  const alarms = new Set(messages.flatMap((m) => (m.type === 'AlarmChanged' ? [m.alarm] : [])));
  const repositories = new Set(
    messages.flatMap((m) => (m.type === 'ImagePushed' ? [m.repository] : [])),
  );
  const [firstAlarm = 'web-5xx', ...otherAlarms] = alarms;
  const containers = [...repositories].map((repository, i) => {
    const tags = i % 2 === 0 ? { glob: '*' } : { regex: '^(.+)$' };
    return [`container${i}`, { repository, tags }] as const;
  });
  const targets = [...services.values()].map((service, i) => {
    const input = ecsService(
      i === 0
        ? {
            ...service,
            containers: Object.fromEntries(containers),
            alarms: [firstAlarm, ...otherAlarms],
          }
        : {
            ...service,
            containers: { app: { repository: 'shop/web', tags: { glob: ['main-*', 'v*'] } } },
            alarms: i % 2 === 0 ? [firstAlarm] : noAlarms('it answers no requests'),
            mode: i % 3 === 0 ? 'watch' : 'act',
            bakeMinutes: 1,
          },
    );
    return [`target${i}`, input] as const;
  });
  return Object.fromEntries(targets);
}

const digest = `sha256:${'a'.repeat(64)}` as ImagePushedMessage['digest'];
const image = { registry: pipeline.registry, repository: 'shop/web', digest, tags: ['main-1'] };
const word = { type: 'CommandReceived', by: 'ada', because: 'it is slow' } as const;
const words: readonly Message[] = [
  { ...word, command: { do: 'deploy', images: { app: image, container0: image } } },
  { ...word, command: { do: 'rollback' } },
  { ...word, command: { do: 'rollback', to: 'release 7' } },
  { ...word, command: { do: 'unquarantine', digest } },
  { ...word, command: { do: 'hold' } },
  { ...word, command: { do: 'resume' } },
  { ...word, command: { do: 'approve', of: '0a1b2c3d' } },
  { type: 'Hinted', cause: 'tick: look is due', urgent: true },
];

/** What the queues carry: everything that the samples lead to, and the words of persons. */
export const envelopes: readonly Sample[] = [
  ...told.flatMap(({ message, cause }) =>
    findTargets(pipeline, message)
      .slice(0, 2)
      .map(({ key }) => ({ target: key, message, cause })),
  ),
  ...words.flatMap((message, i) =>
    Object.values(pipeline.targets)
      .slice(0, 2)
      .map(({ key }) => ({
        target: key,
        message,
        cause: { id: `word-${i}`, source: 'slipway.operator', detailType: 'word of a person' },
      })),
  ),
].map((value: Envelope, i) => ({ name: `envelope ${i} (${value.message.type})`, value }));
