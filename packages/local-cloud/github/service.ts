/** GitHub: repositories, webhooks, its REST API, as one value. */
import type { Service } from '../kernel/service.ts';
import { emptyGithub, type GithubState } from './state.ts';
import { githubTimers } from './webhooks/deliveries.ts';

export const github = {
  emptyState: emptyGithub,
  timers: githubTimers,
} as const satisfies Service<GithubState>;
