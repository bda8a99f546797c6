/**
 * Who is who in the local account, and what each may do: the very statements that the stack puts into
 * the roles (`test/infra/access.test.ts` holds them against its template). Each function signs with a
 * session of its own role; every other key is that of an administrator.
 */
import { type AccessOptions, createAuthorizer } from '@slipway/local-cloud/iam/authorizer.ts';
import { type Principal, roleSession, user } from '@slipway/local-cloud/iam/principal.ts';
import { somebodyOf } from '@slipway/local-cloud/iam/somebody.ts';
import type { Authorizer } from '@slipway/local-cloud/kernel/authorization.ts';
import {
  FUNCTION_NAMES,
  functionName,
  functionRoleName,
  functionsOf,
  type Home,
} from '../../infra/names.ts';
import { peoplePolicies } from '../../infra/permissions/people.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import type { FunctionName } from './lambda.ts';
import { BUILD_ROLE, buildStatementsOf, queuePoliciesOf, statementsOf } from './policies.ts';

export interface Access {
  readonly authorizer: Authorizer;
  /** What each function asked for, and got: `ecs:updateservice`, in small letters. */
  readonly used: Readonly<Record<FunctionName, ReadonlySet<string>>>;
}

/** The access key that a function signs with. */
export function accessKeyOf(name: FunctionName): string {
  return `ASIASLIPWAY${name.replaceAll('-', '').toUpperCase()}`;
}

/** The access key of a person who has one of the policies for people, and no other. */
export function personKeyOf(policy: string): string {
  return `ASIAPERSON${policy.replaceAll('-', '').toUpperCase()}`;
}

/** What runs in a build signs with it. */
export const BUILD_KEY = 'ASIASLIPWAYBUILDPROJECT';

/** The session that Lambda gives a function: of its role, with its own name. */
function sessionOf(home: Home, name: FunctionName): Principal {
  return roleSession(home, functionRoleName(home, name), functionName(home, name));
}

export function accessOf(pipeline: Pipeline, table?: string): Access {
  const statements = statementsOf(pipeline, table);
  const sessions = functionsOf(pipeline).map((name) => {
    const policies = [{ Statement: statements[name] }];
    return [name, { principal: sessionOf(pipeline, name), policies }] as const;
  });
  const administrator = {
    principal: user(pipeline, 'local'),
    policies: [{ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
  };
  const build = {
    principal: roleSession(pipeline, BUILD_ROLE, 'AWSCodeBuild'),
    policies: [{ Statement: buildStatementsOf(pipeline) }],
  };
  const people = Object.entries(peoplePolicies(pipeline, table)).map(([name, Statement]) => {
    const principal = roleSession(pipeline, name, `who-${name}`);
    return [personKeyOf(name), { principal, policies: [{ Statement }] }] as const;
  });
  const queues = Object.entries(queuePoliciesOf(pipeline));
  const options: AccessOptions = {
    identities: {
      ...Object.fromEntries(sessions.map(([name, it]) => [accessKeyOf(name), it])),
      [BUILD_KEY]: build,
      ...Object.fromEntries(people),
    },
    others: administrator,
    nameOther: (accessKeyId) => somebodyOf(pipeline, accessKeyId),
    resources: Object.fromEntries(queues.map(([arn, Statement]) => [arn, { Statement }])),
  };
  const asked = createAuthorizer(options);
  const used = Object.fromEntries(
    FUNCTION_NAMES.map((name) => [name, new Set<string>()]),
  ) as Record<FunctionName, Set<string>>;
  const byArn = new Map(sessions.map(([name, { principal }]) => [principal.arn, used[name]]));
  return {
    used,
    authorizer: {
      callerOf: asked.callerOf,
      refusalOf(caller, need) {
        const refusal = asked.refusalOf(caller, need);
        if (refusal === undefined) byArn.get(caller.arn)?.add(need.action.toLowerCase());
        return refusal;
      },
    },
  };
}
