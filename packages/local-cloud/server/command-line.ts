/** What every command that serves on a port needs: to know when to end, and to say why it cannot begin. */

/** One Ctrl-C in a terminal comes twice where a Node above this one passes it on. */
const SAME_MS = 500;

/** Until somebody wants it to end; a second Ctrl-C does not wait for anything. */
export function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    const stop = () => {
      askedAt ??= performance.now();
      if (performance.now() - askedAt > SAME_MS) process.exit(130);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}

/** Why it cannot listen there, in words; undefined: the error is none of the address. */
export function listenTrouble(
  { code }: NodeJS.ErrnoException,
  { host, port }: { readonly host: string; readonly port: number },
  whenTaken: string,
): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is taken${whenTaken}`;
    case 'EACCES':
      return `port ${port} may not be taken by you: give one above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `this machine has no address "${host}"; expected 127.0.0.1 or 0.0.0.0`;
    default:
      return undefined;
  }
}
