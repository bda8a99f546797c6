/**
 * explain(record, observation) -> each rule of the phase with its answer, in the order in which `decide`
 * asks them. It changes nothing, and prints the lists that decide: `GATES`, `FOLLOWED`, `BAKING`,
 * `WATCHING`.
 */
import { revisionName } from '../model/image.ts';
import type { Observation, StandingObservation } from '../model/observation.ts';
import type { Forward } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { BAKING, bakingNow } from '../phases/baking.ts';
import { FOLLOWED, followedNow } from '../phases/following.ts';
import type { At, Rule } from '../phases/rule.ts';
import { WATCHING, watchingNow } from '../phases/watching.ts';
import { stands, whyGone } from '../release/gone.ts';
import { type Whose, whose } from '../release/whose.ts';
import { askedFor, followedTo, soughtRollout } from './attempt.ts';
import { judgedSoFar } from './judged.ts';
import { explainReturn } from './rollback.ts';
import { given, no, type Tried, unknown, unless, yes } from './rule-result.ts';
import { explainStart } from './start.ts';

const SERVICE_EXISTS = 'the service exists, and ECS drives it';

/** Up to the first rule without which the others say nothing. */
export function explain(record: TargetRecord, observation: Observation): readonly Tried[] {
  if (record.retired) return [no('the config names this target', 'it is retired')];
  if (!stands(observation)) return [no(SERVICE_EXISTS, whyGone(observation.service) ?? '')];
  return [yes(SERVICE_EXISTS), ...ofPhase(record, observation)];
}

function ofPhase(record: TargetRecord, observation: StandingObservation): readonly Tried[] {
  const { phase } = record;
  switch (phase.phase) {
    case 'idle':
      return explainStart(record, observation);
    case 'deploying':
      return phase.goal === 'forward'
        ? forward(record, phase, observation)
        : explainReturn(record, phase, observation);
    case 'baking': {
      const who = whose(record, observation.service.primary, observation);
      return phase.of === 'release'
        ? [
            ...baking('it', BAKING, bakingNow(record, observation), who),
            ...judgedSoFar(phase.release),
          ]
        : baking(revisionName(phase.revision), WATCHING, watchingNow(record, observation), who);
    }
  }
}

function forward(
  record: TargetRecord,
  phase: Forward,
  observation: StandingObservation,
): readonly Tried[] {
  const asked = askedFor(phase.attempt, phase.release.rules.migration);
  if (phase.attempt.request === undefined) return asked;
  const found = soughtRollout(record, phase.attempt, observation);
  const followed = [...asked, ...followedTo(found)];
  return found.found === 'ours'
    ? [
        ...followed,
        ...tried(FOLLOWED, followedNow(record, phase, found.rollout, observation)),
        ...judgedSoFar(phase.release),
      ]
    : followed;
}

/** Whose is what runs stands first, as it is asked first; then the rules that decide. */
function baking<P>(name: string, rules: readonly Rule<P>[], at: At<P> | undefined, who: Whose) {
  if (at === undefined) return [];
  const runs = revisionName(at.observation.service.primary.revision);
  const isReplaced = who === 'late-call' || who === 'proven' || who === 'external';
  return [given(`${name} is what runs`, !isReplaced, `${runs} runs`), ...tried(rules, at)];
}

function tried<P>(rules: readonly Rule<P>[], at: At<P>): readonly Tried[] {
  return rules.map(({ rule, broken, isAskedLast }, index) =>
    isAskedLast && rules.slice(0, index).some((before) => before.broken(at) !== undefined)
      ? unknown(rule(at), 'asked when those before it hold')
      : unless(rule(at), broken(at)),
  );
}
