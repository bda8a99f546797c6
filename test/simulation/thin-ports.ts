/** The ports over the direct client: our adapters and no wire, the table in memory. Fast. */
// Loaded now: what a handler waits for must be the world, and not a disk.
import '../../shared/aws/ecr/sigstore.ts';
import { layersFetch } from '@slipway/local-cloud/ecr/blobs.ts';
import type { Hooks } from '@slipway/local-cloud/kernel/call.ts';
import type { ServiceName } from '@slipway/local-cloud/services.ts';
import { directClient } from '@slipway/local-cloud/wire/direct-client.ts';
import { createAlarms } from '../../shared/aws/alarms.ts';
import { createBalancers } from '../../shared/aws/balancers.ts';
import { createImages } from '../../shared/aws/ecr/images.ts';
import { createScans } from '../../shared/aws/ecr/scans.ts';
import { createSignatures } from '../../shared/aws/ecr/signatures.ts';
import { readServices } from '../../shared/aws/ecs/read.ts';
import { writeServices } from '../../shared/aws/ecs/write.ts';
import { createRequestCounts } from '../../shared/aws/request-counts.ts';
import type { Announcement } from '../../shared/core/model/announcement.ts';
import type { Ports } from '../../shared/ports.ts';
import { asPort, SILENT } from './as-port.ts';
import type { Engine, Outside } from './engine.ts';
import { gated } from './gated.ts';
import { rightsIn } from './rights.ts';
import { thinFiles } from './thin-github.ts';
import { thinCommitPlaces } from './thin-source-ports.ts';

/** While releases have taken their share of the account's calls. */
const BUDGET_WAITS_MS = 5_000;

export function thinPorts(outside: Outside): Ports {
  const client = (service: ServiceName) => clientOf(outside, service) as never;
  const { rawDefinition, ...services } = readServices(client('ecs'), SILENT);
  return {
    clock: outside.clock,
    records: recordsOf(outside),
    services: { ...services, ...writeServices(client('ecs'), rawDefinition) },
    alarms: createAlarms(client('monitoring'), SILENT),
    balancers: createBalancers(client('elasticloadbalancing'), SILENT),
    requestCounts: createRequestCounts(client('monitoring'), SILENT),
    images: createImages(client('ecr'), SILENT),
    scans: createScans(client('ecr'), SILENT),
    signatures: createSignatures(client('ecr'), SILENT, {
      now: outside.clock.now,
      fetch: layersFetch(outside.engine.world),
    }),
    commits: thinCommitPlaces(outside),
    ...(readsFiles(outside) && {
      definitions: { written: thinFiles(outside), registered: rawDefinition },
    }),
    announcements: { tell: (all) => tell(outside, all) },
    budget: budgetOf(outside.engine),
    log: SILENT,
  };
}

/** Some target has its task definition in git. */
function readsFiles({ pipeline }: Outside): boolean {
  return Object.values(pipeline.targets).some(({ rules }) => rules.definition !== undefined);
}

/** Spent: whoever asks waits for some seconds. */
function budgetOf(engine: Engine): Ports['budget'] {
  const waits = () => (engine.strikes('budget-spent') ? BUDGET_WAITS_MS : 0);
  return {
    reserve: async () => engine.world.now + waits(),
    giveBack: async () => undefined,
  };
}

function clientOf(outside: Outside, service: ServiceName) {
  const { engine, number, envelope, pipeline } = outside;
  const { authorizer, reconcile } = rightsIn(pipeline);
  const hooks: Hooks = {
    authorizer,
    fault: (made) => engine.limit(made),
    onCall: ({ operation, input, fault, error }) => {
      if (fault !== 'none') return;
      const { target, cause } = envelope;
      const at = engine.world.now;
      const { beganAt } = outside;
      const by = { handler: number, cause: cause.detailType, target, beganAt };
      const made = { at, ...by, after: outside.previous(), leftMs: outside.left() };
      const call = { ...made, service, operation, input };
      if (error === undefined) engine.called(call);
      else engine.refused(call);
    },
  };
  const inner = directClient(engine.world, service, hooks, reconcile);
  return gated(inner, outside);
}

function recordsOf(outside: Outside): Ports['records'] {
  const { engine } = outside;
  const { records, quarantine } = engine;
  const port = asPort(outside);
  return {
    load: (key) => port('load', () => records.get(key)),
    stop: async () => engine.stop,
    version: (key) => port('version', () => records.get(key)?.version),
    save: (record, expected) =>
      port('save', () => {
        const before = records.get(record.key);
        if (before?.version !== expected) return 'stale' as const;
        // The core never changes a record that it was given, so no copy is made.
        engine.saved(record, (expected ?? 0) + 1);
        return 'saved' as const;
      }),
    addHistory: (key, entries) => port('addHistory', () => engine.remembered(key, entries)),
    changeQuarantine: (key, changes) =>
      port('changeQuarantine', () => {
        for (const change of changes) engine.quarantined(key, change);
      }),
    quarantined: (key, digest) => port('quarantined', () => quarantine.get(`${key} ${digest}`)),
  };
}

function tell(outside: Outside, all: readonly Announcement[]): Promise<readonly string[]> {
  const { engine } = outside;
  return asPort(outside)('PutEvents', () => {
    if (engine.strikes('bus-down')) return [];
    for (const announcement of all) engine.announced(announcement);
    return all.map(({ id }) => id);
  });
}
