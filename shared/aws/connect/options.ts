/** What every wiring is given; the local AWS gives other clients' settings and another clock. */
import type { Clock, Log } from '../../ports.ts';
import type { Environment } from '../../runtime/environment.ts';
import type { Call } from './call-log.ts';
import type { ClientSettings } from './client-settings.ts';

export interface ConnectOptions {
  /** Names of the table, the queues and the bus: see `shared/runtime/environment.ts`. */
  readonly environment: Environment;
  /** One that follows what is being handled, so that a call names its cause. */
  readonly log: Log;
  readonly clock: Pick<Clock, 'now' | 'newId'>;
  readonly aws?: ClientSettings;
  readonly onCall?: (call: Call) => void;
  /** How blobs of ECR are read, from addresses that ECR signs; Node's own unless given. */
  readonly fetch?: typeof fetch;
}
