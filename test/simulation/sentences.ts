/** Places of the core at which a decision is made with a sentence, found in its text. */

/** They all end in `because(record, sentence)`. */
const DECIDES =
  /(?<![\w.$])(because|choose|skip|refuse|refuseCommand|announce|leave|hold|askForAttention|askBesideBake|returned|wouldReturn)\(/g;

export interface SentencePlace {
  readonly id: string;
  /** Of the callee, in the text of its file. */
  readonly at: number;
  readonly callee: string;
  /** `phases/starting.ts:31` */
  readonly where: string;
  /** The first line of the call. */
  readonly text: string;
}

/** In the order of the text; declarations are none. */
export function placesOf(path: string, text: string): readonly SentencePlace[] {
  return [...text.matchAll(DECIDES)].flatMap((found): SentencePlace[] => {
    const { index: at } = found;
    const callee = found[1] ?? '';
    const before = text.slice(text.lastIndexOf('\n', at) + 1, at);
    if (/function\s*$/.test(before) || /^\s*(?:\*|\/\/|\/\*)/.test(before)) return [];
    const line = text.slice(0, at).split('\n').length;
    const end = text.indexOf('\n', at + 90);
    const words = text.slice(at, end === -1 ? undefined : end).replaceAll(/\s+/g, ' ');
    return [
      { id: `${path}@${at}`, at, callee, where: `${path}:${line}`, text: words.slice(0, 110) },
    ];
  });
}
