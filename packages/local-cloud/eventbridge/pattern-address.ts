/** IPv4 and IPv6 addresses as binary digits, for the `cidr` operator of event patterns. */

/** The address as a string of 32 or 128 binary digits; undefined if it is none. */
export function addressBits(address: string): string | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    const parts = address.split('.').map(Number);
    return parts.every((part) => part < 256) ? bits(parts, 8) : undefined;
  }
  if (!/^[0-9a-f:]+$/i.test(address) || !address.includes(':')) return undefined;
  const [head = '', tail, ...more] = address.split('::');
  const groups = (half: string) => (half === '' ? [] : half.split(':'));
  const first = groups(head);
  const last = groups(tail ?? '');
  const zeros = 8 - first.length - last.length;
  if (more.length > 0 || (tail === undefined ? zeros !== 0 : zeros < 1)) return undefined;
  const all = [...first, ...Array<string>(tail === undefined ? 0 : zeros).fill('0'), ...last];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return bits(
    all.map((group) => Number.parseInt(group, 16)),
    16,
  );
}

function bits(parts: readonly number[], width: number): string {
  return parts.map((part) => part.toString(2).padStart(width, '0')).join('');
}
