/**
 * Lambda lets an account run so many functions at a time: is there enough for what the stack reserves, and for
 * its functions that share what nobody reserved?
 */
import type { ConcurrencyNeeds } from '../../infra/reserved-concurrency.ts';
import type { ConcurrencyFacts } from '../../shared/aws/account/concurrency.ts';
import type { Found } from '../../shared/aws/examine.ts';
import { type Check, failed, judged, ok } from './check.ts';

/** Lambda refuses a reservation that leaves less than this to all functions that have none. (unverified in an account) */
const KEPT_UNRESERVED = 100;
/** What an account has that is not new; asked for at least. */
const USUAL_LIMIT = 1_000;

const NAME = 'Lambda concurrency';

/** `isDeployed`: what the stack reserves is no longer among what is unreserved. */
export function concurrencyCheck(
  seen: Found<ConcurrencyFacts>,
  needs: ConcurrencyNeeds,
  { isDeployed, region }: { readonly isDeployed: boolean; readonly region: string },
): Check {
  const missing = { says: 'Lambda tells no limit of the account', fix: 'ask AWS support' };
  return judged(NAME, seen, missing, ({ limit, unreserved }) => {
    const { reserved, forReconcile, shared } = needs;
    const has = `the account may run ${limit} functions at a time, ${unreserved} of them unreserved`;
    const asks = `the stack reserves ${reserved}, ${forReconcile} of them for reconcile`;
    const left = isDeployed ? unreserved : unreserved - reserved;
    if (!isDeployed && left < KEPT_UNRESERVED) {
      const lacks = `; Lambda keeps ${KEPT_UNRESERVED} unreserved, so the stack cannot be deployed`;
      return failed(NAME, `${has}, and ${asks}${lacks}`, raiseBy(KEPT_UNRESERVED - left));
    }
    if (left < shared) {
      const lacks = `, and its other functions need ${shared}: events may wait behind those of others`;
      return failed(NAME, `${has}; ${asks}${lacks}`, raiseBy(shared - left));
    }
    return ok(NAME, `${has}; ${asks}${isDeployed ? '' : ', once it is deployed'}`);

    function raiseBy(lacking: number): string {
      const wanted = Math.max(USUAL_LIMIT, limit + lacking);
      return `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value ${wanted} --region ${region}`;
    }
  });
}
