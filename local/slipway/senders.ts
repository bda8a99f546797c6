/** Who sends to the queues of the local world, as SQS would name them (SenderId). */

/** The role that the world's people have, by its unique id. */
const PEOPLE = 'AROALOCALPEOPLEEXAMP';

/** A session of a role is `<id of the role>:<session>`, and a session's name has 2 to 64 such characters. */
export function senderIdOf(person: string): string {
  const session = person.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64);
  return `${PEOPLE}:${session.padEnd(2, '-')}`;
}
