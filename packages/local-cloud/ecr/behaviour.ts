/** How an image behaves once its container starts: part of the scenario, looked up by digest. */
export interface Behaviour {
  /** Share of requests that it answers with 5xx, 0 to 1. */
  readonly errorRate?: number;
  /** Mean response time. */
  readonly latencyMs?: number;
  /** It takes so many times as long as what behaves well. */
  readonly latencyFactor?: number;
  /** From PENDING's end to RUNNING. */
  readonly startSeconds?: number;
  /** The essential container exits with this code right after it started. */
  readonly exitCodeOnStart?: number;
  /** The essential container exits with code 1 this long after RUNNING. */
  readonly crashAfterSeconds?: number;
  /** Never passes the load balancer's (or the container's) health check. */
  readonly failsHealthCheck?: boolean;
  /** The registry refuses it: CannotPullContainerError. */
  readonly unpullable?: boolean;
  /** The kernel kills it for memory, exit code 137, this long after RUNNING. */
  readonly oomAfterSeconds?: number;
  /** From the request to stop to its end; killed with 137 at the container's stopTimeout (30 s). */
  readonly stopSeconds?: number;
  /** How a task of nobody's service ends (RunTask), by its command; `''`: without one. Else: 0 after 30 s. */
  readonly commands?: Readonly<
    Record<string, { readonly seconds?: number; readonly exitCode?: number }>
  >;
  /** `errorRate`, `latencyMs` and `latencyFactor` begin only this long after RUNNING. */
  readonly faultyAfterSeconds?: number;
  /** From there on `errorRate` grows evenly for so long, until it is what it says. */
  readonly rampSeconds?: number;
  /** And only while the task gets more requests than so many a second. */
  readonly faultyAboveRequestsPerSecond?: number;
  /** Cold caches: so many errors more from the first request on, which die away with this time constant. */
  readonly warmUp?: { readonly errorRate: number; readonly seconds: number };
  /** So many errors more for some seconds, once, this long after the first request. */
  readonly blip?: {
    readonly errorRate: number;
    readonly seconds: number;
    readonly afterSeconds: number;
  };
  /** How it behaves instead where its container has this variable with this value. */
  readonly inEnvironment?: {
    readonly name: string;
    readonly value: string;
    readonly behaves: Omit<Behaviour, 'inEnvironment'>;
  };
}
