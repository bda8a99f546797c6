/**
 * What AWS answers to a request that breaks its service's model, as far as it is known
 * (`README.md` has the sources).
 */

import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import type { Violation } from '../models/check.ts';
import { execute } from '../services.ts';
import type { Protocol } from './protocol.ts';
import { queryProtocol } from './query-protocol.ts';

export interface BrokenRequest {
  readonly protocol: Protocol;
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  readonly violations: readonly [Violation, ...Violation[]];
}

export function refusalOf(world: World, broken: BrokenRequest): AwsError {
  const wrongType = broken.violations.find((violation) => violation.kind === 'type');
  if (wrongType !== undefined) return wrongTypeRefusal(broken.protocol, wrongType);
  const own = LOOKS_ITSELF.has(broken.service) ? ownRefusal(world, broken) : undefined;
  return own ?? inServicesWords(broken);
}

/**
 * ECS looks at its input in an order of its own (observed: a missing cluster before a wrong
 * strategy), and SQS has words of its own. With the others the framework looks first (public logs).
 */
const LOOKS_ITSELF = new Set(['ecs', 'sqs']);

/** Words: public logs ("STRING_VALUE cannot be converted to Integer"); where it was is ours to say. */
function wrongTypeRefusal(protocol: Protocol, { path, wanted, had }: WrongType): AwsError {
  const message = `${had} cannot be converted to ${wanted} (at ${path || 'the whole body'})`;
  return new AwsError(
    protocol === queryProtocol ? 'MalformedInput' : 'SerializationException',
    message,
  );
}

type WrongType = Extract<Violation, { kind: 'type' }>;

/**
 * Tried on a copy of the world: the operation knows the order in which AWS looks, and its texts.
 * Broken requests are rare, so the copy may cost what it costs.
 */
function ownRefusal(world: World, { service, operation, input }: BrokenRequest) {
  try {
    execute(structuredClone(world), service, operation, input);
    return undefined;
  } catch (error) {
    return error instanceof AwsError && error.code !== 'UnsupportedOperation' ? error : undefined;
  }
}

function inServicesWords({ service, operation, violations }: BrokenRequest): AwsError {
  const [first] = violations;
  switch (service) {
    case 'ecs':
      return new AwsError(
        operation === 'RegisterTaskDefinition' ? 'ClientException' : 'InvalidParameterException',
        ecsWords(first),
      );
    case 'ecr':
      return new AwsError(
        'InvalidParameterException',
        `Invalid parameter at '${first.path}' failed to satisfy constraint: '${ecrWords(first)}'`,
      );
    case 'sqs':
      return first.kind === 'missing'
        ? new AwsError(
            'MissingParameter',
            `The request must contain the parameter ${lastPart(first.path)}.`,
          )
        : new AwsError('InvalidParameterValue', coralWords([first]));
    case 'monitoring':
    case 'elasticloadbalancing':
      return new AwsError('ValidationError', coralWords(violations));
    case 'codebuild':
      return new AwsError('InvalidInputException', coralWords(violations));
    default:
      return new AwsError('ValidationException', coralWords(violations));
  }
}

/** In the style of "Scheduling strategy should be one of [REPLICA,DAEMON]" (observed). */
function ecsWords(violation: Violation): string {
  const name = inWords(lastPart(violation.path));
  switch (violation.kind) {
    case 'missing':
      return `${name} cannot be empty.`;
    case 'enum':
      return `${name} should be one of [${violation.allowed.join(',')}]`;
    case 'type':
    case 'pattern':
    case 'length':
    case 'range':
    case 'unknown':
      return `${name}: ${violation.constraint}`;
  }
}

/** "must satisfy regular expression '…'" (public logs). */
function ecrWords({ constraint }: Violation): string {
  return constraint.replace(/^Member /, '').replace(/(expression) pattern: (.*)$/, "$1 '$2'");
}

/** "2 validation errors detected: Value 'x' at 'y' failed to satisfy constraint: …; …" */
function coralWords(violations: readonly Violation[]): string {
  const count = violations.length;
  const each = violations.map(({ path, constraint, seen, kind }) => {
    const value = kind === 'missing' ? ' null' : seen === undefined ? '' : ` '${seen}'`;
    return `Value${value} at '${coralPath(path)}' failed to satisfy constraint: ${constraint}`;
  });
  return `${count} validation error${count === 1 ? '' : 's'} detected: ${each.join('; ')}`;
}

/** `Entries.1.Detail` is `entries.1.member.detail` there. */
function coralPath(path: string): string {
  return path
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? `${part}.member` : part[0]?.toLowerCase() + part.slice(1)))
    .join('.');
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** `launchType`: "Launch type". */
function inWords(name: string): string {
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
