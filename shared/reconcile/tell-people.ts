/**
 * One announcement, told to people: what `notice` does. It looks how things stand while it tells, so that
 * a notice that comes late does not claim what was. Whoever cannot be asked is left out of the text; only
 * a topic that does not take it makes Lambda try again.
 */
import type { Pipeline, Target } from '../config/config.ts';
import { chatMessage } from '../core/incident/chat.ts';
import { type Incident, incidentOf } from '../core/incident/incident.ts';
import { noticeOf, noticeText } from '../core/incident/notice.ts';
import type { Announcement } from '../core/model/announcement.ts';
import type { ServiceNow } from '../core/model/observation.ts';
import { parseAnnouncement } from '../edge/announced.ts';
import {
  type Alarms,
  type Records,
  type ToldPeople,
  type Topics,
  TransientError,
} from '../ports.ts';
import type { BoundLog } from '../runtime/log.ts';

export interface NoticeDeps {
  readonly pipeline: Pick<Pipeline, 'targets' | 'notices'>;
  readonly records: Pick<Records, 'load' | 'stop'>;
  readonly alarms: Pick<Alarms, 'states'>;
  readonly services: {
    servicesOf(cluster: string, names: readonly string[]): Promise<readonly ServiceNow[]>;
  };
  readonly told: ToldPeople;
  readonly topics: Topics;
  readonly log: BoundLog;
}

export async function tellPeople(event: unknown, deps: NoticeDeps): Promise<void> {
  const { pipeline, log } = deps;
  const announcement = parseAnnouncement(event);
  const target = pipeline.targets[announcement.target];
  const { mail, chat, of = [] } = pipeline.notices ?? {};
  if (!of.some((kind) => kind === announcement.kind)) {
    log.info('ignored', { because: 'nobody wants to be told of this kind' });
    return;
  }
  const incident = target && (await look(target, announcement, deps));
  const notice = noticeOf(announcement, incident);
  const { subject, once } = notice;
  if (mail !== undefined) {
    await publish(deps, `mail ${once}`, mail, { subject, message: noticeText(notice) });
  }
  if (chat !== undefined) {
    const message = JSON.stringify(chatMessage(announcement, notice));
    await publish(deps, `chat ${once}`, chat, { message });
  }
}

/** Each topic has its own note: when the second one fails, the first is not told again. */
async function publish(
  { told, topics, log }: NoticeDeps,
  once: string,
  topic: string,
  message: { readonly subject?: string; readonly message: string },
): Promise<void> {
  if (!(await told.begin(once))) {
    log.info('ignored', { because: 'people were told of this before', topic });
    return;
  }
  await topics.publish(topic, message);
  await told.done(once);
  log.info('people were told', { topic });
}

/** Undefined: not everything could be asked, so nothing is claimed. */
async function look(
  target: Target,
  { key, at }: Announcement,
  { records, alarms, services, log }: NoticeDeps,
): Promise<Incident | undefined> {
  const { cluster, service, rules } = target;
  if (target.key !== key) return undefined;
  try {
    const [stored, stop, [found], states = {}] = await Promise.all([
      records.load(key),
      records.stop(),
      services.servicesOf(cluster, [service]),
      rules.alarms.length === 0 ? undefined : alarms.states(rules.alarms),
    ]);
    return incidentOf(stored?.record, {
      at,
      service: found,
      redAlarms: rules.alarms.filter((name) => states[name]?.state === 'ALARM'),
      // Whether it can be had is not asked here, and a command that would fail helps nobody.
      couldRollBack: { possible: false, because: 'nobody asked ECR and ECS' },
      stop,
    });
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    log.warn('how things stand could not be asked', { because: error.message });
    return undefined;
  }
}
