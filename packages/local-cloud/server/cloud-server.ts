/**
 * The local cloud over HTTP, without anything of its user's in it: a world that lives on by itself,
 * and the protocols of AWS. Signatures are not looked at: whoever reaches the port may do everything,
 * so it listens on this machine only unless told otherwise.
 */
import { startDynamo } from '../dynamodb/dynalite.ts';
import { DEFAULT_TARGET_GROUPS } from '../ecs/task/targets.ts';
import { deliverToQueues } from '../eventbridge/queue-targets.ts';
import type { Call, Fault } from '../kernel/call.ts';
import type { World } from '../kernel/world.ts';
import { advance, emptyWorld } from '../services.ts';
import { answererFor } from '../wire/aws.ts';
import type { Received, Reply } from '../wire/protocol.ts';
import { throttling } from '../wire/throttling.ts';
import { Beat } from './beat.ts';
import { close, createHttpServer, listen, notForAws } from './http.ts';
import { Pace } from './pace.ts';
import { warningFor } from './strangers.ts';
import { Turns } from './turns.ts';
import { Warnings } from './warnings.ts';

export interface CloudServerOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  readonly region: string;
  readonly seed: number;
  /** Virtual seconds a second; 0: time stands still. */
  readonly speed: number;
  /** How late reads of ECS may be, at most; 0 or absent: never. */
  readonly readLagMs?: number;
  readonly onWarning?: (line: string) => void;
}

export interface CloudServer {
  readonly url: string;
  /** Between two requests it may be changed: images pushed, builds planned, traffic added. */
  readonly world: World;
  /** Lets this much virtual time pass at once. */
  advance(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** The one account there is. */
export const ACCOUNT = '123456789012';
/** Of virtual time, at most, until a client gets its turn. */
const SLICE_MS = 5_000;

/** Rejects with what Node says of the port (`EADDRINUSE`). */
export async function startCloudServer(options: CloudServerOptions): Promise<CloudServer> {
  const { port, host, region, seed, speed, readLagMs = 0, onWarning = () => undefined } = options;
  // It begins now, or a client that asks for the last hour would find nothing.
  const world = emptyWorld({ now: Date.now(), seed, account: ACCOUNT, region, readLagMs });
  // Other people's services are behind target groups that nobody tuned.
  world.ecs.targetGroups = DEFAULT_TARGET_GROUPS;
  const dynamo = startDynamo();
  const warnings = new Warnings(onWarning);
  const turns = new Turns();
  const pace = new Pace(() => performance.now(), world.now, speed);
  const throttle = throttling(() => world.now);
  // While time stands still no bucket would ever fill up again.
  const fault = (call: Call): Fault => (pace.speed === 0 ? 'none' : throttle(call));

  const slice = async (until: number) => {
    const moment = Math.min(until, world.now + SLICE_MS);
    while (world.now < moment) await warnings.guard(() => advance(world, moment));
    deliverToQueues(world, (line) => warnings.tell(line));
  };
  const beat = new Beat({ world, pace, turns, slice });
  const answer = async (received: Received): Promise<Reply> => {
    const answerer = answererFor(received);
    if (answerer === undefined) return notForAws(received);
    return await turns.take(async () => {
      const reply = await answerer({ world, dynamo, onWarning, hooks: { fault } });
      deliverToQueues(world, (line) => warnings.tell(line));
      return reply;
    });
  };
  const server = createHttpServer({ answer, host, onWarning });
  const taken = await listen(server, port, host);
  const warning = warningFor(host);
  if (warning !== undefined) onWarning(warning);
  beat.start();
  return {
    url: `http://${host === '127.0.0.1' ? 'localhost' : host}:${taken}`,
    world,
    advance: (ms) => beat.advance(ms),
    stop: async () => {
      await close(server);
      beat.stop();
    },
  };
}
