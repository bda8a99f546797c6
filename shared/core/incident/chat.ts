/**
 * A notice as AWS's chat service (Amazon Q Developer in chat applications, before: AWS Chatbot) shows it in
 * Slack and Teams: its schema of custom notifications, which comes to it by SNS. Where the channel allows
 * it, those of one release stand in one thread. (chatbot adminguide, custom-notifs)
 */
import type { Announcement } from '../model/announcement.ts';
import { shorten } from '../model/text.ts';
import { nextInWords } from './next-step.ts';
import type { Notice } from './notice.ts';

/** Not published; a message of Slack is cut at 4,000 characters, and the title stands apart (unverified). */
const DESCRIPTION_MAX = 2_500;

export interface ChatMessage {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources: readonly string[];
  };
}

export function chatMessage(
  { id, kind, target, key }: Announcement,
  { subject, sentences, next, actions, aws, about, thread }: Notice,
): ChatMessage {
  const quoted = aws === undefined ? [] : [`AWS says: ${aws}`];
  const description = [...sentences, ...quoted, about].join('\n');
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: harmless(subject),
      description: harmless(shorten(description, DESCRIPTION_MAX)),
      nextSteps: [
        harmless(nextInWords(next)),
        ...actions.map(({ to, command }) => `\`${harmless(command)}\` to ${harmless(to)}`),
      ],
      keywords: [target, kind],
    },
    metadata: {
      threadId: thread,
      summary: harmless(subject),
      eventType: kind,
      relatedResources: [key],
    },
  };
}

/** A person's word or a task's last one calls nobody (`<!channel>`), and is no link. */
function harmless(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('`', "'").replaceAll('@', '＠');
}
