/** Rules about task definitions: what git has at the commit of an image, and whose pipeline registered a revision. */
import { textAt } from '@slipway/local-cloud/github/commits/commits.ts';
import { ofPipeline, releaseIn } from '../../../shared/core/model/release-tag.ts';
import type { CallMade } from '../engine.ts';
import { GIT_REPOSITORY } from '../stage.ts';
import { claimOf } from './claims.ts';
import type { Rule } from './finding.ts';
import { nameOf, type Truth } from './truth.ts';

type Say = (rule: Rule, facts: string) => void;

interface Written {
  readonly cpu?: string;
  readonly containerDefinitions?: readonly {
    readonly name: string;
    readonly environment?: readonly { readonly name: string; readonly value: string }[];
  }[];
}

/** Of a release that begins: what its file says of sizes and environment stands in what is started. */
export function judgeDefinition(call: CallMade, comes: string, truth: Truth, say: Say): void {
  const rules = truth.target(call.target)?.rules;
  const registered = registeredAs(truth, comes);
  const digest = rules?.definition && truth.digestsOf(comes)[rules.definition.container];
  const commit = digest && claimOf(truth, digest)?.commit;
  const repository = truth.world.github.repositories[GIT_REPOSITORY];
  if (!commit || !rules?.definition || repository === undefined || registered === undefined) return;
  const text = textAt(repository, commit, rules.definition.file);
  const written = text === undefined ? undefined : readAs(text);
  const rule = '6. an image starts with the task definition of its commit';
  const name = `${nameOf(comes)} of ${commit.slice(0, 12)}`;
  const differs =
    written === undefined ? 'none of it can be read' : whatDiffers(written, registered);
  if (differs !== undefined) say(rule, `${name}: ${differs}`);
}

function readAs(text: string): Written | undefined {
  try {
    return JSON.parse(text) as Written;
  } catch {
    return undefined;
  }
}

function whatDiffers(
  { cpu, containerDefinitions = [] }: Written,
  registered: NonNullable<ReturnType<typeof registeredAs>>,
): string | undefined {
  if (cpu !== undefined && cpu !== registered.registered.cpu) return `its cpu is not ${cpu}`;
  for (const { name, environment = [] } of containerDefinitions) {
    const has = registered.registered.containerDefinitions?.find((one) => one.name === name);
    for (const { name: variable, value } of environment) {
      const one = has?.environment?.find((each) => each.name === variable);
      if (one?.value !== value) return `${variable} of ${name} is not ${value}`;
    }
  }
  return undefined;
}

/** What another pipeline released is replaced by a person's word, and by nothing else. */
export function judgeOwner(call: CallMade, ran: string | undefined, truth: Truth, say: Say): void {
  const target = truth.target(call.target);
  const tags = ran === undefined ? undefined : registeredAs(truth, ran)?.tags;
  const release = tags && releaseIn(tags.map(({ key = '', value = '' }) => ({ key, value })));
  if (target === undefined || ran === undefined || release === undefined) return;
  if (ofPipeline(release).pipeline === target.rules.pipeline) return;
  const from = truth
    .reigns(call.target.slice('ecs/'.length))
    .findLast(({ taskDefinition }) => taskDefinition === ran)?.from;
  const isAsked = truth.trail.acts.some(
    ({ target: id, what, at }) => id === target.id && what === 'deploy' && at >= (from ?? 0),
  );
  if (isAsked) return;
  say(
    '10. what another pipeline released is not replaced without a word',
    `${nameOf(ran)} is of ${release}`,
  );
}

function registeredAs({ world }: Truth, taskDefinition: string) {
  const [family = '', revision] = nameOf(taskDefinition).split(':');
  return world.ecs.families[family]?.find((one) => one.revision === Number(revision));
}
