/**
 * AWS's own models of the operations that the local AWS serves: which members a request and an
 * answer have, of which type and within which bounds, and how they stand on the wire. The files
 * beside this one are made by `node packages/local-cloud/models/generate.ts` from botocore (Apache-2.0).
 */
import { readFileSync } from 'node:fs';

export interface ServiceModel {
  /** Where it comes from: botocore's version, and its licence. */
  readonly source: string;
  /** The name that SigV4 signs with, which is also its name in `services.ts`. */
  readonly service: string;
  readonly fullName: string;
  readonly apiVersion: string;
  /** First half of the header `x-amz-target`; absent: it speaks no JSON. */
  readonly targetPrefix?: string;
  readonly jsonVersion?: string;
  /** Of its XML; absent: it does not speak the Query protocol. */
  readonly xmlNamespace?: string;
  /** Errors of its JSON carry the code of the Query protocol in a header. */
  readonly queryCompatible: boolean;
  /** It speaks RPC v2 with CBOR too. */
  readonly cbor: boolean;
  readonly operations: Readonly<Record<string, OperationModel>>;
  /** What AWS has and the local AWS does not. */
  readonly notServed: readonly string[];
  /** Where the Query protocol has another code than the shape's name, and the HTTP status. */
  readonly errors: Readonly<Record<string, { readonly code?: string; readonly status?: number }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface OperationModel {
  readonly input?: string;
  readonly output?: string;
  /** The element around the members of the answer, in the Query protocol. */
  readonly wrapper?: string;
}

export type Shape =
  | StructureShape
  | ListShape
  | MapShape
  | StringShape
  | NumberShape
  | { readonly type: 'boolean' | 'timestamp' | 'blob' | 'document' };

export interface Member {
  readonly shape: string;
  /** Its name in the Query protocol, where it is another one. */
  readonly name?: string;
}

export interface StructureShape {
  readonly type: 'structure';
  readonly members: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
}

export interface ListShape extends Bounds {
  readonly type: 'list';
  readonly member: Member;
  readonly flattened?: true;
}

export interface MapShape extends Bounds {
  readonly type: 'map';
  readonly key: Member;
  readonly value: Member;
  readonly flattened?: true;
}

export interface StringShape extends Bounds {
  readonly type: 'string';
  readonly enum?: readonly string[];
  /** A regular expression of Java's kind, of the whole text. */
  readonly pattern?: string;
  readonly sensitive?: true;
}

export interface NumberShape extends Bounds {
  readonly type: 'integer' | 'long' | 'float' | 'double';
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

const known = new Map<string, ServiceModel>();

/** The model of a service, read from its file the first time. Throws if there is no such file. */
export function modelOf(service: string): ServiceModel {
  const model = known.get(service) ?? read(service);
  known.set(service, model);
  return model;
}

function read(service: string): ServiceModel {
  const file = new URL(`./${service}.json`, import.meta.url);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ServiceModel;
  } catch (cause) {
    throw new Error(
      `there is no model of "${service}" in models; \`node models/generate.ts\` makes it`,
      { cause },
    );
  }
}

/** The shape of that name. Throws if the file is not whole. */
export function shapeOf(model: ServiceModel, name: string): Shape {
  const shape = model.shapes[name];
  if (shape === undefined) throw new Error(`the model of ${model.service} lacks the shape ${name}`);
  return shape;
}
