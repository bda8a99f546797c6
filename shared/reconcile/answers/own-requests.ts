/** What requests of our own at the test listener say of a release: sent once ECS asks before the first step. */
import type { FoundService, ObservedOwnRequests, Question } from '../../core/model/observation.ts';
import type { OwnRequests } from '../../core/model/rules.ts';
import { mixedAgainst } from '../../judge/against-history.ts';
import { count, failed } from '../../judge/count-words.ts';
import { DEFAULTS, thresholdsOf } from '../../judge/options.ts';
import type { ObservationPorts } from '../../ports.ts';
import type { OwnAnswers } from '../../traffic-ports.ts';

/** So many of a thousand fail for reasons of nobody. */
const NO_NEWS = 0.003;
/** For so long they are sent; what comes after it needs some seconds of a handling, too. */
const SEND_MS = 8_000;
const AFTER_MS = 10_000;

/** Undefined: nobody here may send them, as a person who only looks. */
export async function sendOwnRequests(
  { name }: NonNullable<Question['ownRequests']>,
  requests: OwnRequests | undefined,
  { traffic }: Pick<FoundService, 'traffic'>,
  { testListener, clock }: Pick<ObservationPorts, 'testListener' | 'clock'>,
): Promise<ObservedOwnRequests | undefined> {
  if (testListener === undefined) return undefined;
  if (requests === undefined) return unmeasured('the config no longer says where to');
  if (!traffic?.pairs?.some(({ testRule }) => testRule !== undefined)) {
    return unmeasured('the service names no testListenerRule, so they would meet what runs');
  }
  if (clock.timeLeft() < SEND_MS + AFTER_MS) {
    return unmeasured('this look has no time for them, and the next one has');
  }
  return saidBy(await testListener.send(requests, SEND_MS), name);
}

function saidBy(answers: OwnAnswers, name: string): ObservedOwnRequests {
  const { good, failed: bad, elsewhere, unanswered, example = 'none was sent' } = answers;
  const answered = good + bad;
  const sent = answered + elsewhere + unanswered;
  // Half of it: a rule that does not lead there, or a balancer without targets, is no fault of an image.
  if (answered === 0 || elsewhere * 2 > sent) {
    const who = elsewhere > 0 ? 'the load balancer itself' : 'nobody';
    return unmeasured(`of ${count(sent)}, ${who} answered ${count(sent - answered)} (${example})`);
  }
  const [requests, errors] = [answered + unanswered, bad + unanswered];
  const isBad = mixedAgainst(requests, errors, NO_NEWS) >= thresholdsOf(DEFAULTS).history;
  const counts = failed(`${name} at the test listener`, requests, errors).replace(
    ' requests to ',
    ' requests of our own to ',
  );
  const state = isBad ? 'bad' : 'good';
  return { state, because: errors === 0 ? counts : `${counts}, like ${example}` };
}

function unmeasured(because: string): ObservedOwnRequests {
  return { state: 'unmeasured', because };
}
