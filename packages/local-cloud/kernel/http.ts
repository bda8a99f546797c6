/** A request and its answer as the SDK hands them to what stands for its HTTP. */

/** Of the SDK's HttpRequest, what is read here. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What the SDK takes for an HttpResponse. */
export interface WireResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}
