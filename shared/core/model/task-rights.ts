/**
 * What IAM lets Slipway register and hand to tasks, for all targets together: made from the settings of
 * the stack, which are also what the policies are made from.
 */
export interface TaskRights {
  /** Of task definitions. */
  readonly families: readonly string[];
  /** ARNs. */
  readonly roles: readonly string[];
}
