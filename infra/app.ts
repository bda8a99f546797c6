/**
 * The CDK app. It needs no account, no network and no Docker: `npm run synth` writes the templates
 * to `cdk.out`, and the same input gives the same bytes. A mistake in the config ends it before
 * anything is made.
 */
import { ConfigError } from '../shared/config/config.ts';
import { synthesize } from './synth.ts';

/** Set by the `cdk` command, which says itself what it made. */
const OUT = process.env.CDK_OUTDIR;

try {
  // Imported here, because a config that is wrong throws while it is read.
  const { default: pipeline } = await import('../pipeline.config.ts');
  const { notices, digests } = await synthesize(pipeline, OUT ?? 'cdk.out');
  console.log(digests.join('\n'));
  for (const notice of notices) console.error(`slipway: ${notice}`);
  if (OUT === undefined)
    console.log('cdk.out/Slipway.template.json is made; nothing was deployed.');
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(`slipway: ${error.message}`);
  process.exitCode = 2;
}
