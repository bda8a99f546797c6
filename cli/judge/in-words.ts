/** What a played release comes to: for people, and for programs. */
import { count } from '../../shared/judge/count-words.ts';
import type { Played } from '../../shared/judge/play.ts';
import { clock, colors } from '../output/print.ts';

/** What `--json` gives, by docs/json/judge.schema.json. */
export const JUDGE_FORMAT = 'slipway.judge/1';

/** Every member is always there; null: it does not apply, or nobody knows. Of a log: nothing was measured. */
export function forPrograms(played: Played) {
  const { state, because, by, minute, seconds, badUntilThen, badOfAll } = played;
  const { logs, phi, ref, states } = played;
  const finite = (log: number) => (Number.isFinite(log) ? log : null);
  return {
    format: JUDGE_FORMAT,
    state,
    minute: minute ?? null,
    by: by ?? null,
    seconds: seconds ?? null,
    badUntilThen: badUntilThen ?? null,
    badOfAll: badOfAll ?? null,
    logs: Object.fromEntries(Object.entries(logs).map(([name, log]) => [name, finite(log)])),
    phi,
    ref: ref ?? null,
    because,
    states,
  };
}

const BY: Readonly<Record<NonNullable<Played['by']>, string>> = {
  'two-arm': 'the comparison of both',
  history: 'history and the comparison',
  latency: 'the comparison of slow answers',
  'history alone': 'history alone',
};

/** `bad`: what was counted as bad. */
export function inWords(
  id: string | undefined,
  played: Played,
  bad = 'bad answers',
): readonly string[] {
  const { state, because, by, minute, seconds, badUntilThen, badOfAll, phi, ref } = played;
  const name = id === undefined ? '' : `${id}: `;
  const when =
    seconds === undefined
      ? ', to the end'
      : ` by ${by === undefined ? '' : BY[by]}, after minute ${minute}; carried out ${clock(seconds)} after the shift`;
  const saved =
    badUntilThen === undefined || badOfAll === undefined
      ? []
      : [`${bad} until then: ${count(badUntilThen)} of ${count(badOfAll)}`];
  return [
    `${name}${colors.bold(state)}${when}`,
    `  ${because}`,
    ...saved.map((text) => `  ${text}`),
    `  after the shift: ${played.states.map((one) => `${one.state} from ${clock(one.seconds)}`).join(', ')}`,
    colors.dim(`  ln of the evidence after the last minute: ${evidence(played)}`),
    colors.dim(`  dispersion ${phi.toFixed(2)}, ${reference(ref)}`),
  ];
}

function evidence({ logs }: Played): string {
  const shown = (log: number) => (Number.isFinite(log) ? log.toFixed(2) : 'none');
  return [
    `two-arm ${shown(logs.two)}`,
    `history ${shown(logs.history)}`,
    `alone ${shown(logs.alone)}`,
    `harmless ${shown(logs.harmless)}`,
    ...(logs.latency === undefined ? [] : [`latency ${shown(logs.latency)}`]),
  ].join(', ');
}

function reference(ref: number | undefined): string {
  return ref === undefined ? 'no history' : `up to ${(ref * 100).toFixed(2)} % is no news`;
}
