/** Lines of the log that something else looks for: what the code writes and what the dashboard reads are one. */

/** Its release is in its bake now; with its lead time. */
export const SERVES_EVERYBODY = 'a release serves everybody';
