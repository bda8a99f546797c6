/**
 * IAM's answer within one account: an explicit Deny anywhere refuses; else one Allow is enough, of
 * the caller's own policies or of the resource's. No boundaries, no policies of organisations or of
 * sessions. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import type { ContextKeys, Need } from '../kernel/authorization.ts';
import { conditionsHold } from './conditions.ts';
import { isArnLike, isLike } from './patterns.ts';
import { listOf, type OneOrMore, type Statement } from './policy.ts';
import type { Principal } from './principal.ts';

export interface Policies {
  readonly identity: readonly Statement[];
  /** Absent: the resource has no policy. */
  readonly resource?: readonly Statement[];
}

export type Decision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      /** `implicit`: nobody allows it. */
      readonly deny: 'explicit' | 'implicit';
      readonly by: 'identity-based' | 'resource-based';
    };

export function evaluate(
  principal: Principal,
  { action, resource, context = {} }: Need,
  { identity, resource: ofResource = [] }: Policies,
): Decision {
  const keys = { ...principal.context, ...context };
  const applies = (statement: Statement) => isAbout(statement, action, resource, keys);
  const own = identity.filter(applies);
  const others = ofResource
    .map((statement) => ({ statement, grants: aboutPrincipal(statement, principal) }))
    .filter(({ statement, grants }) => grants !== 'no' && applies(statement));

  if (own.some(({ Effect }) => Effect === 'Deny')) {
    return { allowed: false, deny: 'explicit', by: 'identity-based' };
  }
  if (others.some(({ statement }) => statement.Effect === 'Deny')) {
    return { allowed: false, deny: 'explicit', by: 'resource-based' };
  }
  // What is allowed to the account is left to the account's own policies.
  if (own.length > 0 || others.some(({ grants }) => grants === 'yes')) return { allowed: true };
  const by = principal.kind === 'service' ? 'resource-based' : 'identity-based';
  return { allowed: false, deny: 'implicit', by };
}

function isAbout(
  statement: Statement,
  action: string,
  resource: string,
  keys: ContextKeys,
): boolean {
  const { Action, NotAction, Resource, NotResource } = statement;
  const isAction = (names: OneOrMore) =>
    listOf(names).some((each) => isLike(each.toLowerCase(), action.toLowerCase()));
  const isResource = (arns: OneOrMore) => listOf(arns).some((each) => isArnLike(each, resource));
  return (
    (Action === undefined || isAction(Action)) &&
    (NotAction === undefined || !isAction(NotAction)) &&
    (Resource === undefined || isResource(Resource)) &&
    (NotResource === undefined || !isResource(NotResource)) &&
    conditionsHold(statement, keys)
  );
}

/** `account`: it is about everybody of the account, whose own policies must allow it as well. */
function aboutPrincipal(
  { Principal: about }: Statement,
  { arn, roleArn, account, kind }: Principal,
): 'yes' | 'account' | 'no' {
  if (about === undefined) return 'no';
  if (about === '*') return 'yes';
  const names = listOf(about.AWS ?? []);
  // The same as an asterisk alone. (reference_policies_elements_principal)
  if (names.includes('*')) return 'yes';
  if (kind === 'service') return listOf(about.Service ?? []).includes(arn) ? 'yes' : 'no';
  if (names.some((name) => name === arn || name === roleArn)) return 'yes';
  const ofAccount = names.some((name) => name === account || name.endsWith(`::${account}:root`));
  return ofAccount ? 'account' : 'no';
}
