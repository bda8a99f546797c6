/** The shells that can be taught our commands. */

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
