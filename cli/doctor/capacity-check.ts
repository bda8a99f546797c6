/** Is there room for the most tasks that a rollout may have at a time? Of Fargate the account's quota of vCPUs says it. */
import type {
  FargateClass,
  FargateVcpus,
  VcpuFacts,
} from '../../shared/aws/account/fargate-vcpus.ts';
import type { Found, ServiceFacts } from '../../shared/aws/examine.ts';
import type { Target } from '../../shared/config/config.ts';
import { type Check, failed, ok, skipped } from './check.ts';
import type { DefinitionFacts } from './definition-facts.ts';

const NAME = 'vCPUs for a rollout';
/** ECS counts 1,024 units a vCPU. (docs, task_definition_parameters: task size) */
const UNITS = 1_024;

/** Codes as `aws service-quotas list-service-quotas --service-code fargate` lists them. */
const QUOTAS: Readonly<Record<FargateClass, { readonly name: string; readonly code: string }>> = {
  FARGATE: { name: 'Fargate On-Demand', code: 'L-3032A538' },
  FARGATE_SPOT: { name: 'Fargate Spot', code: 'L-36FBB829' },
};

export function capacityCheck(
  target: Pick<Target, 'rules'>,
  service: ServiceFacts,
  definition: Pick<DefinitionFacts, 'family' | 'cpuUnits'>,
  account: { readonly vcpus: FargateVcpus; readonly region: string },
): Check {
  const { desired, runsOn } = service;
  const classes = runsOn.filter(isFargate);
  if (runsOn.length === 0) {
    return skipped(NAME, 'ECS names neither a launch type nor a capacity provider of it');
  }
  if (classes.length < runsOn.length) {
    return skipped(NAME, `it runs on ${runsOn.join(', ')}: what is left there is not asked`);
  }
  if (desired === 0) return skipped(NAME, 'it wants no tasks');
  if (definition.cpuUnits === undefined) {
    return skipped(NAME, `the task definition ${definition.family} says no cpu of a task`);
  }
  const more = mostTasks(target, service) - desired;
  if (more <= 0)
    return ok(NAME, `a rollout stops tasks before it starts others: never more than ${desired}`);
  const needs: Needs = {
    tasks: more,
    vcpus: (more * definition.cpuUnits) / UNITS,
    region: account.region,
  };
  const rooms = classes.map((name) => ({ name, seen: account.vcpus[name] }));
  return roomFor(needs, rooms, target);
}

/** Rolling, ECS rounds down (API_DeploymentConfiguration); a shift has all of both revisions until its bake is over. */
function mostTasks(
  { rules }: Pick<Target, 'rules'>,
  { desired, maximumPercent }: ServiceFacts,
): number {
  if (rules.strategy !== undefined) return 2 * desired;
  return Math.floor((desired * (rules.rollout.maximumPercent ?? maximumPercent)) / 100);
}

interface Needs {
  readonly tasks: number;
  readonly vcpus: number;
  readonly region: string;
}

interface Room {
  readonly name: FargateClass;
  readonly seen: Found<VcpuFacts>;
}

/** Of several classes how many tasks fall to each is ECS's choice: only what holds of every choice is said. */
function roomFor(needs: Needs, rooms: readonly Room[], target: Pick<Target, 'rules'>): Check {
  const known: (VcpuFacts & { readonly name: FargateClass })[] = [];
  for (const { name, seen } of rooms) {
    if (seen.state === 'unseen') return skipped(NAME, seen.because);
    if (seen.state === 'missing') {
      return skipped(
        NAME,
        `CloudWatch has no point of ${QUOTAS[name].name} vCPUs in use in the last hour`,
      );
    }
    known.push({ name, ...seen.value });
  }
  const tasks = needs.tasks === 1 ? '1 task' : `${needs.tasks} tasks`;
  const asks = `a rollout may have ${tasks} more, ${inVcpus(needs.vcpus)}`;
  const has = known
    .map(
      ({ name, used, quota }) =>
        `${short(used)} of ${short(quota)} ${QUOTAS[name].name} vCPUs are in use`,
    )
    .join(', and ');
  const says = `${asks}; ${has}`;
  const tight = known.filter((one) => left(one) < needs.vcpus);
  const [lacking] = tight;
  if (lacking === undefined) return ok(NAME, says);
  const together = known.reduce((sum, one) => sum + Math.max(0, left(one)), 0);
  if (together >= needs.vcpus) {
    const names = tight.map(({ name }) => name).join(', ');
    return skipped(
      NAME,
      `${says}: not all would fit on ${names}, and how many ECS starts there is not known before`,
    );
  }
  const then =
    target.rules.strategy === undefined
      ? 'ECS could not start all of them, and the rollout takes longer or stands still'
      : 'the new revision could not be as large as the old one, and no traffic would be shifted';
  const wanted = Math.ceil(lacking.used + needs.vcpus);
  return failed(
    NAME,
    `${says}: ${then}`,
    `aws service-quotas request-service-quota-increase --service-code fargate --quota-code ${QUOTAS[lacking.name].code} --desired-value ${wanted} --region ${needs.region}`,
  );
}

function left({ used, quota }: VcpuFacts): number {
  return quota - used;
}

function isFargate(name: string): name is FargateClass {
  return name === 'FARGATE' || name === 'FARGATE_SPOT';
}

function inVcpus(count: number): string {
  return count === 1 ? '1 vCPU' : `${short(count)} vCPUs`;
}

function short(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}
