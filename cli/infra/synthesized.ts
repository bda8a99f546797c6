/** `cdk.out` from the config: the templates and bundles that CloudFormation is given. */
import type { Pipeline } from '../../shared/config/config.ts';
import type { CommonOptions } from '../connect/options.ts';
import { colors, json, line, note } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';

/** Throws `ConfigError` before anything is written. */
export async function synthesized(
  options: Pick<CommonOptions, 'config' | 'env' | 'json'>,
  out: string,
): Promise<Pipeline> {
  const { loadPipeline } = await import('../connect/pipeline.ts');
  const pipeline = await loadPipeline(options);
  // The CDK takes a second to load: a wrong config is told before.
  const { checkSettings } = await import('../../infra/settings-check.ts');
  checkSettings(pipeline);
  const { stackName } = await import('../../infra/names.ts');
  const { notices, digests } = await withProgress('making the templates', async () => {
    const { synthesize } = await import('../../infra/synth.ts');
    return await synthesize(pipeline, out);
  });
  const template = `${out}/${stackName(pipeline)}.template.json`;
  if (options.json) {
    json({ template, notices, digests });
    return pipeline;
  }
  for (const text of digests) line(text);
  for (const text of notices) note(`slipway: ${text}`);
  line(`${colors.green(template)} is made; nothing was deployed.`);
  return pipeline;
}
