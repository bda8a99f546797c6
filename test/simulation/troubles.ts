/** What AWS does to calls of one kind for a while: an hour of throttling, a permission taken away. */
import { withoutTrace } from './without-trace.ts';

export type TroubleKind =
  | 'throttled'
  | 'refused'
  | 'down'
  /** The call never arrives, and nobody says so. */
  | 'unanswered'
  /** The call is carried out, and its answer gets lost. */
  | 'answer-lost'
  /** It is on its way for `SLOW_MS`, and carried out then. */
  | 'late'
  /** It is carried out, and its answer is on its way for `SLOW_MS`. */
  | 'slow'
  | 'invalid'
  | 'alarm-gone';

export interface Trouble {
  /** `UpdateService`, `DescribeAlarms`, …; `save` and its like are the table's. */
  readonly operation: string;
  readonly kind: TroubleKind;
  readonly from: number;
  readonly to: number;
}

/** Less than a handler lives. */
const SLOW_MS = 15_000;

export class Troubles {
  readonly #all: Trouble[] = [];

  add(trouble: Trouble): void {
    this.#all.push(trouble);
  }

  /** When the last of them ends; 0: there is none. */
  endAt(): number {
    return Math.max(0, ...this.#all.map(({ to }) => to));
  }

  #kindOf(operation: string, now: number): TroubleKind | undefined {
    return this.#all.find((one) => one.operation === operation && now >= one.from && now < one.to)
      ?.kind;
  }

  /** So much longer it takes on its way there, or on the way of its answer. */
  waitsMs(operation: string, now: number, way: 'late' | 'slow'): number {
    return this.#kindOf(operation, now) === way ? SLOW_MS : 0;
  }

  losesAnswer(operation: string, now: number): boolean {
    return this.#kindOf(operation, now) === 'answer-lost';
  }

  /** What a call of this name gets now; undefined: it is carried out. */
  of(operation: string, now: number): Error | undefined {
    switch (this.#kindOf(operation, now)) {
      case undefined:
      case 'answer-lost':
      case 'late':
      case 'slow':
        return undefined;
      case 'throttled':
        return throttled();
      case 'refused':
        return Object.assign(
          new Error(`User is not authorized to perform ${operation} because no policy allows it`),
          { name: 'AccessDeniedException', $fault: 'client', $metadata: { httpStatusCode: 400 } },
        );
      case 'invalid':
        return invalid('The service cannot be updated now.');
      case 'alarm-gone':
        return invalid('The alarm web-own of the deployment configuration does not exist.');
      case 'unanswered':
        return hungUp();
      case 'down':
        return Object.assign(saying('Service Unavailable'), {
          name: 'ServerException',
          $fault: 'server',
          $metadata: { httpStatusCode: 500, attempts: 3 },
        });
    }
  }
}

function saying(message: string): Error {
  return withoutTrace(() => new Error(message));
}

export function hungUp(): Error {
  return Object.assign(saying('socket hang up'), { name: 'TimeoutError', $metadata: {} });
}

function invalid(message: string): Error {
  return Object.assign(new Error(message), {
    name: 'InvalidParameterException',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });
}

export function throttled(): Error {
  return Object.assign(saying('Rate exceeded'), {
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 400, attempts: 3 },
  });
}
