/** What a client sent, read whole: within a limit, unpacked if it came packed. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';

/** Above the largest that AWS takes here, a BatchWriteItem of 16 MB. */
export const BODY_BYTES_MOST = 20 * 1_048_576;

/** The request cannot be taken as it came; `status` is HTTP's word for why. */
export class BadBody extends Error {
  override readonly name = 'BadBody';
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, message: string) {
    super(message);
    this.status = status;
  }
}

/** The client went away before it had sent everything: nobody waits for an answer. */
export class HungUp extends Error {
  override readonly name = 'HungUp';
}

/** The body, empty if there is none. Throws `BadBody` or `HungUp`. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > BODY_BYTES_MOST) throw tooLarge();
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > BODY_BYTES_MOST) throw tooLarge();
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof BadBody) throw error;
    throw new HungUp('the client hung up', { cause: error });
  }
  return await unpacked(Buffer.concat(parts), request.headers['content-encoding'] ?? 'identity');
}

function tooLarge(): BadBody {
  return new BadBody(413, `the body is larger than ${BODY_BYTES_MOST} bytes`);
}

const UNPACK = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const;

/** SDKs pack large PutMetricData; what grows beyond the limit is a bomb. */
async function unpacked(body: Buffer, encoding: string): Promise<Buffer> {
  // Botocore marks the framing of signed chunks this way too.
  if (encoding === 'identity' || encoding === '' || encoding === 'aws-chunked') return body;
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw new BadBody(415, `content-encoding is "${encoding}", expected gzip or deflate`);
  }
  try {
    return await UNPACK[encoding](body, { maxOutputLength: BODY_BYTES_MOST });
  } catch (error) {
    const isBomb = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw isBomb ? tooLarge() : new BadBody(400, `the body is no ${encoding}`);
  }
}
