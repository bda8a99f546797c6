/** The permissions as a table for people: `node infra/permission-table.ts` prints it for infra/README.md. */
import pipeline from '../pipeline.config.ts';
import { type Permission, permissionsOf } from './permissions.ts';
import { settings } from './settings.ts';
import { checkSettings } from './settings-check.ts';

/** What every function has stands once, at the end. */
export function permissionTable(permissions: readonly Permission[]): string {
  const common = (permission: Permission) =>
    permission.actions.some((action) => /^(logs|xray):/.test(action));
  const rows = permissions.filter((each) => !common(each)).map((each) => row(each.function, each));
  const shared = permissions
    .filter((each) => common(each) && each.function === 'settle')
    .map((each) => row('each function', each));
  return [
    '| function | may | on what | why |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...shared,
  ].join('\n');
}

function row(who: string, { actions, on, why, implied, seldom }: Permission): string {
  const reason = implied ?? seldom;
  const may = actions.map((action) => `\`${action}\``).join(', ');
  return `| ${who} | ${may} | ${on} | ${why}${reason === undefined ? '' : ` (${reason})`} |`;
}

if (import.meta.main) {
  console.log(permissionTable(permissionsOf(pipeline, checkSettings(pipeline, settings))));
}
