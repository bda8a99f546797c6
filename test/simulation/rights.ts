/** IAM in a simulated world: the rights of our functions, as a deploy of the config of the moment gives them. */
import type { Authorizer, Caller } from '@slipway/local-cloud/kernel/authorization.ts';
import { accessKeyOf, accessOf } from '../../local/slipway/access.ts';
import type { Pipeline } from '../../shared/config/config.ts';

export interface Rights {
  readonly authorizer: Authorizer;
  readonly reconcile: Caller;
  readonly tick: Caller;
  readonly build: Caller;
  readonly hook: Caller;
}

/** A world has few configs, and asks at every call. */
const known = new WeakMap<Pipeline, Rights>();

export function rightsIn(pipeline: Pipeline): Rights {
  const found = known.get(pipeline);
  if (found !== undefined) return found;
  const { authorizer } = accessOf(pipeline);
  const callerOf = (name: 'reconcile' | 'tick' | 'build' | 'lifecycle-hook') =>
    authorizer.callerOf(accessKeyOf(name));
  const rights = {
    authorizer,
    reconcile: callerOf('reconcile'),
    tick: callerOf('tick'),
    build: callerOf('build'),
    hook: callerOf('lifecycle-hook'),
  };
  known.set(pipeline, rights);
  return rights;
}
