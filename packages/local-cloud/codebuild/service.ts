/** CodeBuild's projects and builds, as one value. */
import type { Service } from '../kernel/service.ts';
import { codebuildNeeds } from './authorization.ts';
import { codebuildOperations } from './operations.ts';
import { type CodeBuildState, emptyCodeBuild } from './state.ts';
import { codebuildTimers } from './timers.ts';

export const codebuild = {
  emptyState: emptyCodeBuild,
  api: { name: 'codebuild', operations: codebuildOperations, needs: codebuildNeeds },
  timers: codebuildTimers,
} as const satisfies Service<CodeBuildState>;
