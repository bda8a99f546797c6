/** When a release was on its way, watched, or on its way back: the shades behind the lines of a chart. */

export type ShadeKind = 'rollout' | 'bake' | 'way-back';

export interface Shade {
  readonly from: number;
  readonly to: number;
  readonly kind: ShadeKind;
}

/** What a decision led to. */
export interface PhaseStep {
  readonly at: number;
  readonly phase: string;
}

/** `steps` oldest first. Each phase lasts until the next step; the last one until the span ends. */
export function shadesOf(
  steps: readonly PhaseStep[],
  span: { readonly from: number; readonly to: number },
): readonly Shade[] {
  const shades: Shade[] = [];
  for (const [i, { at, phase }] of steps.entries()) {
    const kind = shadeOf(phase);
    const from = Math.max(at, span.from);
    const to = Math.min(steps[i + 1]?.at ?? span.to, span.to);
    if (kind === undefined || from >= to) continue;
    const last = shades.at(-1);
    if (last?.kind === kind && last.to === from) shades[shades.length - 1] = { ...last, to };
    else shades.push({ from, to, kind });
  }
  return shades;
}

function shadeOf(phase: string): ShadeKind | undefined {
  if (isWayBack(phase)) return 'way-back';
  if (phase === 'deploying') return 'rollout';
  return phase === 'baking' || phase === 'watching' ? 'bake' : undefined;
}

export function isWayBack(phase: string): boolean {
  return phase.startsWith('rolling-back');
}
