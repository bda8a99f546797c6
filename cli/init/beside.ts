/**
 * Which services the files of another deployer name, where they lie in the folder: ecspresso's config and
 * Copilot's workspace. They are read for names only; nothing in them is run, and no template is resolved.
 *
 * ecspresso: `region`, `cluster` ("default" unless told) and `service`, as its config.go has them
 * (https://github.com/kayac/ecspresso/blob/v2/config.go). It puts `{{ must_env `X` }}` through a template
 * first. Copilot: `application` in copilot/.workspace, `name` and `type` in copilot/<name>/manifest.yml
 * (https://github.com/aws/copilot-cli, internal/pkg/workspace/workspace.go and internal/pkg/manifestinfo). It
 * deploys stacks of CloudFormation, which names what they hold: the service
 * shop-test-web-Service-JSOH5GYBFAIB in the cluster shop-test-Cluster-9F7Y0RLP60R7 (its pull requests #792
 * and #5204 show both). That a long name is cut short is not known to us; it would then not be found, aloud.
 */
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastPart } from '../../shared/core/model/image.ts';
import { REGION } from '../../shared/parsing/names.ts';
import { topKeys } from './top-keys.ts';

/** A service that a file names. */
export interface Named {
  /** As a person finds it: `copilot/web/manifest.yml`. */
  readonly file: string;
  /** Unless the file leaves it open. */
  readonly region?: string;
  /** For people: `production/web`, `web of the application shop`. */
  readonly words: string;
  readonly is: (cluster: string, service: string) => boolean;
}

export interface Beside {
  readonly named: readonly Named[];
  /** Sentences: what lies there and cannot be used. */
  readonly notes: readonly string[];
}

export function besideIn(folder: string): Beside {
  const all = [...ecspressoIn(folder), ...copilotIn(folder)];
  return {
    named: all.filter((one) => typeof one !== 'string'),
    notes: all.filter((one) => typeof one === 'string'),
  };
}

/** Those of this region; what another one has is told. */
export function besideOf({ named, notes }: Beside, region: string): Beside {
  const isHere = (one: Named) => one.region === undefined || one.region === region;
  const elsewhere = named
    .filter((one) => !isHere(one))
    .map(({ file, region: said }) => aside(file, `it says ${said}, and ${region} is asked`));
  return { named: named.filter(isHere), notes: [...notes, ...elsewhere] };
}

function aside(file: string, why: string): string {
  return `${file} is left aside: ${why}`;
}

const ECSPRESSO = ['ecspresso.yml', 'ecspresso.yaml', 'ecspresso.json', 'ecspresso.jsonnet'];

function ecspressoIn(folder: string): readonly (Named | string)[] {
  return ECSPRESSO.flatMap((file) => {
    const text = textOf(folder, file);
    if (text === undefined) return [];
    if (typeof text !== 'string') return [aside(file, text.trouble)];
    if (file.endsWith('.jsonnet')) return [aside(file, 'it is a program, and is not run')];
    return ecspresso(file, text);
  });
}

const BY_TEMPLATE = 'a template function, which only ecspresso resolves';
/** Stands where a template function stood; no file has this character. */
const RESOLVED_LATER = '\uE000';

function ecspresso(file: string, text: string): readonly (Named | string)[] {
  // What a template repeats or leaves out is no longer lines of `key: value`.
  if (/^\{\{/m.test(text)) return [aside(file, `a line of it is ${BY_TEMPLATE}`)];
  const plain = text.replaceAll(/\{\{.*?\}\}/gs, RESOLVED_LATER);
  const keys = topKeys(plain);
  if (typeof keys === 'string') return [aside(file, `it cannot be read: ${keys}`)];
  const isOpen = (key: string) => keys.get(key)?.includes(RESOLVED_LATER) === true;
  const open = ['cluster', 'service'].filter(isOpen);
  if (open.length > 0) return [aside(file, `its ${open.join(' and ')} has ${BY_TEMPLATE}`)];
  const service = keys.get('service');
  if (service === undefined) return [aside(file, 'it names no service')];
  // Empty is as good as not there, to ecspresso.
  const cluster = lastPart(keys.get('cluster') || 'default');
  const named = {
    file,
    words: `${cluster}/${service}`,
    is: (one: string, other: string) => one === cluster && other === service,
  };
  if (isOpen('region')) {
    const said = `its region has ${BY_TEMPLATE}: that of --region or AWS_REGION is asked`;
    return [named, `${file}: ${said}`];
  }
  const region = keys.get('region') || undefined;
  if (region === undefined) return [named];
  if (REGION.test(region)) return [{ ...named, region }];
  return [aside(file, `its region is "${region}", expected one like eu-central-1`)];
}

/** Of Copilot's kinds of workload those that are services of ECS. */
const ON_ECS = ['Load Balanced Web Service', 'Backend Service', 'Worker Service'];
/** What Copilot takes as a name; a folder of another one is none of its own. */
const COPILOT_NAME = /^[a-z][a-z0-9-]*$/;

function copilotIn(folder: string): readonly (Named | string)[] {
  const summary = 'copilot/.workspace';
  const text = textOf(folder, summary);
  // Other things are called copilot too.
  if (text === undefined) return [];
  if (typeof text !== 'string') return [aside(summary, text.trouble)];
  const keys = topKeys(text);
  if (typeof keys === 'string') return [aside(summary, `it cannot be read: ${keys}`)];
  const application = keys.get('application');
  if (application === undefined) return [aside(summary, 'it names no application')];
  const entries = readdirSync(join(folder, 'copilot'), { withFileTypes: true });
  const names = entries.filter((one) => one.isDirectory() && COPILOT_NAME.test(one.name));
  return names
    .map(nameOf)
    .sort()
    .flatMap((name) => {
      const file = `copilot/${name}/manifest.yml`;
      const manifest = textOf(folder, file);
      if (manifest === undefined) return [];
      if (typeof manifest !== 'string') return [aside(file, manifest.trouble)];
      return [copilotService(file, manifest, application, name)];
    });
}

function nameOf({ name }: Dirent): string {
  return name;
}

function copilotService(
  file: string,
  text: string,
  application: string,
  folder: string,
): Named | string {
  const keys = topKeys(text);
  if (typeof keys === 'string') return aside(file, `it cannot be read: ${keys}`);
  const [name, type] = [keys.get('name'), keys.get('type')];
  if (name !== folder)
    return aside(file, `its name is "${name ?? ''}", and that of its folder "${folder}"`);
  if (!ON_ECS.includes(type ?? ''))
    return aside(file, `it is a ${type ?? 'workload without a type'}, which is no service of ECS`);
  return {
    file,
    words: `${name} of the application ${application}`,
    is: (cluster, service) => {
      const stack = /^(?<stack>.+)-Cluster-[A-Za-z0-9]+$/.exec(cluster)?.groups?.stack ?? '';
      if (!stack.startsWith(`${application}-`)) return false;
      const start = `${stack}-${name}-Service-`;
      return service.startsWith(start) && /^[A-Za-z0-9]+$/.test(service.slice(start.length));
    },
  };
}

/** Nothing, where there is no such file. */
function textOf(folder: string, file: string): string | { readonly trouble: string } | undefined {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return { trouble: `it cannot be read (${code})` };
  }
}
