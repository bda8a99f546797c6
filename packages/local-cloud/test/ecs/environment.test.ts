/** An image may behave otherwise where its container's environment says so. */
import { expect, it } from 'vitest';
import { pushImage } from '../../ecr/images.ts';
import { ecsOperations as ecs } from '../../ecs/operations.ts';
import { servingTasks } from '../../ecs/serving.ts';
import { MINUTE, pass, steadyWorld, update } from './ecs-world.ts';

it('is a property of the revision, and not of the image', () => {
  const world = steadyWorld();
  const inEnvironment = { name: 'POOL_SIZE', value: '0', behaves: { errorRate: 0.25 } };
  const digest = pushImage(world, { repository: 'web', tag: 'new', behaviour: { inEnvironment } });
  const registry = `${world.account}.dkr.ecr.${world.region}.amazonaws.com`;
  const rates = ['20', '0', '20'].map((value) => {
    const { taskDefinition } = ecs.RegisterTaskDefinition(world, {
      family: 'web',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      executionRoleArn: 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole',
      containerDefinitions: [
        {
          name: 'app',
          image: `${registry}/web@${digest}`,
          environment: [{ name: 'POOL_SIZE', value }],
        },
      ],
    });
    update(world, { taskDefinition: taskDefinition.taskDefinitionArn });
    pass(world, 10 * MINUTE);
    return servingTasks(world, 'main', 'web').map(({ behaviour }) => behaviour.errorRate ?? 0);
  });
  expect(rates).toEqual([[0], [0.25], [0]]);
});
