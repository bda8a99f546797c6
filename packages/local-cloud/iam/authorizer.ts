/**
 * Who is who, what each may do, and what AWS says to whoever may not. An answer is kept by caller,
 * action, resource and condition keys: our functions ask the same few thousand questions for ever.
 */
import type { Authorizer, Caller, Need } from '../kernel/authorization.ts';
import { evaluate, type Policies } from './evaluate.ts';
import { type PolicyDocument, type Statement, statementsIn } from './policy.ts';
import type { Principal } from './principal.ts';

export interface Identity {
  readonly principal: Principal;
  readonly policies: readonly PolicyDocument[];
}

export interface AccessOptions {
  /** By access key. Services of AWS have none and are found by their names. */
  readonly identities: Readonly<Record<string, Identity>>;
  /** Whoever signs with another key, or not at all. */
  readonly others: Identity;
  /** Who of them signs with this key; undefined: all of them are one. */
  readonly nameOther?: (accessKeyId: string) => Principal | undefined;
  /** Policies of resources, by ARN. */
  readonly resources?: Readonly<Record<string, PolicyDocument>>;
}

/** Different questions that are remembered; beyond them it begins anew. */
const ANSWERS_MOST = 20_000;

export function createAuthorizer(options: AccessOptions): Authorizer {
  const { identities, others, nameOther, resources = {} } = options;
  const known = [...Object.values(identities), others].map((identity) => ({
    principal: identity.principal,
    statements: identity.policies.flatMap(statementsIn),
  }));
  const byArn = new Map(known.map((each) => [each.principal.arn, each]));
  const ofResource = new Map<string, readonly Statement[]>(
    Object.entries(resources).map(([arn, document]) => [arn, statementsIn(document)]),
  );
  const answers = new Map<string, string | undefined>();
  const otherStatements = others.policies.flatMap(statementsIn);
  const named = (accessKeyId: string | undefined): Principal | undefined => {
    const principal = accessKeyId === undefined ? undefined : nameOther?.(accessKeyId);
    if (principal !== undefined && !byArn.has(principal.arn)) {
      byArn.set(principal.arn, { principal, statements: otherStatements });
    }
    return principal;
  };

  const ask = (caller: Caller, need: Need): string | undefined => {
    // A service has no policies of its own: who it is says what it is.
    const { principal, statements } = byArn.get(caller.arn) ?? {
      principal: caller as Principal,
      statements: [],
    };
    const resource = ofResource.get(need.resource);
    const policies: Policies = { identity: statements, ...(resource && { resource }) };
    const decision = evaluate(principal, need, policies);
    return decision.allowed ? undefined : refusalText(principal, need, decision);
  };

  return {
    callerOf: (accessKeyId) =>
      (accessKeyId !== undefined && Object.hasOwn(identities, accessKeyId)
        ? identities[accessKeyId]?.principal
        : named(accessKeyId)) ?? others.principal,
    refusalOf(caller, need) {
      const key = `${caller.userId} ${need.action} ${need.resource} ${need.context === undefined ? '' : JSON.stringify(need.context)}`;
      if (answers.has(key)) return answers.get(key);
      const answer = ask(caller, need);
      if (answers.size >= ANSWERS_MOST) answers.clear();
      answers.set(key, answer);
      return answer;
    },
  };
}

/** docs, troubleshoot_access-denied; and observed of EventBridge at a queue, action in small letters. */
function refusalText(
  { arn }: Principal,
  { action, resource }: Need,
  { deny, by }: { readonly deny: 'explicit' | 'implicit'; readonly by: string },
): string {
  const why =
    deny === 'explicit'
      ? `with an explicit deny in ${by.startsWith('i') ? 'an' : 'a'} ${by} policy`
      : `because no ${by} policy allows the ${action} action`;
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
}
