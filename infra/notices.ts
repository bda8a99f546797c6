/** What whoever deploys should know, and what the template does not say by itself: lines for a person. */
import type { Pipeline, Target } from '../shared/config/config.ts';
import { queueName } from '../shared/runtime/routing.ts';
import { functionName } from './names.ts';
import { buildProjectsOf, cacheOf } from './permissions/builds.ts';
import type { CheckedSettings } from './settings-check.ts';

/** `widened`: the policies had no room for every name. */
export function noticesOf(
  pipeline: Pipeline,
  settings: CheckedSettings,
  { widened }: { readonly widened: boolean },
): readonly string[] {
  const uncached = buildProjectsOf(pipeline).filter(
    (project) => cacheOf(project, settings.builds) === undefined,
  );
  const watching = Object.values(pipeline.targets).filter(({ rules }) => rules.mode === 'watch');
  return [
    ...(watching.length === 0 ? [] : [watchingInWords(watching)]),
    ...(pipeline.notices === undefined
      ? [
          'NOBODY IS TOLD what becomes of releases: no mail and no chat hears of a rollback, or that a ' +
            'person is needed. Set notices in pipeline.config.ts (docs/notices.md).',
        ]
      : []),
    ...(settings.alarmTopic === undefined
      ? [
          'NOBODY IS TOLD when Slipway itself is ill (dead letters, a silent tick, a release that ' +
            'needs a person): its alarms show on the dashboard only. Set infra.alarmTopic in pipeline.config.ts.',
        ]
      : []),
    ...(widened
      ? [
          'RIGHTS ARE WIDER than the config: IAM has no room for the name of every target, so ' +
            `${functionName(pipeline, 'reconcile')} may change every service of a cluster whose ` +
            'targets all act, and task definitions ' +
            'and repositories by the first part of their names. Fewer targets in one pipeline are named ' +
            'one by one.',
        ]
      : []),
    ...(settings.people.command === undefined
      ? [
          'Who may send commands is whoever the policies of this account let send to ' +
            `${queueName(pipeline, 'commands')}. ` +
            'infra.people.command in pipeline.config.ts names them.',
        ]
      : []),
    ...(uncached.length === 0
      ? []
      : [
          `Every build of ${uncached.map(({ name }) => name).join(', ')} begins without layers: the ` +
            'source builds several refs, and what one build leaves the next one would take. ' +
            'infra.builds.sharedLayersBecause in pipeline.config.ts says why that may be.',
        ]),
  ];
}

/** Whoever comes from 0.2.0, where a target without `mode` acted, must not learn it by an outage. */
function watchingInWords(watching: readonly Target[]): string {
  const ids = watching.map(({ id }) => id).join(', ');
  const leftOut = watching.filter(({ isModeLeftOut }) => isModeLeftOut).map(({ id }) => id);
  const why =
    leftOut.length === 0
      ? ''
      : ` Of ${leftOut.join(', ')} the config says no mode, which means 'watch' since 0.3.0.`;
  return (
    `NOTHING IS DEPLOYED OR ROLLED BACK in ${ids}: such a target only watches.${why} ` +
    "mode: 'act' in pipeline.config.ts lets it act."
  );
}
