/** An AWS of one answer, on a port of this machine: how the commands speak when it says no. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AwsThat {
  readonly url: string;
  close(): void;
}

/** Every call is refused with this. */
export function awsThatSays(status: number, code: string, message: string): Promise<AwsThat> {
  return serve((_, response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: code, message }));
  });
}

/** One is this to it, whatever the credentials. */
export function awsThatKnowsYouAs(arn: string): Promise<AwsThat> {
  const account = arn.split(':')[4];
  return serve((_, response) => {
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>U</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
  });
}

/** What is asked with GET is not AWS: it is no `slipway local`. */
async function serve(answer: (body: string, response: ServerResponse) => void): Promise<AwsThat> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += String(part);
    });
    request.on('end', () => {
      if (request.method === 'GET') response.writeHead(404).end();
      else answer(body, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
