/** The permissions as a table for people: `node infra/permissions/table.ts` prints it for infra/README.md. */
import pipeline from '../../pipeline.config.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { type CheckedSettings, checkSettings } from '../settings-check.ts';
import { buildProjectsOf, buildRights } from './builds.ts';
import type { Permission, Right } from './permission.ts';
import { permissionsOf } from './permissions.ts';

/** What every function has, and what every project has, stands once, at the end. */
export function permissionTable(pipeline: Pipeline, settings: CheckedSettings): string {
  const permissions = permissionsOf(pipeline, settings);
  const common = (permission: Permission) =>
    permission.actions.some((action) => /^(logs|xray):/.test(action));
  const rows = permissions.filter((each) => !common(each)).map((each) => row(each.function, each));
  const shared = permissions
    .filter((each) => common(each) && each.function === 'reconcile')
    .map((each) => row('each function', each));
  return [
    '| function | may | on what | why |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...shared,
    ...buildRows(pipeline, settings),
  ].join('\n');
}

function buildRows(pipeline: Pipeline, { builds }: CheckedSettings): readonly string[] {
  const projects = buildProjectsOf(pipeline);
  const rights = projects.flatMap((project) =>
    buildRights(pipeline, project, builds).map((right) => ({ right, project: project.name })),
  );
  const alike = Object.values(Object.groupBy(rights, ({ right: { on, why } }) => `${on}: ${why}`));
  const isOfAll = (list: readonly unknown[]) => list.length === projects.length;
  return alike
    .flatMap((list = []) => (list[0] === undefined ? [] : [{ ...list[0], all: isOfAll(list) }]))
    .toSorted((a, b) => Number(a.all) - Number(b.all))
    .map(({ right, project, all }) =>
      row(all && projects.length > 1 ? 'each project of a build' : `project ${project}`, right),
    );
}

function row(who: string, right: Right & Partial<Permission>): string {
  const { effect, actions, on, why, implied, seldom } = right;
  const reason = implied ?? seldom;
  const may = actions.map((action) => `\`${action}\``).join(', ');
  return `| ${who} | ${effect === 'Deny' ? 'never ' : ''}${may} | ${on} | ${why}${reason === undefined ? '' : ` (${reason})`} |`;
}

if (import.meta.main) {
  console.log(permissionTable(pipeline, checkSettings(pipeline)));
}
