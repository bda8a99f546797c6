/** Of botocore's `service-2.json`, what `generate.ts` reads. */
export interface Source {
  readonly metadata: Metadata;
  readonly operations: Readonly<Record<string, SourceOperation>>;
  readonly shapes: Readonly<Record<string, SourceShape>>;
}

export interface Metadata {
  readonly apiVersion: string;
  readonly endpointPrefix: string;
  readonly signingName?: string;
  readonly serviceId: string;
  readonly serviceFullName: string;
  readonly targetPrefix?: string;
  readonly jsonVersion?: string;
  readonly xmlNamespace?: string;
  readonly protocol: string;
  readonly protocols?: readonly string[];
  readonly awsQueryCompatible?: object;
}

export interface SourceOperation {
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string; readonly resultWrapper?: string };
  readonly errors?: readonly { readonly shape: string }[];
}

export interface SourceMember {
  readonly shape: string;
  readonly locationName?: string;
}

export interface SourceShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, SourceMember>>;
  readonly required?: readonly string[];
  readonly member?: SourceMember;
  readonly key?: SourceMember;
  readonly value?: SourceMember;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly flattened?: boolean;
  readonly sensitive?: boolean;
  /** Any JSON. */
  readonly document?: boolean;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number };
}
