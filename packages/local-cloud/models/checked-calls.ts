/** Holds every call that the local AWS carries out against AWS's models, request and answer. */
import type { CallResult } from '../kernel/call.ts';
import { answerViolationsIn, type Violation, violationsIn } from './check.ts';
import { modelOf } from './model.ts';

export interface BrokenCall {
  readonly service: string;
  readonly operation: string;
  readonly side: 'request' | 'answer';
  readonly violations: readonly Violation[];
}

/**
 * For the hook `onCall` of a transport. A broken request is its caller's mistake (and the local AWS
 * refuses it under HTTP only), a broken answer is the local AWS's own.
 */
export function checkingCalls(onBroken: (broken: BrokenCall) => void) {
  return ({ service, operation, input, output, error }: CallResult): void => {
    const model = modelOf(service);
    const shapes = model.operations[operation];
    if (shapes === undefined) return;
    const tell = (side: BrokenCall['side'], violations: readonly Violation[]) => {
      if (violations.length > 0) onBroken({ service, operation, side, violations });
    };
    tell('request', violationsIn(model, shapes.input, input));
    if (error === undefined) tell('answer', answerViolationsIn(model, shapes.output, output ?? {}));
  };
}

/** One line for the log: no value stands in it, as it may be a secret. */
export function brokenInWords({ service, operation, side, violations }: BrokenCall): string {
  const what = violations.map(({ path, constraint }) => `${path || 'the whole'}: ${constraint}`);
  return `the ${side} of ${service}:${operation} breaks AWS's model: ${what.join('; ')}`;
}
