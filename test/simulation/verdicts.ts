/** What is known of each mutant: what kills it (`verdicts.json`), or why nothing does. */

/** By the name of the mutant. Written by `npm run simulate:mutants -- --write`. */
export type Verdicts = Readonly<
  Record<string, { readonly scene?: string; readonly seed?: number; readonly rule: string }>
>;

/** By the name of the mutant, why the simulation does not kill it. */
export const SURVIVORS: Readonly<Record<string, string>> = {
  'the condemned revision itself may be returned to':
    'twice guarded: what is condemned leaves the list with its digests, and a person’s word names its goal',
  'releases with a quarantined digest stay proven':
    'twice guarded: the quarantine is asked again before a proven release is started',
  'ECS is asked to stop, and nobody looks where it went':
    'not shown: no scene lets ECS return to anything but the newest proven release',
  'the alarms that condemned are not waited for':
    'not shown: with `hold` the red alarm holds as well, with `proceed` it cannot condemn what starts',
  'no look after the last act':
    'not shown: the sweep of the hour looks all the same, and no rule judges an hour',
  'a release without a change is started':
    'twice guarded: what the task definition already names is not registered',
  'the window of a bake begins at SUCCESSFUL':
    'twice guarded: ECS watches the same alarms while it rolls out, and ends the rollout itself',
  'alarms are not judged while it rolls out':
    'twice guarded: ECS watches the same alarms while it rolls out, and ends the rollout itself',
  'failed tasks of any revision count':
    'twice guarded: ECS is asked for the stopped tasks of that revision only',
  'ECS says SUCCESSFUL, and that is enough':
    'twice guarded: what a proof needs is asked no earlier than that moment',
  'a person rolls back, and what stays is quarantined':
    'not shown: it takes a target with two containers, and scenes have one',
  'a quarantined image beside is started again':
    'not shown: it takes a target with two containers, and scenes have one',
  'a quarantined image is taken when it is pushed again':
    'twice guarded: it is refused where it waits, before its gates are asked',
  'a quarantine is lifted by every push':
    'twice guarded: the record itself knows the newest that are quarantined',
  "somebody else's deployment in flight is superseded":
    'twice guarded: at rest it is asked first whose is what runs',
};
