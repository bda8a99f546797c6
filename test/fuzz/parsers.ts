/** Everything that reads what others wrote. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { scenarioOf } from '../../local/stories/scenario.ts';
import { parseScenario } from '../../local/stories/scenario-format.ts';
import { parsePipeline } from '../../shared/config/config.ts';
import { orderOf } from '../../shared/config/tags.ts';
import { breachEndsAt } from '../../shared/core/model/breach/breach.ts';
import type { ImageSet } from '../../shared/core/model/image.ts';
import type { Json } from '../../shared/core/model/json.ts';
import type { JsonRecord } from '../../shared/core/release/definition/containers.ts';
import {
  containerImages,
  READ_ONLY_FIELDS,
  renderRevision,
} from '../../shared/core/release/task-definition.ts';
import { parseEnvelope } from '../../shared/edge/envelope.ts';
import { bodyOf } from '../../shared/edge/message.ts';
import { parseAwsEvent } from '../../shared/edge/parse-aws-event.ts';
import { routes } from '../../shared/runtime/routing.ts';
import { home } from '../edge/expected.ts';
import { sourceOf, spoiledText, textOf } from './drawn.ts';
import { badPipelines, definitions, pipelines, scenarios } from './more-samples.ts';
import {
  Broken,
  carriesNothingElse,
  documented,
  documentedToAuthor,
  isEnvelope,
  tellsNoSecret,
  withoutProto,
} from './promises.ts';
import { envelopes, samples } from './samples.ts';
import { type FuzzTarget, target } from './target.ts';
import { nastyText } from './values.ts';

const REASON_MAX = 1_000;

/** What is heard, or the error; keys `__proto__` change nothing in it. */
function parsedIn(input: unknown): {
  value?: ReturnType<typeof parseAwsEvent>;
  error?: string;
  text: string;
} {
  try {
    const value = parseAwsEvent(input, home);
    return { value, text: JSON.stringify(value) };
  } catch (error) {
    return { error: documented(error, ['UnreadableEvent']), text: String(error) };
  }
}

function parsingEvents(): FuzzTarget {
  const source = sourceOf(samples);
  return target({
    name: 'hear',
    share: 22,
    places: source.places,
    plan: source.plan,
    first: source.everyPlace,
    input: source.input,
    feed: (input) => {
      const parsed = parsedIn(input);
      if (parsedIn(withoutProto(input)).text !== parsed.text) {
        throw new Broken(`a key __proto__ made a difference: ${parsed.text}`);
      }
      if (parsed.value === undefined) return parsed.error ?? '';
      if (parsed.value.kind === 'ignored') {
        tellsNoSecret(parsed.value.because, 'why it was ignored', REASON_MAX);
        return 'ignored';
      }
      const { message, cause } = parsed.value;
      const target = 'ecs/production/web';
      isEnvelope(bodyOf({ target, message, cause }), new Set([target]));
      return `heard ${message.type}`;
    },
  });
}

function envelopeParsing(): FuzzTarget {
  const source = sourceOf(envelopes);
  return target({
    name: 'parseEnvelope',
    share: 9,
    places: source.places,
    plan: textOf(source),
    first: source.everyPlace.map((of) => ({ of, text: [] })),
    input: (plan) => spoiledText(plan, source.input(plan.of)),
    feed: (body) => {
      try {
        const envelope = parseEnvelope(body);
        const again = JSON.stringify(envelope);
        carriesNothingElse(again, 'an envelope');
        if (!isDeepStrictEqual(parseEnvelope(again), envelope))
          throw new Broken('it is not itself');
        return `read ${envelope.message.type}`;
      } catch (error) {
        if (error instanceof Broken) throw error;
        return documented(error, ['UnreadableEvent']);
      }
    },
  });
}

function breaches(): FuzzTarget {
  const states = samples.flatMap(({ name, value }) => {
    const event = value as { detail?: { state?: object }; alarmData?: { state?: object } };
    const state = event.detail?.state ?? event.alarmData?.state;
    return state === undefined ? [] : [{ name, value: state }];
  });
  const source = sourceOf(states);
  return target({
    name: 'breachEndsAt',
    share: 5,
    places: source.places,
    plan: source.plan,
    first: source.everyPlace,
    input: source.input,
    feed: (input) => {
      const { reason, reasonData } = (Object(input) ?? {}) as Record<string, unknown>;
      const at = breachEndsAt(typeof reason === 'string' ? reason : undefined, reasonData);
      if (at === undefined) return 'unknown';
      if (!Number.isSafeInteger(at) || at < 0 || at > 253_402_300_799_999) {
        throw new Broken(`a breach that ends at ${at}`);
      }
      return 'known';
    },
  });
}

function pipelineParsing(): FuzzTarget {
  const source = sourceOf(pipelines);
  const tag = fc.oneof(
    nastyText,
    fc.constantFrom('main-8f3c2a1', 'v1.2.3', 'build-42', '1.2.3-rc.1'),
  );
  return target({
    name: 'parsePipeline',
    share: 12,
    places: source.places,
    plan: fc.record({ of: source.plan, tag }),
    first: [...badPipelines.map(({ value }) => ({ noise: value })), ...source.everyPlace].map(
      (of) => ({ of, tag: 'main-1' }),
    ),
    input: ({ of, tag }) => ({ config: source.input(of), tag }),
    feed: ({ config, tag }) => {
      try {
        const pipeline = parsePipeline(config);
        routes(pipeline);
        for (const { tagRules } of Object.values(pipeline.targets)) {
          for (const rule of Object.values(tagRules)) orderOf(rule, { digest, tags: [tag] }, 0);
        }
        carriesNothingElse(JSON.stringify(pipeline), 'a pipeline');
        return 'read';
      } catch (error) {
        return documentedToAuthor(error, ['ConfigError']);
      }
    },
  });
}

const digest = `sha256:${'a'.repeat(64)}` as never;

/** From a file's text, and from a value that no file could hold. */
function scenarioParsing(): FuzzTarget {
  const source = sourceOf(scenarios);
  const base = parsePipeline(pipelines[0]?.value);
  return target({
    name: 'scenario',
    share: 12,
    places: source.places,
    plan: textOf(source),
    first: source.everyPlace.map((of) => ({ of, text: [] })),
    input: (plan) => {
      const value = source.input(plan.of);
      return { value, text: spoiledText(plan, value) };
    },
    feed: ({ value, text }) => {
      for (const read of [() => parseScenario(value), () => scenarioOf(text, base)]) {
        try {
          read();
        } catch (error) {
          return documentedToAuthor(error, ['ScenarioError']);
        }
      }
      return 'read';
    },
  });
}

/** A task definition of ECS, and the images that a message names. */
function rendering(): FuzzTarget {
  const source = sourceOf(definitions);
  const name = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('app', 'log', 'worker', '') },
    { weight: 1, arbitrary: nastyText },
  );
  const imageOf = (repository: string) => ({ registry: 'registry', repository, digest, tags: [] });
  const web = imageOf('shop/web');
  const named: [string, typeof web] = ['app', web];
  const image = fc.constantFrom(web, imageOf('shop/worker'));
  return target({
    name: 'renderRevision',
    share: 6,
    places: source.places,
    plan: fc.record({
      of: source.plan,
      images: fc.uniqueArray(fc.tuple(name, image), { maxLength: 3, selector: ([it]) => it }),
      tags: fc.uniqueArray(fc.tuple(nastyText, nastyText), {
        maxLength: 2,
        selector: ([it]) => it,
      }),
    }),
    first: source.everyPlace.map((of) => ({ of, images: [named], tags: [] })),
    input: ({ of, images, tags }) => ({
      // Off the wire: JSON has no NaN.
      answer: JSON.parse(JSON.stringify(source.input(of) ?? null)),
      images: Object.fromEntries(images),
      tags: Object.fromEntries(tags),
    }),
    feed: ({ answer, images, tags }) => rendered(answer, images, tags),
  });
}

/** As `ecs-read` hands it over: an object and a list, whatever is in them. */
function rendered(answer: unknown, images: ImageSet, extraTags: Record<string, string>): string {
  const { taskDefinition, tags } = Object(answer) as Record<string, unknown>;
  const definition = (isRecord(taskDefinition) ? taskDefinition : {}) as JsonRecord;
  const before = JSON.stringify(definition);
  containerImages(definition);
  const list = (Array.isArray(tags) ? tags : []) as readonly JsonRecord[];
  const result = renderRevision(definition, list, images, extraTags);
  if (JSON.stringify(definition) !== before) throw new Broken('it changed what it was given');
  if (result.outcome !== 'rendered') return result.outcome;
  const { containerDefinitions, tags: _, ...rest } = result.input;
  const allowed: readonly string[] = [...READ_ONLY_FIELDS, 'containerDefinitions', 'tags'];
  for (const field of READ_ONLY_FIELDS) {
    if (Object.hasOwn(rest, field)) throw new Broken(`it sends the read-only field ${field}`);
  }
  const kept = Object.entries(definition).filter(([field]) => !allowed.includes(field));
  if (!isDeepStrictEqual(Object.entries(rest), kept)) throw new Broken('it lost a field');
  othersUntouched(definition.containerDefinitions, containerDefinitions, images);
  return 'rendered';
}

function othersUntouched(before: Json | undefined, after: Json | undefined, images: ImageSet) {
  const records = (list: Json | undefined) => (Array.isArray(list) ? list.filter(isRecord) : []);
  const [old, now] = [records(before), records(after)];
  if (old.length !== now.length) throw new Broken('it lost a container');
  for (const [i, container] of now.entries()) {
    const { image, ...others } = container as Record<string, Json>;
    const { image: was, ...were } = (old[i] ?? {}) as Record<string, Json>;
    if (!isDeepStrictEqual(others, were)) throw new Broken('it changed more than images');
    const name = typeof others.name === 'string' ? others.name : '';
    if (!Object.hasOwn(images, name) && image !== was) throw new Broken(`it changed ${name}`);
  }
}

function isRecord(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const parsers: readonly FuzzTarget[] = [
  parsingEvents(),
  envelopeParsing(),
  breaches(),
  pipelineParsing(),
  scenarioParsing(),
  rendering(),
];
