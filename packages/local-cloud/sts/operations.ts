/** STS, as much as a client asks to know whom it talks as. */
import { callerArn } from '../ecs/task-definition/operations.ts';
import type { World } from '../kernel/world.ts';

export const stsOperations = {
  /** One user, whatever the credentials say, unless the local AWS is told who is who. */
  GetCallerIdentity(world: World) {
    const UserId = world.caller?.userId ?? 'AIDALOCALLOCALLOCAL';
    return { UserId, Account: world.account, Arn: callerArn(world) };
  },
};
