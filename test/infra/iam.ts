/**
 * IAM's answer for the statements that our policies have: allowing ones, with wildcards and a few
 * condition operators. It throws for what it does not know, rather than guess.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */

export interface PolicyStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

export interface IamRequest {
  /** `ecs:UpdateService` */
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys, by their names; of a key with many values, a list. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** Everything is refused that no statement allows. */
export function isAllowed(statements: readonly PolicyStatement[], request: IamRequest): boolean {
  return statements.some((statement) => allows(statement, request));
}

function allows(statement: PolicyStatement, { action, resource, context = {} }: IamRequest) {
  const { Effect, Action, Resource, Condition = {}, ...unknown } = statement;
  if (Effect !== 'Allow' || Object.keys(unknown).length > 0) {
    throw new Error(`This evaluator does not know ${JSON.stringify(statement)}`);
  }
  return (
    list(Action).some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
    list(Resource).some((pattern) => arnLike(pattern, resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, list(values), context[key])),
    )
  );
}

/** A key that the request does not have fulfils `ForAllValues`, `Null` by its value, and no other. */
function holds(
  operator: string,
  values: readonly string[],
  found: string | readonly string[] | undefined,
): boolean {
  const all = found === undefined ? [] : list(found);
  if (operator === 'Null') return values.includes(String(all.length === 0));
  const [prefix, each] = operator.split(':');
  if (prefix === 'ForAllValues' && each !== undefined) {
    return all.every((actual) => holds(each, values, actual));
  }
  const [actual, ...more] = all;
  if (more.length > 0) throw new Error(`${operator} is for a key with one value`);
  if (actual === undefined) return false;
  switch (operator) {
    case 'StringLike':
      return values.some((value) => like(value, actual));
    case 'StringEquals':
      return values.includes(actual);
    // ArnEquals and ArnLike behave the same. (reference_policies_elements_condition_operators)
    case 'ArnEquals':
    case 'ArnLike':
      return values.some((value) => arnLike(value, actual));
    default:
      throw new Error(`This evaluator does not know the operator ${operator}`);
  }
}

/** In an ARN a wildcard does not reach over a colon, except in the last of its six parts. */
function arnLike(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const parts = (text: string) => {
    const split = text.split(':');
    return [...split.slice(0, 5), split.slice(5).join(':')];
  };
  const actual = parts(arn);
  return parts(pattern).every((part, index) => like(part, actual[index] ?? ''));
}

function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function list(values: string | readonly string[]): readonly string[] {
  return typeof values === 'string' ? [values] : values;
}
