/** What must not be shown on a terminal that somebody shares: secrets, as far as they look like one. */

const HIDDEN = '(hidden)';

const SECRETS: readonly RegExp[] = [
  // password=…, "token": "…", api-key: …
  /(?<=["']?\b[\w.-]*(?:passw(?:or)?d|secret|token|api[-_]?key|credential|authorization)["']?\s*[=:]\s*["']?)(?:(?:Bearer|Basic)\s+)?[^\s"',;}]+/gi,
  /(?<=\b(?:Bearer|Basic)\s+)[\w.~+/=-]{8,}/gi,
  // Keys of AWS, a JSON web token, a private key, what stands before the host of a URL.
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----.*/gs,
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+(?=@)/gi,
];

/** `more`: what this person's logs must not show besides. */
export function redacted(text: string, more: readonly RegExp[] = []): string {
  return [...SECRETS, ...more].reduce((left, secret) => left.replaceAll(secret, HIDDEN), text);
}
