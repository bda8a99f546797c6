/** A command: its arguments in, an exit code out. What it throws as `UsageError` was asked wrongly. */
export type Command = (args: readonly string[]) => Promise<number>;
