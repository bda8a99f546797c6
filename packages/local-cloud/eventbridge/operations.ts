/** What a client can ask of EventBridge: to publish, to make a bus, to try a pattern. */

import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { readPattern } from './pattern.ts';
import { createBus, emit } from './state.ts';

interface PutEventsEntry {
  readonly Time?: Date | number;
  readonly Source?: string;
  readonly Resources?: readonly string[];
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly EventBusName?: string;
}

interface PutEventsResult {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

/** docs, eb-putevents and PutEvents: at most 10 entries, under 1 MB together. */
const ENTRIES_MOST = 10;
const PUT_EVENTS_BYTES_MOST = 1_048_576;

export const eventbridgeOperations = {
  PutEvents(world: World, input: { readonly Entries?: readonly PutEventsEntry[] }) {
    const entries = input.Entries ?? [];
    if (entries.length === 0 || entries.length > ENTRIES_MOST) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${entries.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${ENTRIES_MOST}`}`,
      );
    }
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    if (bytes > PUT_EVENTS_BYTES_MOST) {
      throw new AwsError(
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      );
    }
    const results = entries.map((entry) => putOne(world, entry));
    const failed = results.filter((result) => result.ErrorCode !== undefined).length;
    return { FailedEntryCount: failed, Entries: results };
  },

  CreateEventBus(world: World, input: { readonly Name?: string }) {
    const name = input.Name ?? '';
    if (world.eventbridge.buses[name] !== undefined) {
      throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    }
    createBus(world, name);
    return { EventBusArn: busArn(world, name) };
  },

  /** In the order of their names; on one page. */
  ListEventBuses(world: World, { NamePrefix = '' }: { readonly NamePrefix?: string }) {
    const names = Object.keys(world.eventbridge.buses).filter((name) =>
      name.startsWith(NamePrefix),
    );
    return { EventBuses: names.sort().map((Name) => ({ Name, Arn: busArn(world, Name) })) };
  },

  /** Those of the default bus: other buses have none here. */
  ListRules(world: World, input: { readonly NamePrefix?: string; readonly EventBusName?: string }) {
    const { NamePrefix = '', EventBusName = 'default' } = input;
    const bus = EventBusName.replace(/^.*event-bus\//, '');
    if (world.eventbridge.buses[bus] === undefined) {
      throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
    }
    const rules = bus === 'default' ? world.eventbridge.rules : [];
    const found = rules.filter(({ name }) => name.startsWith(NamePrefix));
    return {
      Rules: found.map(({ name, pattern }) => ({
        Name: name,
        Arn: `arn:aws:events:${world.region}:${world.account}:rule/${name}`,
        EventPattern: JSON.stringify(pattern),
        State: 'ENABLED',
        EventBusName: 'default',
      })),
    };
  },

  TestEventPattern(
    _world: World,
    input: { readonly EventPattern?: string; readonly Event?: string },
  ) {
    const matches = readPattern(input.EventPattern ?? '');
    const event = parseObject(input.Event ?? '');
    // The words are unverified.
    if (event === undefined) throw new AwsError('ValidationException', 'Event is not valid JSON.');
    return { Result: matches(event as never) };
  },
};

function busArn({ region, account }: World, name: string): string {
  return `arn:aws:events:${region}:${account}:event-bus/${name}`;
}

/** Size as the docs of PutEvents count it: time 14, the texts in UTF-8 bytes. */
function entryBytes(entry: PutEventsEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const time = entry.Time === undefined ? 0 : 14;
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), time);
}

function putOne(world: World, entry: PutEventsEntry): PutEventsResult {
  const { Source, DetailType, Detail } = entry;
  if (!Source || !DetailType || !Detail) {
    const missing = !Source ? 'Source' : !DetailType ? 'DetailType' : 'Detail';
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    };
  }
  if (Source.startsWith('aws.')) {
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  }
  const detail = parseObject(Detail);
  if (detail === undefined) {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
  const time = entry.Time;
  const event = emit(world, {
    source: Source,
    detailType: DetailType,
    resources: entry.Resources ?? [],
    detail,
    ...(time === undefined ? {} : { time: time instanceof Date ? time.getTime() : time * 1000 }),
    bus: (entry.EventBusName ?? 'default').replace(/^.*event-bus\//, ''),
  });
  return { EventId: event.id };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
