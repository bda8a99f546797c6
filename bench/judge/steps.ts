/** The steps of ECS's LINEAR strategy, in percent of the traffic. */
export function linear(percent: number): readonly number[] {
  return Array.from({ length: Math.ceil(100 / percent) }, (_, i) =>
    Math.min(100, percent * (i + 1)),
  );
}
