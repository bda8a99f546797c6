/** What each function may do, as IAM reads it. */
import type { FunctionName } from '../../infra/names.ts';
import { fittingPolicies } from '../../infra/permissions/statements.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import type { PolicyStatement } from './iam.ts';
import { settingsFor } from './made.ts';

export function statementsOf(pipeline: Pipeline, name: FunctionName): readonly PolicyStatement[] {
  return fittingPolicies(pipeline, checkSettings(pipeline, settingsFor(pipeline))).statements[
    name
  ].flat();
}
