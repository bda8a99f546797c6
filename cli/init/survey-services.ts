/** The chosen services, looked at: what the config would say of each, and which it cannot name. */
import type { Surveyor } from '../../shared/aws/connect/surveyor.ts';
import type { SurveyedService } from '../../shared/aws/survey.ts';
import type { TaskDefinitionArn } from '../../shared/core/model/image.ts';
import { registryOf } from '../../shared/parsing/names.ts';
import { definitionFacts } from '../doctor/definition-facts.ts';
import type { Choice } from './choose.ts';
import { type Account, type GuessedTarget, guessTags, guessTarget, withIds } from './guess.ts';

export interface Surveyed {
  readonly targets: readonly GuessedTarget[];
  readonly left: readonly { readonly service: string; readonly because: string }[];
}

/** ECS lets an account describe some tens of task definitions a second. */
const AT_ONCE = 4;

export async function survey(
  surveyor: Surveyor,
  account: Account,
  chosen: readonly Choice[],
): Promise<Surveyed> {
  const [alarms, described] = await Promise.all([
    surveyor.alarms(),
    Promise.all(chosen.map(({ cluster, services }) => surveyor.describe(cluster, services))),
  ]);
  const guessed: Omit<GuessedTarget, 'id'>[] = [];
  const left: { service: string; because: string }[] = [];
  const all = described.flat();
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE).map(async (service) => {
      const raw = await surveyor.rawDefinition(service.revision as TaskDefinitionArn);
      return { service, raw };
    });
    for (const { service, raw } of await Promise.all(some)) {
      const target =
        raw === undefined
          ? 'ECS no longer has its task definition'
          : guessTarget(account, service, definitionFacts(raw.definition), alarms);
      if (typeof target === 'string') left.push({ service: service.service, because: target });
      else guessed.push(target);
    }
  }
  const known = await Promise.all(guessed.map((one) => withTags(surveyor, account, one)));
  return { targets: withIds(known), left: [...left, ...notActive(chosen, all)] };
}

function notActive(chosen: readonly Choice[], found: readonly SurveyedService[]) {
  const there = new Set(found.map(({ cluster, service }) => `${cluster}/${service}`));
  return chosen.flatMap(({ cluster, services }) =>
    services
      .filter((service) => !there.has(`${cluster}/${service}`))
      .map((service) => ({ service, because: 'it is not ACTIVE' })),
  );
}

/** What is deployed by its digest alone has its tags in ECR; who may not look there gets the widest guess. */
async function withTags(
  { images }: Surveyor,
  { account, region }: Account,
  target: Omit<GuessedTarget, 'id'>,
): Promise<Omit<GuessedTarget, 'id'>> {
  const registry = registryOf(account, region);
  const containers = await Promise.all(
    target.containers.map(async (container) => {
      if (container.tags.because !== guessTags(undefined).because) return container;
      const { repository } = container;
      const all = await images.taggedImages({ registry, repository }).catch(() => []);
      const newest = all.toSorted((a, b) => b.pushedAt - a.pushedAt)[0];
      return { ...container, tags: guessTags(newest?.tags[0]) };
    }),
  );
  return { ...target, containers };
}
