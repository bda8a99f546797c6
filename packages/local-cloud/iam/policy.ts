/** A policy as IAM writes it, and what of it is read here. What is not known is refused, not guessed. */

/** A document, as the console shows it and CloudFormation takes it. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: Statement | readonly Statement[];
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  /** In policies of resources only: whom it is about. */
  readonly Principal?: '*' | Readonly<Record<string, OneOrMore>>;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  /** Operator, key, accepted values. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore<Scalar>>>>>;
}

type Scalar = string | number | boolean;
export type OneOrMore<T = string> = T | readonly T[];

const ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/** Throws for an element that nobody here evaluates: a `NotPrincipal` left out would allow too much. */
export function statementsIn({ Statement }: PolicyDocument): readonly Statement[] {
  const statements = listOf(Statement);
  for (const statement of statements) {
    const unknown = Object.keys(statement).filter((element) => !ELEMENTS.has(element));
    if (unknown.length > 0 || !['Allow', 'Deny'].includes(statement.Effect)) {
      throw new Error(`The local IAM does not know this statement: ${JSON.stringify(statement)}`);
    }
    if (JSON.stringify(statement).includes('${')) {
      throw new Error(`The local IAM knows no policy variables: ${JSON.stringify(statement)}`);
    }
  }
  return statements;
}

export function listOf<T>(values: T | readonly T[]): readonly T[] {
  return Array.isArray(values) ? values : [values as T];
}
