/** What each phase of a target means to somebody who sees the word for the first time. */

/** How it is painted; the icon differs as well. */
export type Tone = 'calm' | 'busy' | 'bad' | 'ask' | 'quiet';

export interface PhaseWords {
  readonly tone: Tone;
  readonly icon: PhaseIcon;
  readonly meaning: string;
}

export type PhaseIcon = 'check' | 'play' | 'clock' | 'eye' | 'back' | 'question' | 'dash' | 'spark';

const WORDS: Readonly<Record<string, PhaseWords>> = {
  new: { tone: 'busy', icon: 'spark', meaning: 'new here: its first look comes' },
  idle: { tone: 'calm', icon: 'check', meaning: 'nothing is on its way' },
  deploying: { tone: 'busy', icon: 'play', meaning: 'ECS rolls a release out' },
  baking: { tone: 'busy', icon: 'clock', meaning: 'rolled out, and watched until it is proven' },
  watching: { tone: 'busy', icon: 'eye', meaning: "somebody else's deployment is waited for" },
  'rolling-back': { tone: 'bad', icon: 'back', meaning: 'going back to a proven release' },
  'needs-attention': { tone: 'ask', icon: 'question', meaning: 'a person has to decide' },
  retired: { tone: 'quiet', icon: 'dash', meaning: 'no longer in the config' },
  unknown: { tone: 'quiet', icon: 'dash', meaning: 'not looked at yet' },
};

/** Of `idle`, or `rolling-back: stopping`. A phase of a newer server is shown as it is. */
export function phaseWords(phase: string): PhaseWords {
  const [name = ''] = phase.split(':');
  const known = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
  return known ?? { tone: 'quiet', icon: 'dash', meaning: '' };
}
