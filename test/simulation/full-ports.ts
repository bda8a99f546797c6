/**
 * The ports as Lambda has them: `connect` with the real SDK clients, their serialisation and their
 * retries, and DynamoDB by dynalite. Slow; what it adds over the thin ports is the wire.
 */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createBus } from '@slipway/local-cloud/eventbridge/state.ts';
import type { Fault } from '@slipway/local-cloud/kernel/call.ts';
import type { WireRequest } from '@slipway/local-cloud/kernel/http.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { accessKeyOf } from '../../local/slipway/access.ts';
import { connect } from '../../shared/aws/connect/reconcile.ts';
import { tableDefinition } from '../../shared/aws/table/table.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import type { Announcement } from '../../shared/core/model/announcement.ts';
import type { ImageDigest } from '../../shared/core/model/image.ts';
import type { HistoryEntry, QuarantineChange } from '../../shared/core/model/record/outbox.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import type { Ports } from '../../shared/ports.ts';
import { ENVIRONMENT } from '../../shared/runtime/environment.ts';
import { SILENT } from './as-port.ts';
import type { Engine, Outside } from './engine.ts';
import { rightsIn } from './rights.ts';

const TABLE = 'slipway';
const BUS = 'slipway';

export interface Full {
  readonly makePorts: (outside: Outside) => Ports;
  /** Ties the engine's sense of rest to what is on its way in dynalite. */
  attach(engine: Engine): void;
}

export async function startFull(world: World, pipeline: Pipeline): Promise<Full> {
  let onItsWay = 0;
  let strike: Fault = 'none';
  let outsideNow: Outside | undefined;
  let rights = rightsIn(pipeline);
  const transport = createTransport({
    world,
    serialise: false,
    authorizer: {
      callerOf: (accessKeyId) => rights.authorizer.callerOf(accessKeyId),
      refusalOf: (caller, need) => rights.authorizer.refusalOf(caller, need),
    },
    fault: (call) =>
      strike === 'none' && outsideNow !== undefined ? outsideNow.engine.limit(call) : strike,
    onCall: ({ service, operation, input, fault, error, output }) => {
      if (outsideNow === undefined || error !== undefined || fault !== 'none') return;
      const { engine, number, envelope } = outsideNow;
      if (service === 'events') return noteAnnounced(engine, input, output);
      const made = { at: world.now, handler: number, cause: envelope.cause.detailType };
      const call = { ...made, target: envelope.target, service, operation, input };
      engine.called(call as Parameters<Engine['called']>[0]);
    },
  });
  const settings = clientSettings({ world, transport, accessKeyId: accessKeyOf('reconcile') });
  const admin = clientSettings({ world, transport });
  await new DynamoDBClient(admin).send(new CreateTableCommand(tableDefinition(TABLE)));
  createBus(world, BUS);

  const ask = async (outside: Outside, request: WireRequest) => {
    const { engine } = outside;
    const name = request.headers['x-amz-target']?.split('.')[1] ?? request.path;
    engine.counts.calls++;
    await outside.pass(`before ${name}`);
    const isTable = request.headers['x-amz-target']?.startsWith('DynamoDB') ?? false;
    outsideNow = outside;
    rights = rightsIn(outside.pipeline);
    strike = isTable ? 'none' : drawFault(engine, name);
    onItsWay++;
    // A call to the model is made here and now; one to dynalite ends when it ends.
    const answer = transport.handle(request).finally(() => {
      onItsWay--;
    });
    const result = await answer.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if (isTable && 'value' in result) noteWritten(engine, name, request, result.value.response);
    await outside.pass(`after ${name}`);
    if ('error' in result) throw result.error;
    return result.value;
  };

  return {
    attach(engine) {
      engine.isBusy = () => onItsWay > 0;
    },
    makePorts: (outside) => {
      const requestHandler = {
        ...transport,
        handle: (request: WireRequest) => ask(outside, request),
      };
      const { ports } = connect({
        environment: {
          [ENVIRONMENT.table]: TABLE,
          [ENVIRONMENT.bus]: BUS,
          [ENVIRONMENT.urgentQueue]: 'https://sqs/urgent',
          [ENVIRONMENT.releasesQueue]: 'https://sqs/releases',
        },
        log: SILENT as never,
        clock: outside.clock,
        aws: { ...settings, requestHandler: requestHandler as never },
      });
      return ports(outside.clock.timeLeft);
    },
  };
}

function drawFault(engine: Engine, operation: string): Fault {
  if (operation === 'PutEvents' && engine.strikes('bus-down')) return 'server-error';
  if (engine.strikes('throttled')) return 'throttle';
  return engine.strikes('answer-lost') ? 'lost-answer' : 'none';
}

function noteAnnounced(engine: Engine, input: object, output: unknown): void {
  const { Entries = [] } = input as { Entries?: { Detail: string }[] };
  const answers = (output as { Entries?: { EventId?: string }[] }).Entries ?? [];
  for (const [i, { Detail }] of Entries.entries()) {
    if (answers[i]?.EventId !== undefined) engine.announced(JSON.parse(Detail) as Announcement);
  }
}

type Item = Readonly<
  Record<string, { readonly S?: string; readonly N?: string; readonly BOOL?: boolean }>
>;

const QUARANTINE = 'quarantine#';

/** What the table took, read off the wire: at the moment when it took it. */
function noteWritten(
  engine: Engine,
  operation: string,
  { body }: WireRequest,
  { statusCode }: { readonly statusCode: number },
): void {
  if (statusCode !== 200 || body === undefined) return;
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  if (operation === 'PutItem') {
    const { Item } = JSON.parse(text) as { Item: Item };
    const record = JSON.parse(Item.record?.S ?? 'null') as TargetRecord | null;
    if (record !== null) engine.saved(record, Number(Item.version?.N));
    const { pk, entry, entries } = Item;
    const written = entries?.S ?? (entry?.S && `[${entry.S}]`);
    if (pk?.S !== undefined && written !== undefined) {
      engine.remembered(pk.S, JSON.parse(written) as HistoryEntry[]);
    }
    noteQuarantined(engine, Item);
  }
}

function noteQuarantined(engine: Engine, { pk, sk, because, at, lifted }: Item): void {
  if (pk?.S === undefined || !sk?.S?.startsWith(QUARANTINE)) return;
  const digest = sk.S.slice(QUARANTINE.length) as ImageDigest;
  const change: QuarantineChange =
    lifted?.BOOL === true
      ? { change: 'lifted', digest }
      : { change: 'added', digest, because: because?.S ?? '', at: Number(at?.N) };
  engine.quarantined(pk.S, change);
}
