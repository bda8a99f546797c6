/** What ECS may do with the role with which it asks `lifecycle-hook`: invoke that function, and nothing else. */
import { arnIn, functionName, type Home } from '../names.ts';
import type { Statement } from './statements.ts';

export function hookStatements(pipeline: Home): readonly Statement[] {
  return [
    {
      Effect: 'Allow',
      Action: ['lambda:InvokeFunction'],
      Resource: [arnIn(pipeline, 'lambda', `function:${functionName(pipeline, 'lifecycle-hook')}`)],
    },
  ];
}
