/** The course of one release as it goes: a line for each change, and what it ended with. */
import type { Target } from '../../shared/config/config.ts';
import type { CourseState, Followed } from '../../shared/core/incident/course.ts';
import type { Connection } from '../connect/connection.ts';
import { type Change, type FollowOptions, follow } from '../connect/follow.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { asTyped, type Invoked } from './invocation.ts';
import { colors, json, line } from './print.ts';
import { imagesInWords, iso } from './words.ts';

/** One more with each change that could break who reads it: docs/json/wait.schema.json. */
export const WAIT_FORMAT = 'slipway.wait/1';

export interface TellOptions extends FollowOptions, Invoked {
  readonly json: boolean;
}

export async function tellUntil(
  connection: Connection,
  target: Target,
  followed: Followed,
  options: TellOptions,
): Promise<ExitCode> {
  for await (const change of follow(connection, target, followed, options)) {
    if (options.json) json(asJson(target, options.until, change));
    else print(target, options, change);
    if (change.end !== undefined) return change.end.code;
  }
  return EXIT.bug;
}

function asJson({ id, key }: Target, until: string, { at, course, end }: Change) {
  const { code, because } = end ?? { code: null, because: course.because };
  return {
    format: WAIT_FORMAT,
    at: iso(at),
    target: id,
    key,
    until,
    ...course,
    because,
    exitCode: code,
  };
}

const WIDEST = 'needs-attention'.length;

function print({ id }: Target, options: TellOptions, { at, course, end }: Change): void {
  const { until } = options;
  const { state, because, images, next } = course;
  const what = images === null ? '' : `${imagesInWords(images)}: `;
  line(
    `${colors.dim(iso(at).slice(11, 19))}  ${paintOf(state)(state.padEnd(WIDEST))}  ${what}${because}`,
  );
  if (end === undefined) return;
  if (end.code === EXIT.done) {
    line(colors.green(`${id} is ${until}`));
    return;
  }
  line(colors.red(`${id} is not ${until} (exit code ${end.code}): ${end.because}`));
  if (next !== null) line(`next: ${next}`);
  if (LEARN.includes(state)) line(`why:  ${asTyped(`slipway why ${id}`, options)}`);
}

/** Of these there is evidence to be seen. */
const LEARN: readonly CourseState[] = ['rolling-back', 'rolled-back', 'failed', 'needs-attention'];

function paintOf(state: CourseState) {
  if (state === 'proven') return colors.green;
  return LEARN.includes(state) || state === 'refused' ? colors.red : colors.yellow;
}
