/** What `reconcile` may for `upstream`: take on the roles that other pipelines made for its account, and nothing there. */
import type { Pipeline } from '../../shared/config/config.ts';
import type { Permission } from './permission.ts';
import { unique } from './scope.ts';

export function upstreamPermissions({ targets }: Pick<Pipeline, 'targets'>): readonly Permission[] {
  const roles = Object.values(targets).flatMap(({ rules }) =>
    (rules.after?.targets ?? []).flatMap(({ elsewhere }) => elsewhere?.role ?? []),
  );
  if (roles.length === 0) return [];
  return [
    {
      function: 'reconcile',
      actions: ['sts:AssumeRole'],
      on: 'the roles of the pipelines that `upstream` names',
      resources: unique(roles),
      why: 'reads what is proven in another account',
    },
  ];
}
