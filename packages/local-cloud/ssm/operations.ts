/** Parameter Store of Systems Manager, as much as publishing and reading plain parameters needs. */
import { AwsError } from '../kernel/errors.ts';
import { table } from '../kernel/tables.ts';
import type { World } from '../kernel/world.ts';

export interface SsmState {
  /** By their full names. */
  readonly parameters: Record<string, Parameter>;
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    ssm: SsmState;
  }
}

interface Parameter {
  readonly type: 'String' | 'StringList';
  readonly value: string;
  readonly version: number;
  readonly modifiedAt: number;
}

/** docs, API_PutParameter: standard tier; names of at most 1011 characters, counted with the ARN. */
const PARAMETERS_MOST = 10_000;
const VALUE_MOST = 4_096;
const NAME_MOST = 1_011;
const LEVELS_MOST = 15;
/** docs, API_GetParameters and API_GetParametersByPath. */
const NAMES_MOST = 10;
const PAGE_MOST = 10;

export function emptySsm(): SsmState {
  return { parameters: table() };
}

interface PutParameterInput {
  readonly Name?: string;
  readonly Value?: string;
  readonly Type?: string;
  readonly Overwrite?: boolean;
}

interface ByPathInput {
  readonly Path?: string;
  readonly Recursive?: boolean;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export const ssmOperations = {
  PutParameter(world: World, input: PutParameterInput) {
    const { parameters } = world.ssm;
    const { Value: value = '', Overwrite = false } = input;
    const name = nameOf(world, input.Name);
    const known = parameters[name];
    if (known !== undefined && !Overwrite) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    if (value === '' || value.length > VALUE_MOST) {
      throw invalid(`a standard parameter's value has 1 to ${VALUE_MOST} characters`);
    }
    if (/\{\{.*\}\}/s.test(value)) throw invalid('a value cannot refer to other parameters');
    const type = typeOf(input.Type ?? known?.type);
    if (known === undefined && Object.keys(parameters).length >= PARAMETERS_MOST) {
      throw new AwsError(
        'ParameterLimitExceeded',
        `You have exceeded the number of parameters for this AWS account: ${PARAMETERS_MOST}.`,
      );
    }
    const version = (known?.version ?? 0) + 1;
    parameters[name] = { type, value, version, modifiedAt: world.now };
    return { Version: version, Tier: 'Standard' };
  },

  GetParameter(world: World, input: { readonly Name?: string }) {
    const name = nameOf(world, input.Name);
    const parameter = world.ssm.parameters[name];
    if (parameter === undefined) {
      throw new AwsError('ParameterNotFound', '', { withMessage: false });
    }
    return { Parameter: view(world, name, parameter) };
  },

  GetParameters(world: World, input: { readonly Names?: readonly string[] }) {
    const names = input.Names ?? [];
    if (names.length === 0 || names.length > NAMES_MOST) {
      throw invalid(`names must have 1 to ${NAMES_MOST} members`);
    }
    const found = new Set(names.map((name) => nameOf(world, name)));
    const known = [...found].filter((name) => Object.hasOwn(world.ssm.parameters, name));
    return {
      Parameters: known.flatMap((name) => viewsOf(world, name)),
      InvalidParameters: [...found].filter((name) => !known.includes(name)),
    };
  },

  GetParametersByPath(world: World, input: ByPathInput) {
    const { Path = '', Recursive = false, MaxResults = PAGE_MOST, NextToken = '0' } = input;
    if (!Path.startsWith('/')) throw invalid('the path must begin with a slash');
    if (MaxResults < 1 || MaxResults > PAGE_MOST) {
      throw invalid(`maxResults must be 1 to ${PAGE_MOST}`);
    }
    const from = Number(NextToken);
    if (!Number.isInteger(from)) {
      throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
    }
    const path = Path.endsWith('/') ? Path : `${Path}/`;
    const names = Object.keys(world.ssm.parameters)
      .filter((name) => name.startsWith(path))
      .filter((name) => Recursive || !name.slice(path.length).includes('/'))
      .sort();
    const end = from + MaxResults;
    return {
      Parameters: names.slice(from, end).flatMap((name) => viewsOf(world, name)),
      ...(end < names.length ? { NextToken: String(end) } : {}),
    };
  },
};

function viewsOf(world: World, name: string) {
  const parameter = world.ssm.parameters[name];
  return parameter === undefined ? [] : [view(world, name, parameter)];
}

function view(world: World, name: string, { type, value, version, modifiedAt }: Parameter) {
  return {
    Name: name,
    Type: type,
    Value: value,
    Version: version,
    LastModifiedDate: new Date(modifiedAt),
    ARN: arnOf(world, name),
    DataType: 'text',
  };
}

/** The slash that begins a name is not written twice. */
function arnOf({ region, account }: World, name: string): string {
  return `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`;
}

function nameOf(world: World, name = ''): string {
  if (name.includes(':')) {
    throw new AwsError(
      'UnsupportedOperation',
      `The local AWS knows no versions, labels or ARNs of parameters: ${name}`,
    );
  }
  if (!/^[\w./-]+$/.test(name)) {
    throw invalid('a parameter name has letters, digits and the signs _ . - / only');
  }
  if (name.includes('/') && !/^(\/[\w.-]+)+$/.test(name)) {
    throw invalid('Parameter name must be a fully qualified name.');
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  }
  if (arnOf(world, name).length > NAME_MOST) {
    throw invalid(
      `a parameter name has at most ${NAME_MOST} characters, those of its ARN included`,
    );
  }
  if (name.split('/').length - 1 > LEVELS_MOST) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `The hierarchy can have a maximum of ${LEVELS_MOST} levels.`,
    );
  }
  return name;
}

function typeOf(type: string | undefined): Parameter['type'] {
  if (type === 'String' || type === 'StringList') return type;
  if (type === 'SecureString') {
    throw new AwsError('UnsupportedOperation', 'The local AWS keeps no SecureString.');
  }
  throw invalid('A parameter type is required when you create a parameter.');
}

function invalid(what: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: ${what}`);
}
