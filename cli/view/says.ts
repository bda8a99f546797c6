/** A failed question in a line: a page is no place for a stack. */
export function says(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
