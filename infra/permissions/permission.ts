/** What a permission is: of a function, or of whoever builds. */
import type { FunctionName } from '../names.ts';

/** What somebody may do, and what for. */
export interface Right {
  /** Deny: whatever else allows it. */
  readonly effect?: 'Deny';
  readonly actions: readonly string[];
  /** On what, in words. */
  readonly on: string;
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
  /** What for, in words. */
  readonly why: string;
}

export interface Permission extends Right {
  readonly function: FunctionName;
  /** Set where no call of ours stands behind it: who needs it instead. */
  readonly implied?: string;
  /** Set where a call of ours stands behind it that no scenario makes: when it is made. */
  readonly seldom?: string;
}

/** Operator, key, accepted values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Of the settings, what rights are made of. */
export interface RightsSettings {
  /** By target, the family and the roles (ARNs) of its revisions. */
  readonly taskDefinitions: Readonly<
    Record<
      string,
      { readonly family: string; readonly roles: readonly string[]; readonly privileged?: boolean }
    >
  >;
  readonly table?: string;
  readonly secretKeys?: readonly string[];
}
