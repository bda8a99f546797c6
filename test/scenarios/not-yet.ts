/**
 * Stories that do not end yet as they say, by the number of the fault that each waits for in the
 * two reviews of 0.2.0 (issue 11): of its stories, or of its core. Whoever mends the fault takes
 * the name out: `scenarios.test.ts` fails while a story that ends well stands here.
 */
export const NOT_YET: Readonly<Record<string, `${'stories' | 'core'} ${number}`>> = {
  // The last minutes of a bake are not watched.
  'red-at-the-end-of-the-bake': 'stories 2',
  'fault-late-in-the-bake': 'stories 2',
  'bake-shorter-than-the-metrics-are-late': 'stories 2',
  // ECS's verdict condemns the next release for the alarm of the one before.
  'innocent-condemned': 'stories 3',
  'short-bake-fix-condemned': 'stories 3',
  // Few tasks have almost no guard.
  'worker-killed-in-bake': 'stories 5',
  'only-task-crashes-in-the-bake': 'stories 5',
  // Gone, and nobody is told; or its image is blamed.
  'service-deleted-in-the-bake': 'stories 7',
  'service-deleted-in-the-rollout': 'stories 7',
  'cluster-deleted-in-the-bake': 'core 16',
  'service-replaced-in-the-rollout': 'core 17',
  'ecs-takes-back-a-hotfix': 'stories 8',
  'innocent-app-beside-bad-sidecar': 'stories 9',
  'suppressed-composite': 'stories 10',
  'proven-revision-deregistered': 'stories 11',
  // Whose is what runs.
  'hotfix-by-hand-in-the-bake': 'core 5',
  'rollback-to-a-release-that-is-gone': 'core 20',
  'muted-alarm': 'core 8',
  'stopped-between-register-and-update': 'core 11',
};
