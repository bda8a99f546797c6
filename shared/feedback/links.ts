/** Where a person reads more: addresses of the AWS console. */
import { lastPart } from '../core/model/image.ts';
import { partitionOf } from '../parsing/names.ts';
import { type Named, prefixOf } from '../parsing/pipeline-name.ts';

/** Where the pipeline is at home. */
export interface Home extends Named {
  readonly account: string;
  readonly region: string;
  /** Where whoever clicks finds `slipway view`; absent: nobody said. */
  readonly viewUrl?: string;
}

/** The function that reconciles; the infrastructure gives the same name to its log group. */
export function reconcileLogGroup(pipeline: Named): string {
  return `/aws/lambda/${prefixOf(pipeline)}-reconcile`;
}

const BEFORE_MS = 2 * 60 * 60_000;
const AFTER_MS = 2 * 60 * 60_000;

/**
 * The lines of one target around a moment: what is handled is logged by its key, what was decided by its name.
 * The console reads what stands behind its `#` encoded twice, with `$` for `%`; a `?`, `=` or `&` of its own once. (observed, no page says so)
 */
export function reconcileLogs(
  home: Home,
  { target, key }: { readonly target: string; readonly key: string },
  at: number,
): string {
  const settings = [
    ['filterPattern', `{ $.target = "${key}" || $.target = "${target}" }`],
    ['start', String(at - BEFORE_MS)],
    ['end', String(at + AFTER_MS)],
  ].map(([name, value = '']) => `${name}$3D${twice(value)}`);
  const group = `logsV2:log-groups/log-group/${twice(reconcileLogGroup(home))}`;
  const events = `log-events$3F${settings.join('$26')}`;
  return `${consoleOf(home)}/cloudwatch/home?region=${home.region}#${group}/${events}`;
}

/** Of `slipway view`, which shows that release; undefined: nobody said where it is found. */
export function releasePage(
  { viewUrl }: Home,
  target: string,
  release: string | undefined,
): string | undefined {
  if (viewUrl === undefined) return undefined;
  const page = `${viewUrl.replace(/\/+$/, '')}/targets/${encodeURIComponent(target)}`;
  return release === undefined ? page : `${page}/releases/${lastPart(release)}`;
}

/** `build`: `<project>:<uuid>`. */
export function buildPage(home: Home, build: string): string {
  const [project = ''] = build.split(':');
  const path = `projects/${encodeURIComponent(project)}/build/${encodeURIComponent(build)}`;
  return `${consoleOf(home)}/codesuite/codebuild/${home.account}/${path}/?region=${home.region}`;
}

/** Those of the other partitions are unverified. */
const CONSOLES: Readonly<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

function consoleOf({ region }: Home): string {
  return `https://${region}.${CONSOLES[partitionOf(region)] ?? 'console.aws.amazon.com'}`;
}

function twice(text: string): string {
  return encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$');
}
