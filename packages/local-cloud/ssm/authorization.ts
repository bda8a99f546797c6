/** What each operation of Parameter Store asks of IAM. */
import { arnOf, type Need, type NeedsOf, need } from '../kernel/authorization.ts';
import type { World } from '../kernel/world.ts';
import type { ssmOperations } from './operations.ts';

/** Between `parameter` and a name without a slash at its beginning stands one. */
function onParameter(world: World, action: string, name = ''): Need {
  const path = name.startsWith('arn:') ? name.replace(/^.*:parameter/, '') : name;
  const slash = path.startsWith('/') ? '' : '/';
  return need(`ssm:${action}`, arnOf(world, 'ssm', `parameter${slash}${path}`));
}

export const ssmNeeds: NeedsOf<typeof ssmOperations> = {
  PutParameter: (world, { Name }: { readonly Name?: string }) => [
    onParameter(world, 'PutParameter', Name),
  ],
  GetParameter: (world, { Name }: { readonly Name?: string }) => [
    onParameter(world, 'GetParameter', Name),
  ],
  GetParameters: (world, { Names = [] }: { readonly Names?: readonly string[] }) =>
    Names.map((name) => onParameter(world, 'GetParameters', name)),
  GetParametersByPath: (world, { Path }: { readonly Path?: string }) => [
    onParameter(world, 'GetParametersByPath', Path),
  ],
};
