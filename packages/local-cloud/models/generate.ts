/**
 * `node packages/local-cloud/models/generate.ts`: makes the files beside it from botocore, which AWS publishes
 * daily, of the operations that `services.ts` has. Needs a Python with botocore (`pip install
 * botocore`). Run it when an operation was added, or for a newer AWS; what it changes is committed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { operationsOf, SERVICE_NAMES } from '../services.ts';
import { withNewerMembers } from './newer-members.ts';
import type { Source, SourceMember, SourceOperation } from './source.ts';
import { SQS_OLD_CODES, SQS_QUERY_NAMES, SQS_XML_NAMESPACE } from './sqs-query-names.ts';

/**
 * The model requires both lists of these answers, and SQS leaves out the one that is empty (public
 * code asks for `Failed` with a default everywhere).
 */
const OMITTED = /^(SendMessage|DeleteMessage|ChangeMessageVisibility)BatchResult$/;

/** Names of secrets have at most 512 characters where one is made, and 256 in this shape of answers. */
const CONTRADICTING = 'SecretNameType';

/**
 * Types that take the values of another one, too. ReceiveMessage's AttributeNames are queue attributes in
 * the model, and AWS takes the messages' own there; the stages of a service deployment lack
 * PRE_PRODUCTION_TRAFFIC_SHIFT, which their text names.
 */
const ALSO_ALLOWED: Readonly<Record<string, string>> = {
  QueueAttributeName: 'MessageSystemAttributeName',
  ServiceDeploymentLifecycleStage: 'DeploymentLifecycleHookStage',
};

const HERE = fileURLToPath(new URL('.', import.meta.url));
const LOCATE = 'import botocore; print(botocore.__version__); print(botocore.__path__[0])';

const [version = '', path = ''] = execFileSync('python3', ['-c', LOCATE], { encoding: 'utf8' })
  .trim()
  .split('\n');
const sources = sourcesIn(join(path, 'data'));
for (const service of SERVICE_NAMES) {
  const source = sources.get(service);
  if (source === undefined) throw new Error(`botocore ${version} knows no service "${service}"`);
  const { shapes, from } = withNewerMembers(source.shapes, source.metadata.serviceId);
  const text = written(service, { ...source, shapes }, from);
  writeFileSync(join(HERE, `${service}.json`), text);
  console.log(`${service}.json  ${Math.round(text.length / 1024)} KB`);
}

/** The newest API of each service, by the name that SigV4 signs with. */
function sourcesIn(folder: string): ReadonlyMap<string, Source> {
  const found = new Map<string, Source>();
  for (const name of readdirSync(folder)) {
    if (!statSync(join(folder, name)).isDirectory()) continue;
    const newest = readdirSync(join(folder, name)).sort().at(-1) ?? '';
    const file = join(folder, name, newest, 'service-2.json.gz');
    if (!existsSync(file)) continue;
    const source = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Source;
    const { signingName, endpointPrefix } = source.metadata;
    found.set(signingName ?? endpointPrefix, source);
  }
  return found;
}

function written(service: string, source: Source, newer: string | undefined): string {
  const { metadata } = source;
  const also = newer === undefined ? '' : `; newer members from ${newer} (Apache-2.0)`;
  const served = Object.keys(operationsOf(service) ?? {}).sort();
  const unknown = served.filter((name) => source.operations[name] === undefined);
  if (unknown.length > 0) throw new Error(`botocore does not know ${service}:${unknown}`);
  const operations = served.map((name) => [name, source.operations[name] ?? {}] as const);
  const roots = operations.flatMap(([, { input, output }]) => [input?.shape, output?.shape]);
  const shapes = reached(
    source,
    roots.filter((root) => root !== undefined),
  );
  const protocols = metadata.protocols ?? [metadata.protocol];
  const speaksQuery = service === 'sqs' || protocols.includes('query');
  const xmlNamespace = service === 'sqs' ? SQS_XML_NAMESPACE : metadata.xmlNamespace;
  const head = {
    source: `botocore ${version} (github.com/boto/botocore, Apache-2.0), its documentation left out${also}`,
    service,
    fullName: metadata.serviceFullName,
    apiVersion: metadata.apiVersion,
    ...(metadata.targetPrefix && { targetPrefix: metadata.targetPrefix }),
    ...(metadata.jsonVersion && { jsonVersion: metadata.jsonVersion }),
    ...(speaksQuery && { xmlNamespace }),
    queryCompatible: metadata.awsQueryCompatible !== undefined,
    cbor: protocols.includes('smithy-rpc-v2-cbor'),
    notServed: Object.keys(source.operations)
      .filter((name) => !served.includes(name))
      .sort(),
  };
  const errors = errorsOf(
    service,
    source,
    operations.map(([, operation]) => operation),
  );
  // A line for each operation and shape: a change is seen as what it is.
  return [
    `${JSON.stringify(head).slice(0, -1)},`,
    `"operations":${lines(operations.map(([name, one]) => [name, operationOf(service, name, one)]))},`,
    `"errors":${lines(errors)},`,
    `"shapes":${lines(shapes.map((name) => [name, shapeOf(service, name, source)]))}}`,
    '',
  ].join('\n');
}

function lines(entries: readonly (readonly [string, unknown])[]): string {
  const each = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{\n${each.join(',\n')}}`;
}

/** Everything that these shapes consist of, sorted. */
function reached({ shapes }: Source, roots: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const walk = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    const { members = {}, member, key, value } = shapes[name] ?? { type: 'structure' };
    for (const part of [...Object.values(members), member, key, value]) {
      if (part !== undefined) walk(part.shape);
    }
  };
  for (const root of roots) walk(root);
  return [...found].sort();
}

function operationOf(service: string, name: string, { input, output }: SourceOperation) {
  const wrapper = output?.resultWrapper ?? (service === 'sqs' ? `${name}Result` : undefined);
  return {
    ...(input && { input: input.shape }),
    ...(output && { output: output.shape, ...(wrapper && { wrapper }) }),
  };
}

function errorsOf(service: string, source: Source, operations: readonly SourceOperation[]) {
  const names = new Set(operations.flatMap(({ errors = [] }) => errors.map(({ shape }) => shape)));
  return [...names].sort().flatMap((name): [string, object][] => {
    const { code, httpStatusCode: status } = source.shapes[name]?.error ?? {};
    const old = service === 'sqs' ? SQS_OLD_CODES[name] : code;
    const other = old !== undefined && old !== name ? { code: old } : {};
    return [[name, { ...other, ...(status !== undefined && { status }) }]];
  });
}

function shapeOf(service: string, name: string, source: Source): object {
  const shape = source.shapes[name] ?? { type: 'structure' };
  if (shape.document === true) return { type: 'document' };
  const names = service === 'sqs' ? SQS_QUERY_NAMES[name] : undefined;
  const part = (key: string, member: SourceMember) => {
    const wire = names?.[key] ?? member.locationName;
    return { shape: member.shape, ...(wire !== undefined && wire !== key && { name: wire }) };
  };
  const alsoAllowed = source.shapes[ALSO_ALLOWED[name] ?? '']?.enum ?? [];
  const { type, members, required, member, key, value, min, max, flattened, sensitive } = shape;
  return {
    type,
    ...(members && {
      members: Object.fromEntries(
        Object.entries(members).map(([each, one]) => [each, part(each, one)]),
      ),
    }),
    ...(required && required.length > 0 && !OMITTED.test(name) && { required }),
    ...(member && { member: part('member', member) }),
    ...(key && { key: part('key', key) }),
    ...(value && { value: part('value', value) }),
    ...(shape.enum && { enum: [...new Set([...shape.enum, ...alsoAllowed])] }),
    ...(shape.pattern && { pattern: shape.pattern }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && name !== CONTRADICTING && { max }),
    ...(flattened && { flattened }),
    ...(sensitive && { sensitive }),
  };
}
