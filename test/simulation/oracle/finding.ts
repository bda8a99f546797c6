/** What an oracle says: which rule of `house.md`, of which target, and the facts. */
export interface Finding {
  readonly rule: Rule;
  readonly target: string;
  readonly at: number;
  readonly facts: string;
}

/** The rules that the world judges, and by what. Each begins with the number of the house's sentence. */
export const JUDGED_BY = {
  '1. whoever changes AWS has just seen that the record is still its own':
    'the call before each of ours that changes AWS',
  '1. no call is begun that the end of its time would cut':
    "of the handler's thirty seconds, what was left when it chose to call",
  '1. ECS is asked once a minute to stop':
    'the calls that stop one deployment of the service, of handlers that nothing held up',
  '1. what a late call of ours made so does not stay':
    'each of our deployments that began with a quarantined digest, and when it went',
  '2. no quarantined digest is started': 'digests of the task definition in each `UpdateService`',
  '2. what was rolled back is quarantined':
    'the items of the quarantine, when a rollback is announced',
  '2. at rest no quarantined digest runs untold':
    'what runs hours after the last fault, and what was announced',
  '3. a bad release does not stay':
    'for each of our deployments: when an alarm rose or tasks failed in it, and when it went',
  '3. what speaks against a release is acted upon at once':
    'where nothing is ill: a call of ours within four minutes of the evidence',
  '3. a bad release whose last data lie in its bake does not stay':
    'the same, for an alarm that tells late of data in the bake',
  '3. a bad release keeps no traffic':
    'where traffic is shifted: the weights of the rule, when the time for the way back is over',
  '3. a share grows only when its alarms have judged the one before':
    'each change of the weights by ECS in a deployment of ours, the one before, the time its alarms take, and whether one of them is red',
  '3. a way back waits for no hook':
    'the hooks of each rollout back, and what ours told ECS when that took the traffic back',
  '3. after a way back one revision has all of the traffic':
    'the weights of the rule when each deployment has ended, who changed them last, and whether our call came over traffic that was split',
  '3. a share is judged for as long as the method says':
    'where the judge holds each step: how long a share was there before it grew',
  '3. no share of what is plainly worse grows':
    'what the load balancer counted of both in the same minutes, ten points more than what is healthy, when a share grows',
  '3. what is plainly worse than what ran before goes at once':
    'the same, where nothing is ill: when it could be read, and when the deployment went',
  '3. what was never measured gets no more, unless the config says so':
    'who read CloudWatch since a minute of it could be read, when a share grows',
  '3. no share grows while both suffer, until that is inconclusive':
    'outages of what every revision asks, and what the load balancer counted of the old one in them, when a share grows',
  '3. a share with too few requests waits for as long as the config says':
    'the requests of a first share, and how long it was there before it grew',
  '4. a rollback goes to what the world proves':
    'what succeeded, baked, and had nothing against it in ECS and CloudWatch',
  '4. a rollback goes to the newest that can be had':
    'the newest of those whose revision and images still exist',
  '4. a rollback is given up only where nothing can be had':
    'what is proven, and whose images ECR still has, when it is said that there is nothing',
  '4. a rollback goes where a person said': 'what the person named',
  '4. ECS may return only to what the world proves':
    "breaker and alarms of each rollout forward, against ECS's last completed deployment",
  '4. a rollback is not undone by ECS': 'breaker and alarms of each rollout back',
  '5. what no evidence speaks against is never quarantined':
    "alarms, failed tasks, lateness or a person's word against that image",
  '5. what the judge condemns was worse than what ran before':
    'what each image was made to fail, when it is quarantined by the word of the judge',
  '5. an outage of both condemns nobody':
    'outages of what every revision asks, in which the old one was counted to suffer: who is quarantined in them and answers well',
  '5. what could not be compared is quarantined only when what ran before was well after it':
    'whether both were counted in the same minutes; if not, what ran before was in the minutes after it',
  '5. what was returned alone, and was worse, is quarantined in the end':
    'where nothing is ill: what each image was made to fail, twenty minutes after it was returned',
  '5. what stays when a person rolls back is not quarantined':
    'the images of every proven release that could be gone back to',
  '5. our hook refuses only what something speaks against':
    'each FAILED that ECS hears: alarms, failed tasks, a person, or an edited rule, since that deployment began',
  '6. only what its scan lets through is started':
    "ECR's scan of each image that comes with a rollout and never ran before",
  '6. only what is signed is started':
    "cosign's tag beside each image that comes with a rollout and never ran before",
  '6. what another target must prove first starts only when it has':
    'when that other service proved the digest in ECS, the time it had to stand there since, and whether a person said so',
  '6. what another target has proven comes':
    'at rest: the newest image, when that other service proved it, and what runs here',
  '6. only what was built from its branch is started':
    'which build made an image, and whether the branch ever pointed to its commit',
  '6. only what its branch has is built':
    "for each build, GitHub's branch when it began: that commit, or one that follows it",
  '6. the head of a built branch is built':
    "hours after the last fault, what GitHub's branch points to, and CodeBuild's builds",
  '6. only what its branch has is taken':
    "when an image that others built is said to be taken: GitHub's branch then",
  '6. the image of the head of a branch runs, or a person is told':
    "hours after the last fault: the newest image that others built of what GitHub's branch points to, and what ran since it stands",
  '6. an image starts with the task definition of its commit':
    'the file in git at the commit of each image that others built, against the revision that is started',
  '6. a fix runs in the end': 'a good image that is pushed when all is calm again',
  '6. the newest good image runs': 'a scene in which nobody but AWS disturbed it',
  '6. a fix is not held by the outage that it mends':
    'where nothing is ill: outages of what every revision asks that were there long before it, and each share that stays for longer than one is held',
  '6. what ran before us is adopted': 'what ran when the world began',
  '7. an older push never replaces a newer one': 'when ECR took each image',
  '7. an older commit never replaces a newer one':
    'what the branch pointed to, and until when, of each commit that was built',
  '7. what a person deployed is not replaced by what had its turn':
    "persons' words, and which image ran before them",
  '7. what a person lifts does not start by itself':
    'pushes and words about a digest since its quarantine was lifted',
  '8. proven is true': "ECS's status, the bake since, its alarms and its tasks",
  '8. rolled back is said when it is': "ECS's status of the deployment that was put back",
  '8. the end of a release is told':
    'for each revision that we registered, what was announced of its images after it',
  '8. what is told of tasks is true': 'the tasks that failed',
  '8. the alarm that is named rose when it is said': "CloudWatch's history",
  '8. what is said to run, runs': 'the PRIMARY deployment and the tasks',
  '8. who is said to have deployed, did': 'whose call made each deployment',
  '8. what a commit is told is true':
    "the newest status that GitHub would show of a commit, against CodeBuild's builds of it",
  '8. what becomes of an image that others built is told':
    'hours after the last fault: each image that says a commit of the repository, and what was announced of it',
  '8. what is said of an image that others built is true':
    "when an image is said to be of a commit that the branch does not have: GitHub's branch then",
  '8. what is said of the traffic is true':
    'the weights of the rule: the share that a sentence names, and that all of it is where what is proven, or back, has its tasks',
  '8. a share that is held for long is told':
    'where nothing is ill: each share of the weights that stays for longer than one is held, and what was announced then',
  '8. the counts that are told are those of the load balancer':
    'every count of requests in a sentence of the judge, against what the target groups were asked and failed by the minute',
  '8. traffic that stays split is told with the command that mends it':
    'the same, where the call was not ours or came late: what was announced within twelve minutes (eighteen where anything may be late), by the rule that it names and the weights',
  '8. a rule that somebody changes in a shift is told':
    'where nothing is ill: whose change of the weights no step of the strategy explains, and what was announced within five minutes',
  '8. what is advised works': 'a scene follows the last advice, word for word',
  '9. evidence older than a release never speaks against it':
    "CloudWatch's history, and which alarms were muted",
  '9. nothing is built twice for nothing': "CodeBuild's builds of one commit of a branch",
  '9. a build that a newer commit makes needless is stopped':
    'where nothing is ill, and the config says so: when a newer commit was heard of',
  '9. the next release waits for the alarm that condemned the last one':
    "CloudWatch's history since the rollback, at most a bake long",
  '10. nothing is changed while a person holds the target': 'what persons said before each call',
  '10. while a person holds it, no share grows':
    'each change of the weights by ECS in a deployment of ours, and what persons said before it',
  '10. no share grows without the word that the config wants':
    'each time that our hook tells ECS to go on to that step, and what persons said since the rollout began',
  '10. nothing is changed while the account is stopped': 'the same',
  '10. nothing starts in a freeze, unless a person says so':
    'the windows of the config at each call, by the clock of their zone, and what persons said of that image',
  '10. nothing is changed in watch mode, or without the config': 'the config at each call',
  '10. a judge that only watches changes nothing':
    'what speaks against an image that is quarantined beside what its judge may only say',
  '10. what another pipeline released is not replaced without a word':
    "the tag of the revision that ran before each rollout of ours, and persons' words",
  '10. what somebody else deployed is never fought': 'whose deployment each of ours replaces',
  '10. what somebody else deploys is waited for':
    'whether theirs is still rolling out when we start, and neither its tasks nor an alarm speak against it',
} as const;

export type Rule = keyof typeof JUDGED_BY;

export const RULES = Object.keys(JUDGED_BY) as readonly Rule[];

export function describeFinding({ rule, target, at, facts }: Finding): string {
  return `${rule}: ${target} at ${new Date(at).toISOString().slice(11, 19)}: ${facts}`;
}
