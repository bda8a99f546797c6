/** STS, as much as a client asks to know whom it talks as. */
import { callerArn } from '../ecs/task-definition/operations.ts';
import type { World } from '../kernel/world.ts';

export const stsOperations = {
  /** The local AWS knows one principal, whatever the credentials say. */
  GetCallerIdentity(world: World) {
    return { UserId: 'AIDALOCALLOCALLOCAL', Account: world.account, Arn: callerArn(world) };
  },
};
