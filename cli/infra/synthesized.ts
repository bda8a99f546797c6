/** `cdk.out` from the config: the templates and bundles that CloudFormation is given. */
import type { Pipeline } from '../../shared/config/config.ts';
import type { CommonOptions } from '../connect/options.ts';
import { colors, json, line, note } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';

type Options = Pick<CommonOptions, 'config' | 'env' | 'json'>;

/**
 * Of the one environment that is meant. Gives the folder: of a config with environments each has its own, so
 * that what one was deployed from is not written over by the next. Throws `ConfigError` before anything is written.
 */
export async function synthesized(options: Options, out: string): Promise<string> {
  const { loadPipeline } = await import('../connect/pipeline.ts');
  const pipeline = await loadPipeline(options);
  await checkAll([[options.env ?? '', pipeline]]);
  const folder = folderOf(out, options.env ?? '');
  await write(options, pipeline, folder);
  return folder;
}

/** Of all environments, unless one is named. Throws `ConfigError` with the mistakes of any of them before anything is written. */
export async function synthesizedAll(options: Options, out: string): Promise<void> {
  if (options.env !== undefined) {
    await synthesized(options, out);
    return;
  }
  const { loadAll } = await import('../connect/pipeline.ts');
  const pipelines = await loadAll(options.config);
  await checkAll(pipelines);
  for (const [env, pipeline] of pipelines) {
    if (env !== '' && !options.json) line(colors.bold(env));
    await write(options, pipeline, folderOf(out, env));
  }
}

/** The CDK takes a second to load: a wrong config is told before. */
async function checkAll(pipelines: Iterable<readonly [env: string, Pipeline]>): Promise<void> {
  const { checkSettings } = await import('../../infra/settings-check.ts');
  const { inEnvironment } = await import('../../shared/config/environments.ts');
  for (const [env, pipeline] of pipelines) {
    inEnvironment(env, () => void checkSettings(pipeline));
  }
}

/** `env` is empty where the config has no environments. */
function folderOf(out: string, env: string): string {
  return env === '' ? out : `${out}/${env}`;
}

async function write({ json: asJson }: Options, pipeline: Pipeline, out: string): Promise<void> {
  const { stackName } = await import('../../infra/names.ts');
  const { notices, digests } = await withProgress('making the templates', async () => {
    const { synthesize } = await import('../../infra/synth.ts');
    return await synthesize(pipeline, out);
  });
  const template = `${out}/${stackName(pipeline)}.template.json`;
  if (asJson) {
    json({ template, notices, digests });
    return;
  }
  for (const text of digests) line(text);
  for (const text of notices) note(`slipway: ${text}`);
  line(`${colors.green(template)} is made; nothing was deployed.`);
}
