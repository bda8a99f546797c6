/** The config as text, with a comment at each guess: what a person reads before anything acts on it. */
import type { Account, GuessedContainer, GuessedTarget } from './guess.ts';

/** The files that chose a service, where some did. */
export type ChosenBy = (target: GuessedTarget) => readonly string[];

/** `module`: where `definePipeline` comes from, as the file imports it. */
export function renderConfig(
  { account, region }: Account,
  targets: readonly GuessedTarget[],
  module: string,
  chosenBy: ChosenBy = () => [],
): string {
  const lacksAlarms = targets.some(({ alarms }) => alarms.length === 0);
  const names = ['definePipeline', 'ecsService', ...(lacksAlarms ? ['noAlarms'] : [])];
  return [
    '/**',
    ' * Written by `slipway init` from what the account shows. Read each comment: it stands at a guess.',
    " * Every target is in mode 'watch': Slipway says what it would do, and changes nothing.",
    ' */',
    `import { ${names.join(', ')} } from ${text(module)};`,
    '',
    'export default definePipeline({',
    `  account: ${text(account)},`,
    `  region: ${text(region)},`,
    '  targets: {',
    ...targets.flatMap((target) => targetLines(target, chosenBy(target))),
    '  },',
    '  infra: {',
    "    // Counts when a target acts (mode: 'act'): Slipway registers revisions of these families only, and",
    '    // hands no other role to a task.',
    '    taskDefinitions: {',
    ...targets.map(
      ({ id, family, roles }) =>
        `      ${key(id)}: { family: ${text(family)}, roles: [${roles.map(text).join(', ')}] },`,
    ),
    '    },',
    '  },',
    '});',
    '',
  ].join('\n');
}

function targetLines(target: GuessedTarget, files: readonly string[]): readonly string[] {
  const { id, cluster, service, containers, others, alarms } = target;
  const stay = others.length === 0 ? [] : [`      // Left as they are: ${others.join(', ')}.`];
  return [
    ...files.map((file) => `    // Chosen by ${file}, which names it.`),
    `    ${key(id)}: ecsService({`,
    `      cluster: ${text(cluster)},`,
    `      service: ${text(service)},`,
    ...stay,
    '      containers: {',
    ...containers.flatMap(containerLines),
    '      },',
    ...(alarms.length === 0
      ? [
          '      // Found none on its target group or on the service: name those that tell of its errors.',
          "      alarms: noAlarms('slipway init found none'),",
        ]
      : [
          '      // Those on its target group or on the service: keep what tells of bad answers.',
          `      alarms: [${alarms.map(text).join(', ')}],`,
        ]),
    "      mode: 'watch',",
    '    }),',
  ];
}

function containerLines({ name, repository, tags }: GuessedContainer): readonly string[] {
  return [
    `        // Tags: ${tags.because.replaceAll(/\s+/g, ' ')}.`,
    `        ${key(name)}: { repository: ${text(repository)}, tags: ${tags.filter} },`,
  ];
}

/** A literal in single quotes; what ECS and CloudWatch allow in names may have quotes of its own. */
function text(value: string): string {
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function key(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : text(name);
}
