/** What GitHub's REST API answers instead of a result. */

/** docs, troubleshooting-the-rest-api: codes are missing, missing_field, invalid, custom … */
export interface ValidationProblem {
  readonly resource: string;
  readonly code: string;
  readonly field?: string;
  readonly message?: string;
  readonly [more: string]: unknown;
}

interface Details {
  readonly errors?: readonly ValidationProblem[];
  readonly headers?: Readonly<Record<string, string>>;
  /** After `https://docs.github.com/`; that of the route if absent. */
  readonly documentation?: string;
}

export class GithubError extends Error {
  readonly status: number;
  readonly errors?: readonly ValidationProblem[];
  readonly headers: Readonly<Record<string, string>>;
  readonly documentation?: string;

  constructor(status: number, message: string, details: Details = {}) {
    super(message);
    this.name = 'GithubError';
    this.status = status;
    this.headers = details.headers ?? {};
    if (details.errors !== undefined) this.errors = details.errors;
    if (details.documentation !== undefined) this.documentation = details.documentation;
  }
}

export function notFound(message = 'Not Found'): GithubError {
  return new GithubError(404, message);
}

/** 422 as GitHub's models refuse a value. */
export function invalid(...errors: ValidationProblem[]): GithubError {
  return new GithubError(422, 'Validation Failed', { errors });
}
