/**
 * A server of its own process for `http.ts`: the local AWS, or one that does nothing but answer
 * what it is given. Tells where it listens, and its memory when it is asked.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLocalAws } from '../local/server/local-aws.ts';
import pipeline from '../pipeline.config.ts';

export type FromServer = { readonly url: string } | { readonly megabytes: number };
export type ToServer = { readonly answer: string } | 'memory';

process.on('message', (message: ToServer) => {
  if (message === 'memory') {
    globalThis.gc?.();
    tell({ megabytes: process.memoryUsage().rss / 1_048_576 });
  } else {
    serveNothing(message.answer);
  }
});

function tell(message: FromServer): void {
  process.send?.(message);
}

function serveNothing(answer: string): void {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(200, {
        'content-type': 'application/x-amz-json-1.1',
        'content-length': Buffer.byteLength(answer),
      });
      response.end(answer);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    tell({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  });
}

if (process.argv[2] === 'local') {
  const aws = await startLocalAws({ pipeline, port: 0, host: '127.0.0.1', seed: 1, speed: 0 });
  tell({ url: aws.url });
}
