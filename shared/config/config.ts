/**
 * The user's config, checked once: everything behind `Pipeline` may rely on it. What a config may
 * say is in `input.ts`; what is refused in `schema.ts`, and of several parts together in `together.ts`.
 */

import type { Approvable, ApprovalRules } from '../core/model/approval.ts';
import { defined } from '../core/model/defined.ts';
import type { ContainerName, TargetKey } from '../core/model/image.ts';
import type {
  ContainerSource,
  Hook,
  OwnRequests,
  Rules,
  ScanRules,
  SignatureRules,
  TaskRights,
} from '../core/model/rules.ts';
import { registryOf } from '../parsing/names.ts';
import { definitionFiles, definitionOf, withDefinitionPaths } from './definition.ts';
import { whatIsSent } from './gates.ts';
import type { Settings } from './infra.ts';
import type { EcsServiceInput, EcsServiceTarget, NoAlarms, PipelineInput } from './input.ts';
import { judgeOf, shifting } from './judging.ts';
import { elsewhere, type Notices, noticesOf } from './notices.ts';
import { ConfigError, problemsOf } from './problems.ts';
import { soakOf } from './promotion/after.ts';
import { upstreamOf } from './promotion/upstream.ts';
import { withRepositoryNames } from './repositories.ts';
import {
  type ParsedApprovals,
  type ParsedContainer,
  type ParsedPipeline,
  type ParsedTarget,
  pipelineSchema,
} from './schema.ts';
import { GITHUB_DEFAULTS, type GitHub, patternOf, type Source, sourceOf } from './sources.ts';
import { hookOf } from './strategies.ts';
import { tagRule } from './tag-input.ts';
import type { TagFilter, TagRule } from './tags.ts';
import {
  type BuiltRepositories,
  builtRepositories,
  keyOf,
  problemsTogether,
  twoOnOneService,
} from './together.ts';

export type { EcsServiceInput, NoAlarms, PipelineInput } from './input.ts';
export { ConfigError } from './problems.ts';
export type { GitHub, Source } from './sources.ts';
export { blueGreen, canary, judged, linear, rolling } from './strategies.ts';

export interface Pipeline {
  /** Of several in one account and region; absent: the one without a name. */
  readonly name?: string;
  readonly account: string;
  readonly region: string;
  /** Host of the account's registry: `<account>.dkr.ecr.<region>.amazonaws.com`. */
  readonly registry: string;
  /** By id. It has no prototype: a person's word may be looked up in it. */
  readonly targets: Readonly<Record<string, Target>>;
  /** By id, without a prototype; empty when images are pushed by somebody else. */
  readonly sources: Readonly<Record<string, Source>>;
  readonly github: GitHub;
  /** Where people are told; absent: nowhere. */
  readonly notices?: Notices;
  /** What only the infrastructure needs to know; no function has it. */
  readonly infra: Settings;
  /** Set by the stack when it bundles the config; absent where only the config is read. */
  readonly taskRights?: TaskRights;
}

export interface Target {
  /** The user's name for it: a label. */
  readonly id: string;
  /** `ecs/<cluster>/<service>`: what it controls. */
  readonly key: TargetKey;
  readonly cluster: string;
  readonly service: string;
  readonly rules: Rules;
  /** Which tags deploy to a container, and which of two is newer; the same keys as `rules.containers`. */
  readonly tagRules: Readonly<Record<ContainerName, TagRule>>;
  /** Those with the same one take commands by a queue of their own; absent: by that of all others. */
  readonly commandQueue?: string;
  /** Requests of our own to the test listener; no part of the record, which a person reads. */
  readonly ownRequests?: OwnRequests;
  /** Why it has no alarms, in the user's words. */
  readonly noAlarmsBecause?: string;
  /** Nobody wrote `mode`, so it watches: until 0.2.0 such a target acted. */
  readonly isModeLeftOut?: true;
}

/** The whole config. Throws `ConfigError` with every mistake. */
export function definePipeline(input: PipelineInput): Pipeline {
  return parsePipeline(input);
}

/** One ECS service as a target. */
export function ecsService(input: EcsServiceInput): EcsServiceTarget {
  return { ...input, type: 'ecs-service' };
}

/**
 * This service has no alarms, and here is why. ECS's circuit breaker (if it is on) and
 * `maxTaskFailures` still guard it; errors in its answers go unnoticed.
 */
export function noAlarms(because: string): NoAlarms {
  return { noAlarmsBecause: because };
}

/** `definePipeline` has checked it; what is plain input has not been. */
export function isPipeline(config: unknown): config is Pipeline {
  return typeof config === 'object' && config !== null && 'registry' in config;
}

/** A config from anywhere, a file of JSON included. Throws `ConfigError` with every mistake. */
export function parsePipeline(written: unknown): Pipeline {
  const input = withRepositoryNames(written);
  const result = pipelineSchema.safeParse(input);
  const problems = [
    ...(result.success ? [] : problemsOf(result.error.issues, input)),
    ...twoOnOneService(input),
    ...(result.success ? problemsTogether(result.data) : []),
    ...(result.success && result.data.notices ? elsewhere(result.data.notices, result.data) : []),
  ];
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return pipelineOf(result.data);
}

function pipelineOf(parsed: ParsedPipeline): Pipeline {
  const { account, region, name } = parsed;
  const registry = registryOf(account, region);
  const namers = new Map<string, string[]>();
  for (const [id, target] of Object.entries(parsed.targets)) {
    for (const alarm of alarmsOf(target)) namers.set(alarm, [...(namers.get(alarm) ?? []), id]);
  }
  const keys = Object.fromEntries(
    Object.entries(parsed.targets).map(([id, { cluster, service }]) => [
      id,
      keyOf(cluster, service),
    ]),
  );
  // Of all targets together: made for each, a thousand of them would take seconds.
  const ofAll = {
    name,
    registry,
    built: builtRepositories(parsed),
    sources: parsed.sources ?? {},
    approvals: parsed.approvals,
    freeze: parsed.freeze,
    keys,
    upstream: upstreamOf(parsed.upstream, parsed),
    hook: hookOf(parsed),
  };
  const targets: Record<string, Target> = Object.create(null);
  for (const [id, target] of Object.entries(parsed.targets)) {
    targets[id] = targetOf(id, target, {
      ...ofAll,
      alarmsSharedWith: sharersOf(id, target, namers),
      roles: parsed.infra.taskDefinitions?.[id]?.roles ?? [],
    });
  }
  const github = parsed.github ?? GITHUB_DEFAULTS;
  const files = definitionFiles(parsed.targets);
  const sources: Record<string, Source> = Object.create(null);
  for (const [id, source] of Object.entries(parsed.sources ?? {})) {
    const images = withDefinitionPaths(source.images, files);
    const around = { name, registry, webhookSecret: github.webhookSecret };
    sources[id] = sourceOf(id, { ...source, images }, around);
  }
  const notices = parsed.notices && noticesOf(parsed.notices);
  // Plain data, and without what is only undefined.
  const infra = JSON.parse(JSON.stringify(parsed.infra)) as Settings;
  return {
    ...(name !== undefined && { name }),
    account,
    region,
    registry,
    targets,
    sources,
    github,
    infra,
    ...(notices && { notices }),
  };
}

/** What a target's rules need to know of the rest of the config. */
interface Around {
  /** Of the pipeline. */
  readonly name: string | undefined;
  readonly registry: string;
  readonly built: BuiltRepositories;
  readonly sources: NonNullable<ParsedPipeline['sources']>;
  readonly approvals: ParsedApprovals | undefined;
  readonly freeze: ParsedPipeline['freeze'];
  /** Of all targets, by their names. */
  readonly keys: Readonly<Record<string, TargetKey>>;
  /** Targets of other pipelines, by the names that `after` has for them. */
  readonly upstream: ReturnType<typeof upstreamOf>;
  readonly hook: Hook;
  readonly alarmsSharedWith: Rules['alarmsSharedWith'];
  /** Those that `infra` lets Slipway hand to its tasks. */
  readonly roles: readonly string[];
}

function targetOf(id: string, parsed: ParsedTarget, around: Around): Target {
  const { cluster, service, containers, alarms, commandQueue, mode, ownRequests } = parsed;
  return {
    id,
    key: keyOf(cluster, service),
    cluster,
    service,
    rules: rulesOf(parsed, around),
    tagRules: Object.fromEntries(
      Object.entries(containers).map(([name, { tags, newer, repository }]) => [
        name,
        tagRule(
          defined(tags) as TagFilter,
          newer ?? (around.built.has(repository) ? 'commit' : 'push-time'),
        ),
      ]),
    ),
    ...(commandQueue !== undefined && { commandQueue }),
    ...(ownRequests && { ownRequests: whatIsSent(ownRequests) }),
    ...(!Array.isArray(alarms) && { noAlarmsBecause: alarms.noAlarmsBecause }),
    ...(mode === undefined && { isModeLeftOut: true }),
  };
}

function rulesOf(parsed: ParsedTarget, around: Around): Rules {
  const { strategy, containers, rollout, scan, signature, migration } = parsed;
  const { maxTaskFailures, notSafeBelow, mode = 'watch', approvals = around.approvals } = parsed;
  const { bakeMinutes, rolloutMinutes, rollbackMinutes } = parsed;
  const { whileAlarmRed, holdMinutes, afterHold } = parsed;
  const shifts = shifting(strategy);
  const approved = approvals && approvalRules(approvals);
  const { circuitBreaker, ...percents } = rollout;
  return {
    ...(around.name !== undefined && { pipeline: around.name }),
    mode,
    ...{ bakeMinutes, rolloutMinutes, rollbackMinutes },
    ...{ whileAlarmRed, holdMinutes, afterHold },
    ...(maxTaskFailures === undefined ? {} : { maxTaskFailures }),
    ...(notSafeBelow === undefined ? {} : { notSafeBelow }),
    ...(migration && { migration: defined(migration) }),
    ...definitionOf(parsed, around.roles),
    ...afterOf(parsed, around),
    ...freezeOf(parsed, around),
    ...(shifts && { strategy: shifts, hook: around.hook }),
    ...judgeOf(parsed),
    alarms: alarmsOf(parsed),
    alarmsSharedWith: around.alarmsSharedWith,
    containers: Object.fromEntries(
      Object.entries(containers).map(([name, one]) => [name, containerSource(one, around)]),
    ),
    rollout: {
      ...defined(percents),
      ...(circuitBreaker && { circuitBreaker: defined(circuitBreaker) }),
    },
    ...(scan && { scan: defined(scan) as ScanRules }),
    ...(signature && { signature: defined(signature) as SignatureRules }),
    ...(approved && { approvals: approved }),
  };
}

/** The config names targets, and records know their keys. */
function afterOf(
  { after }: ParsedTarget,
  { keys, upstream }: Pick<Around, 'keys' | 'upstream'>,
): Pick<Rules, 'after'> {
  if (after === undefined) return {};
  const { targets, soakMinutes } = soakOf(after);
  const known = targets.flatMap((id) => {
    const [key, elsewhere] = [keys[id], upstream[id]];
    if (key !== undefined) return [{ id, key }];
    return elsewhere === undefined ? [] : [{ id, ...elsewhere }];
  });
  return { after: { targets: known, soakMinutes } };
}

/** Its own takes the place of the pipeline's. */
function freezeOf(
  { freeze: own }: ParsedTarget,
  { freeze: ofAll }: Pick<Around, 'freeze'>,
): Pick<Rules, 'freeze'> {
  const freeze = own ?? ofAll;
  return freeze === undefined || freeze === 'none' ? {} : { freeze };
}

/** Undefined: one person is enough for everything. */
function approvalRules({
  deploy,
  unquarantine,
  by,
  minutes,
  release: asked,
}: ParsedApprovals): ApprovalRules | undefined {
  const commands = Object.entries({ deploy, unquarantine }).flatMap(([command, count]) =>
    count === undefined ? [] : [command as Approvable['do']],
  );
  if (commands.length === 0 && asked === undefined) return undefined;
  const release =
    asked &&
    defined({
      before: asked.before,
      minutes: asked.within,
      otherwise: asked.otherwise,
      by: asked.by,
    });
  return defined({ commands, by, minutes, release });
}

function containerSource(
  { repository, newer = 'commit', onlyBuilt, from }: ParsedContainer,
  { registry, built, sources }: Pick<Around, 'registry' | 'built' | 'sources'>,
): ContainerSource {
  // Bound to one source, commits of no other one count.
  const bound = from && sources[from.source];
  const builders = bound === undefined ? built.get(repository) : [bound.repository];
  return defined({
    registry,
    repository,
    builtFrom: newer === 'commit' ? builders : undefined,
    onlyBuiltFrom: onlyBuilt === false ? undefined : builders,
    branches: from?.branches.map(patternOf),
  });
}

/** Who else names an alarm of this target; alarms of its own are left out. */
function sharersOf(
  id: string,
  target: ParsedTarget,
  namers: ReadonlyMap<string, readonly string[]>,
): Rules['alarmsSharedWith'] {
  return Object.fromEntries(
    alarmsOf(target)
      .map((alarm) => [alarm, (namers.get(alarm) ?? []).filter((other) => other !== id)] as const)
      .filter(([, others]) => others.length > 0),
  );
}

function alarmsOf({ alarms }: ParsedTarget): readonly string[] {
  return Array.isArray(alarms) ? alarms : [];
}
