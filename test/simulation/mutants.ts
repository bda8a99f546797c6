/**
 * Who guards the guards: each mutant is our code with one rule taken out, and the simulation must
 * notice. `npm run simulate:mutants` finds what kills each first; the test plays a few of those.
 */
import type { Scene } from './stages/play.ts';

export interface Mutant {
  /** The rule that is missing in it. */
  readonly name: string;
  readonly file: string;
  /** Stands once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The rule that it breaks, in a scene or in one of `WORLDS` worlds from this seed on. */
  readonly killedBy: { readonly rule: string } & (
    | { readonly from: number }
    | { readonly scene: Scene }
  );
}

/** Each change of the core draws another course of a world; among so many one shows it all the same. */
export const WORLDS = 12;

/** Nothing happens but a push of a good image. */
const NOTHING: Scene = { phase: 'not seen yet', event: 'nothing', ill: 'none' };

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a model that does nothing',
    file: 'packages/local-cloud/ecs/scheduler.ts',
    find: 'export function runPass(world: World, data: Record<string, unknown>): void {',
    replace:
      'export function runPass(world: World, data: Record<string, unknown>): void {\n  if (world.now > Date.UTC(2026, 10, 21)) return;',
    killedBy: { scene: NOTHING, rule: '6. a fix runs' },
  },
  {
    name: 'an intended call that is never made',
    file: 'shared/core/intended-call.ts',
    find: '  const attempt = attemptOf(phase);',
    replace: '  if (observation.at > 0) return undefined;\n  const attempt = attemptOf(phase);',
    killedBy: { scene: NOTHING, rule: '6. a fix runs' },
  },
  {
    name: 'a record without its version check',
    file: 'test/simulation/thin-ports.ts',
    find: "if (before?.version !== expected) return 'stale' as const;",
    replace: '',
    killedBy: {
      scene: { phase: 'baking over two proven', event: 'two pushes', ill: 'paused' },
      rule: '5.',
    },
  },
  {
    name: 'an alarm rule without its time',
    file: 'shared/core/release/evidence.ts',
    find: 'if (!window.alarms.includes(rise.alarm) || rise.at < window.from) return false;',
    replace: 'return window.alarms.includes(rise.alarm);',
    killedBy: {
      scene: {
        phase: 'held by a red alarm',
        event: 'the alarm is red for good, and a person deploys',
        ill: 'none',
      },
      rule: '7.',
    },
  },
  {
    name: 'a quarantine that forgets',
    file: 'shared/core/model/decision.ts',
    find: 'digests.filter((digest) => !isQuarantined(record, digest))',
    replace: 'digests.slice(0, 0)',
    killedBy: { scene: { phase: 'baking', event: 'rollback', ill: 'none' }, rule: '2.' },
  },
  {
    name: 'order compared with what runs instead of the highest accepted',
    file: 'shared/core/events/offer.ts',
    find: `const highest = record.newest[container];
  if (isUnderWay`,
    replace: `const taken = record.newest[container];
  const highest =
    taken?.digest === record.runs?.images[container]?.digest ? taken : undefined;
  if (isUnderWay`,
    killedBy: {
      scene: { phase: 'idle', event: 'two pushes, the older heard last', ill: 'none' },
      rule: '5.',
    },
  },
  {
    name: 'a rollback to the next-lower revision',
    file: 'shared/core/release/rollback-candidates.ts',
    find: 'return to === undefined ? open.find((candidate) => !isBelow(record, candidate)) : open.find((candidate) => candidate.release === to);',
    replace: `  const [top] = open;
  const left = /^(.*:)(\\d+)$/.exec(phase.condemned.revision ?? '');
  if (top === undefined || left === null) return top;
  return { ...top, revision: \`\${left[1]}\${Number(left[2]) - 1}\` as typeof top.revision };`,
    killedBy: {
      scene: { phase: 'a bake of nothing', event: 'a push that turns bad', ill: 'none' },
      rule: '',
    },
  },
  {
    name: 'askedAt not written before the call',
    file: 'shared/reconcile/reconcile.ts',
    find: `await this.#save();
      const action = intendedCall(this.#known, observation);`,
    replace: `const action = intendedCall(this.#known, observation);
      if (action?.type !== 'StartRollout') await this.#save();`,
    killedBy: {
      scene: { phase: 'not seen yet', event: 'nothing', ill: 'none' },
      rule: 'a rollout is written down',
    },
  },
  {
    name: 'a hint that is believed',
    file: 'shared/core/decide.ts',
    find: "    case 'Hinted':\n",
    replace: `    case 'Hinted':
      if (record.phase.phase === 'deploying' && record.phase.goal === 'forward' && event.cause.includes('COMPLETED')) {
        const { release, attempt } = record.phase;
        const revision = attempt.revision ?? attempt.base;
        const { images } = release;
        const candidate = { release: release.id, revision, images, changed: [], pinned: true, provenAt: event.at };
        const told = { id: \`\${record.key}#\${record.sequence + 1}.1\`, kind: 'proven', key: record.key, target: record.id, runsNow: 'unknown', at: event.at, release: release.id, revision, images, because: 'a hint', next: '' };
        const outbox = { ...record.outbox, announcements: [...record.outbox.announcements, told] };
        return { record: { ...record, phase: { phase: 'idle' }, outbox, rollbackCandidates: [candidate, ...record.rollbackCandidates] }, because: 'believed' };
      }
`,
    killedBy: {
      scene: { phase: 'not seen yet', event: 'nothing', ill: 'none' },
      rule: '8. proven is true',
    },
  },
  {
    name: 'an owed announcement dropped',
    file: 'shared/reconcile/reconcile.ts',
    find: 'return forget(written, { announcements: out });',
    replace:
      'return forget(written, { announcements: out.length < 0 ? out : announcements.map(({ id }) => id) });',
    killedBy: { scene: { phase: 'baking', event: 'a good push', ill: 'bus-down' }, rule: '6.' },
  },
  {
    name: 'a history of decisions that were never saved',
    file: 'shared/reconcile/optimistic-loop.ts',
    find: '    this.current = saved;\n',
    replace: '    if (this.current === undefined) return;\n',
    killedBy: {
      scene: { phase: 'nothing to return to', event: 'the service is replaced', ill: 'killed' },
      rule: '2. at rest',
    },
  },
];
