/** Does this target deploy at all? Up to 0.2.0 a config without `mode` did; now it watches. */
import type { Target } from '../../shared/config/config.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { type Check, failed, ok, skipped } from './check.ts';

/** `stored`: with the rules that the functions have had so far. */
export function modeCheck(
  { id, rules, isModeLeftOut }: Target,
  stored: Pick<TargetRecord, 'rules'> | undefined,
): Check {
  const name = 'mode';
  if (rules.mode === 'act') return ok(name, "'act': it deploys and rolls back");
  const only = 'it only watches: nothing is deployed and nothing is rolled back';
  if (isModeLeftOut === undefined) return skipped(name, only);
  // It acted until now, and nobody wrote that it should not any more.
  if (stored?.rules.mode === 'act') {
    return failed(
      name,
      `the config says no mode, which means 'watch' since 0.3.0, and this target acted until now: with this config ${only}`,
      `pipeline.config.ts: targets.${id}.mode: 'act', or 'watch' where that is meant; then slipway infra deploy`,
    );
  }
  return skipped(name, `${only}, since the config says no mode`);
}
