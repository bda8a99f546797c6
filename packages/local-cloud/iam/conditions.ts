/**
 * The `Condition` of a statement, held against the keys of a request.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import type { ContextKeys } from '../kernel/authorization.ts';
import { isArnLike, isLike } from './patterns.ts';
import { listOf, type Statement } from './policy.ts';

/** All operators with all their keys must hold; of the values of a key one is enough. */
export function conditionsHold({ Condition = {} }: Statement, context: ContextKeys): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      holds(operator, listOf(values).map(String), valuesOf(context, key)),
    ),
  );
}

/** Names of keys are the same in capitals; undefined: the request does not have the key. */
function valuesOf(context: ContextKeys, key: string): readonly string[] | undefined {
  const exact = context[key];
  const found =
    exact ??
    Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  return found === undefined ? undefined : listOf(found);
}

function holds(
  operator: string,
  accepted: readonly string[],
  actual: readonly string[] | undefined,
): boolean {
  if (operator === 'Null') return accepted.includes(String(actual === undefined));
  const [set, afterSet] = partedAt(operator);
  const ifExists = afterSet.endsWith('IfExists');
  const { matches, negated } = operatorNamed(ifExists ? afterSet.slice(0, -8) : afterSet);
  // An empty set fulfils everything that is said of all its values.
  if (actual === undefined) return ifExists || set === 'ForAllValues' || (set === '' && negated);
  const one = (value: string) => accepted.some((each) => matches(each, value)) !== negated;
  return set === 'ForAllValues' ? actual.every(one) : actual.some(one);
}

function partedAt(operator: string): readonly [set: string, operator: string] {
  const colon = operator.indexOf(':');
  const set = operator.slice(0, Math.max(colon, 0));
  if (!['', 'ForAllValues', 'ForAnyValue'].includes(set)) {
    throw new Error(`The local IAM does not know the operator ${operator}`);
  }
  return [set, operator.slice(colon + 1)];
}

interface Operator {
  readonly matches: (accepted: string, actual: string) => boolean;
  readonly negated: boolean;
}

const equal = (accepted: string, actual: string) => accepted === actual;
const equalInLowerCase = (accepted: string, actual: string) =>
  accepted.toLowerCase() === actual.toLowerCase();

/** Equals and Like are the same for ARNs. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { matches: equal, negated: false },
  StringNotEquals: { matches: equal, negated: true },
  StringEqualsIgnoreCase: { matches: equalInLowerCase, negated: false },
  StringNotEqualsIgnoreCase: { matches: equalInLowerCase, negated: true },
  StringLike: { matches: isLike, negated: false },
  StringNotLike: { matches: isLike, negated: true },
  ArnEquals: { matches: isArnLike, negated: false },
  ArnLike: { matches: isArnLike, negated: false },
  ArnNotEquals: { matches: isArnLike, negated: true },
  ArnNotLike: { matches: isArnLike, negated: true },
  Bool: { matches: equalInLowerCase, negated: false },
};

function operatorNamed(name: string): Operator {
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator === undefined) throw new Error(`The local IAM does not know the operator ${name}`);
  return operator;
}
