/** The names of the secrets that sign webhooks. Part of what functions load: no parser of the config. */
import type { Pipeline } from '../config.ts';

/** Each once: sources share one unless the config says otherwise. */
export function webhookSecrets({ sources, github }: Pipeline): readonly string[] {
  const names = Object.values(sources).map(({ webhookSecret }) => webhookSecret);
  return names.length === 0 ? [github.webhookSecret] : [...new Set(names)];
}
