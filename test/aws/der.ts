/** Just enough of ASN.1's distinguished encoding to make a certificate. */

type Bytes = Buffer<ArrayBuffer>;

export function der(tag: number, ...parts: readonly Uint8Array[]): Bytes {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}

export const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
export const octets = (part: Uint8Array) => der(0x04, part);
export const bits = (part: Uint8Array) => der(0x03, Buffer.from([0]), part);
export const integer = (value: number) => der(0x02, Buffer.from([value]));
export const yes = der(0x01, Buffer.from([0xff]));
export const utf8 = (text: string) => der(0x0c, Buffer.from(text));
export const time = (at: Date) =>
  der(0x18, Buffer.from(`${at.toISOString().replaceAll(/[-:T]|\..*/g, '')}Z`));

export function oid(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const base128 = (value: number): number[] =>
    value < 0x80
      ? [value]
      : [...base128(Math.floor(value / 0x80)).map((byte) => byte | 0x80), value % 0x80];
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}
