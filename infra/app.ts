/**
 * The CDK app. It needs no account, no network and no Docker: `npm run synth` writes the templates
 * to `cdk.out`, and the same input gives the same bytes. A mistake in the config ends it before
 * anything is made.
 */
import { ConfigError } from '../shared/config.ts';
import { synthesize } from './synth.ts';

const OUT = process.env.CDK_OUTDIR ?? 'cdk.out';

try {
  // Imported here, because a config that is wrong throws while it is read.
  const { default: pipeline } = await import('../pipeline.config.ts');
  const { settings } = await import('./settings.ts');
  await synthesize(pipeline, settings, OUT);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
