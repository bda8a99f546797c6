/** What breaks a rule of the house and may, each with its reason. Who mends one takes it out here. */

export type RuleName =
  | 'import'
  | 'circle'
  | 'circle of rooms'
  | 'unreached'
  | 'unused export'
  | 'long function'
  | 'full folder'
  | 'banned word';

export interface Exception {
  readonly rule: RuleName;
  readonly what: string;
  readonly why: string;
}

const except = (rule: RuleName, why: string, ...whats: readonly string[]): readonly Exception[] =>
  whats.map((what) => ({ rule, what, why }));

export const EXCEPTIONS: readonly Exception[] = [
  ...except(
    'unreached',
    "the simulation's client: the local cloud without the SDK between",
    'packages/local-cloud/wire/direct-client.ts',
  ),
  ...except('unused export', 'not yet taken back', 'local/page/charts/plot.ts servedByRevision'),
  ...except(
    'long function',
    'a list: rows of widgets, of rights, of rules',
    'infra/monitoring/dashboard.ts createDashboard',
    'infra/permissions/reconcile.ts reconcileReads',
    'shared/runtime/routing.ts routes',
  ),
  ...except(
    'long function',
    'a closure over what it draws on, with a function for each part of it',
    'local/page/browser/chart.ts createChart',
    'local/page/browser/timeline-view.ts startTimeline',
  ),
  ...except('full folder', 'one file for each event that we parse: data', 'events/'),
  ...except(
    'full folder',
    'one file for each story: data',
    'local/scenarios/',
    'local/scenarios/attacks/',
  ),
  ...except('full folder', 'one file for each command', 'cli/'),
  ...except('full folder', 'one file for each part of the stack and of its settings', 'infra/'),
  ...except(
    'full folder',
    'one file for each part of the page, with its style',
    'local/page/browser/',
  ),
  ...except(
    'full folder',
    'the tools of one simulation, which know one another',
    'test/simulation/',
  ),
];
