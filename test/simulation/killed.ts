/** The handler is gone: whatever it had not done, it does not do. */
export class Killed extends Error {}
