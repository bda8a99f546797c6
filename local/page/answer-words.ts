/** How the incident answer looks on the page, and its commands as they are typed beside it. */
import type { Tone } from './phase-words.ts';

const TONES: Readonly<Record<string, Tone>> = {
  'needs-attention': 'ask',
  down: 'bad',
  'rolling-back': 'bad',
  alarm: 'bad',
  unreadable: 'bad',
  failed: 'bad',
  'rolled-back': 'bad',
  held: 'ask',
  'short-of-tasks': 'busy',
  deploying: 'busy',
  baking: 'busy',
  watching: 'busy',
  waiting: 'busy',
  well: 'calm',
};

/** A state of a newer server looks like nothing special. */
export function toneOf(state: string): Tone {
  return (Object.hasOwn(TONES, state) ? TONES[state] : undefined) ?? 'quiet';
}

/** As the commands say it: `Next (you): push a fix`. */
export function nextLine({ by, what }: { readonly by: string; readonly what: string }): string {
  if (by === 'nobody') return `Next: ${what}`;
  return `Next (${by === 'a person' ? 'you' : by}): ${what}`;
}

/** Where `--local` looks by itself. */
const USUAL = 'localhost:4566';

/** Of `slipway why web`, on the page that this origin serves. */
export function typed(command: string, origin: string): string {
  return `npx ${command} --local${origin.split('//')[1] === USUAL ? '' : ` ${origin}`}`;
}
