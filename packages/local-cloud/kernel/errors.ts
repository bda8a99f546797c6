/** What comes instead of an answer: an error of AWS, or nothing at all. */

/** What AWS answers instead of a result; the wire turns it into the wire's form. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Some of AWS's errors carry no message member (see the captures). */
  readonly withMessage: boolean;

  constructor(code: string, message: string, { status = 400, withMessage = true } = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.withMessage = withMessage;
  }
}

/** The connection broke: no answer of AWS, so no AwsError. */
export class NoAnswer extends Error {
  /** What Node's http says, and what the SDK judges retries by. */
  readonly code: string;

  constructor(name: 'TimeoutError' | 'Error', code: string, message: string) {
    super(message);
    this.name = name;
    this.code = code;
  }
}
