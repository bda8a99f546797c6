/**
 * Reads what 0.2.0 stored: a record of format 1, and entries of its history. Words changed since,
 * and what was a phase of its own may be a goal of one, or stand beside it; what they say did not. Nothing else knows the old words, so this file goes when nobody has them.
 */

import { mapValues } from './entries.ts';
import type { HistoryEntry } from './record/outbox.ts';
import type { TargetRecord } from './record/target-record.ts';
import { RECORD_FORMAT } from './record/target-record.ts';

type Old = Readonly<Record<string, unknown>>;
export type Words = Readonly<Record<string, string>>;
type Read = (value: never) => unknown;

const RECORD: Words = {
  ladder: 'rollbackCandidates',
  accepted: 'newest',
  refused: 'lastRefusal',
  clearing: 'alarmsToClear',
  asked: 'requests',
  condemned: 'condemnedRevisions',
  concluded: 'finishedRollouts',
  replaced: 'takeovers',
  heard: 'handledCommands',
  lookedAt: 'observedAt',
  lookAt: 'observeAt',
  owed: 'outbox',
};

/** As a history names them. */
const STANDINGS: Words = {
  introduced: 'new',
  resting: 'idle',
  rolling: 'deploying',
  observing: 'watching',
  returning: 'rolling-back',
  asking: 'needs-attention',
};

/** As a record holds them; what else the old phase said stands in `besidePhase`. */
const PHASES: Readonly<Record<string, object>> = {
  introduced: { phase: 'idle' },
  resting: { phase: 'idle' },
  rolling: { phase: 'deploying', goal: 'forward' },
  baking: { phase: 'baking', of: 'release' },
  observing: { phase: 'baking', of: 'external' },
  returning: { phase: 'deploying', goal: 'back' },
  asking: { phase: 'idle' },
  retired: { phase: 'idle' },
};

const STEPS: Words = { choosing: 'selecting', restoring: 'redeploying' };
const REASONS: Words = { untold: 'undelivered' };
const KINDS: Words = { asking: 'needs-attention' };

const EVENTS: Words = {
  Looked: 'Observed',
  OperatorAsked: 'CommandReceived',
  RolloutAsked: 'RolloutAccepted',
  StopAsked: 'StopAccepted',
  ActRefused: 'CallRefused',
};

const ESCALATES: Words = { told: 'announced', asked: 'escalated' };
/** Of what one look asked, and of what it found. */
const ASKED_OF_AWS: Words = {
  untold: 'undelivered',
  rung: 'rollbackTo',
  candidates: 'waiting',
};

/** What JSON gave for a record whose `format` is 1. */
export function readRecord1(old: object): TargetRecord {
  const read = change(old, RECORD, {
    phase: readPhase,
    waiting: (waiting: object) =>
      mapValues({ ...waiting }, (one: object) => change(one, {}, { held: readHeld })),
    unplaced: (list: readonly object[]) => list.map((one) => change(one, ESCALATES)),
    owed: readOutbox,
  });
  const { phase } = old as { readonly phase: OldPhase };
  const { runs, ...unseen } = read;
  // What is not known to run was never looked at: a phase said it.
  const known = runs === undefined || phase.phase === 'introduced' ? unseen : read;
  return { ...known, ...besidePhase(phase), format: RECORD_FORMAT } as unknown as TargetRecord;
}

interface OldPhase {
  readonly phase: string;
}

/** To ask a person, and to have left the config, were phases. */
function besidePhase({ phase, ...rest }: OldPhase): Old {
  if (phase === 'asking') return { needsAttention: rest };
  return phase === 'retired' ? { retired: true } : {};
}

/** An entry of the history, of this format or of the one before: entries carry no number. */
export function readEntry(stored: object): HistoryEntry {
  return change(
    stored,
    { told: 'announcements' },
    {
      event: readEvent,
      phase: (phase: string) => word(STANDINGS, phase),
      told: readAnnouncements,
    },
  ) as unknown as HistoryEntry;
}

function readPhase(old: OldPhase): unknown {
  const { phase, ...rest } = old;
  const now = PHASES[phase] ?? { phase };
  if (phase === 'asking') return now;
  const words = { watch: 'evidence', tried: 'started', way: 'step' };
  const read = change(rest, words, {
    release: (release: object) => change(release, { watch: 'evidence' }),
    attempt: readAttempt,
    way: (way: object) =>
      change(
        way,
        { rung: 'candidate' },
        {
          step: (step: string) => word(STEPS, step),
          attempt: readAttempt,
          stop: readCaller,
        },
      ),
  });
  return { ...now, ...read };
}

function readAttempt(old: object): unknown {
  return change(
    old,
    { ask: 'request' },
    {
      register: readCaller,
      ask: (ask: object) =>
        change(ask, { look: 'observation', told: 'announced', ecsReturns: 'ecsRollsBack' }),
    },
  );
}

/** Whose call it is: that of the handler with this observation. */
function readCaller(old: object): unknown {
  return change(old, { look: 'observation' });
}

function readHeld(old: object): unknown {
  return change(old, ESCALATES, { reason: (reason: string) => word(REASONS, reason) });
}

function readOutbox(old: object): unknown {
  return change(
    old,
    {},
    {
      announcements: readAnnouncements,
      history: (history: readonly object[]) => history.map(readEntry),
    },
  );
}

function readAnnouncements(old: readonly object[]): unknown {
  return old.map((one) => change(one, {}, { kind: (kind: string) => word(KINDS, kind) }));
}

function readEvent(old: object): unknown {
  const words = { seen: 'observation', ask: 'command', askedAt: 'requestedAt' };
  return change(old, words, {
    type: (type: string) => word(EVENTS, type),
    seen: (seen: object) =>
      change(seen, ASKED_OF_AWS, { question: (asked: object) => change(asked, ASKED_OF_AWS) }),
  });
}

/** The same members in the same order, under their new names, each as its reader reads it. */
export function change(
  old: object,
  words: Words,
  readers: Readonly<Record<string, Read>> = {},
): Old {
  return Object.fromEntries(
    Object.entries(old).map(([name, value]) => [
      word(words, name),
      Object.hasOwn(readers, name) ? readers[name]?.(value as never) : value,
    ]),
  );
}

export function word(words: Words, old: string): string {
  return Object.hasOwn(words, old) ? (words[old] ?? old) : old;
}
