/** What ECS may do with the role with which it asks `lifecycle-hook`: invoke that function, and nothing else. */
import type { Pipeline } from '../../shared/config/config.ts';
import { arnIn, functionName } from '../names.ts';
import type { Statement } from './statements.ts';

export function hookStatements(
  pipeline: Pick<Pipeline, 'account' | 'region'>,
): readonly Statement[] {
  return [
    {
      Effect: 'Allow',
      Action: ['lambda:InvokeFunction'],
      Resource: [arnIn(pipeline, 'lambda', `function:${functionName('lifecycle-hook')}`)],
    },
  ];
}
