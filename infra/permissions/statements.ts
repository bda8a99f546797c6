/**
 * From permissions to statements of IAM, in as many policies as there is room for. Plain data: the
 * stack puts it into roles (`policies.ts`), and the local AWS evaluates the same.
 */
import { ConfigError, type Pipeline } from '../../shared/config/config.ts';
import { problem } from '../../shared/config/problems.ts';
import { defined } from '../../shared/core/model/defined.ts';
import type { FunctionName } from '../names.ts';
import type { Conditions, Permission, Right, RightsSettings } from './permission.ts';
import { permissionsOf } from './permissions.ts';

/** Characters without white space. (IAM user guide, "IAM and STS quotas") */
const INLINE_MAX = 10_240;
const MANAGED_MAX = 6_144;
const MANAGED_POLICIES_MAX = 10;
/** What a long statement is cut to. */
const PIECE_MAX = 1_500;
/** The frame around the statements. */
const FRAME = 60;

/** One statement of a policy, as IAM writes it. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Conditions;
}

export interface FittingPolicies {
  readonly permissions: readonly Permission[];
  /** There was no room for every name, so some rights are wider than the config. */
  readonly widened: boolean;
  /** By function; one list that fits the role, or several, each for a managed policy. */
  readonly statements: Readonly<Record<FunctionName, readonly (readonly Statement[])[]>>;
}

/** The narrowest permissions that IAM has room for. Throws `ConfigError` when there are none. */
export function fittingPolicies(pipeline: Pipeline, settings: RightsSettings): FittingPolicies {
  for (const services of ['named', 'by cluster'] as const) {
    const permissions = permissionsOf(pipeline, settings, services);
    const lists = Object.groupBy(permissions, (permission) => permission.function);
    const fitted = Object.entries(lists).map(
      ([name, list]) => [name, pack(list.map(statementOf))] as const,
    );
    if (fitted.every(([, parts]) => parts.length <= MANAGED_POLICIES_MAX)) {
      return {
        permissions,
        widened: services === 'by cluster',
        statements: Object.fromEntries(fitted) as FittingPolicies['statements'],
      };
    }
  }
  const expected =
    `services, families and roles that fit ${MANAGED_POLICIES_MAX} policies of ${MANAGED_MAX} ` +
    'characters: a cluster with targets in watch mode is named service by service, and every role is named';
  throw new ConfigError([
    problem(['targets'], `${Object.keys(pipeline.targets).length} targets`, expected),
  ]);
}

export function statementOf({ effect, actions, resources, conditions }: Right): Statement {
  return defined({
    Effect: effect ?? 'Allow',
    Action: actions,
    Resource: resources,
    Condition: conditions,
  });
}

function pack(statements: readonly Statement[]): readonly (readonly Statement[])[] {
  if (sizeOf(statements) <= INLINE_MAX) return [statements];
  const parts: Statement[][] = [[]];
  for (const statement of statements.flatMap(cut)) {
    const last = parts.at(-1) ?? [];
    if (sizeOf([...last, statement]) <= MANAGED_MAX) last.push(statement);
    else parts.push([statement]);
  }
  return parts;
}

/** A long statement as several, small enough to fill the policies well: what they say is a union. */
function cut(statement: Statement): readonly Statement[] {
  const { Resource } = statement;
  const half = Math.ceil(Resource.length / 2);
  if (sizeOf([statement]) <= PIECE_MAX || half === Resource.length) return [statement];
  return [Resource.slice(0, half), Resource.slice(half)].flatMap((part) =>
    cut({ ...statement, Resource: part }),
  );
}

function sizeOf(statements: readonly Statement[]): number {
  return JSON.stringify(statements).length + FRAME;
}
