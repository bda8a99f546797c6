/** How fast virtual time passes: shown as the server has it, changed by asking the server. */
import type { PageState } from '../../server/page-state.ts';
import { speedText } from '../formats.ts';
import { SPEEDS, slowerOrFaster } from '../speeds.ts';
import { advanceBy, changeSpeed } from './control.ts';
import { byId, make, setShown, setText } from './patch.ts';

export interface SpeedControl {
  update(state: PageState): void;
  pauseOrGoOn(): void;
  slower(): void;
  faster(): void;
}

export function startSpeed(): SpeedControl {
  const choices = byId('speeds');
  const problem = byId('speed-problem');
  const other = byId('speed-other');
  const inputs = new Map(SPEEDS.map((speed) => [speed, choice(speed)]));
  let speed: number | undefined;
  /** What time goes on with after a pause. */
  let before = 1;
  /** Asked for, and not answered yet: what the server says meanwhile is old. */
  let asked = 0;

  function choice(value: number): HTMLInputElement {
    const input = make('input', { type: 'radio', name: 'speed', value: String(value) });
    const name = value === 0 ? 'Pause' : speedText(value);
    input.addEventListener('change', () => ask(value));
    choices.append(make('label', {}, input, make('span', {}, name)));
    return input;
  }

  function show(): void {
    for (const [value, input] of inputs) input.checked = value === speed;
    // A speed that was given on the command line.
    setShown(other, speed !== undefined && !inputs.has(speed));
    setText(other, speedText(speed ?? 0));
  }

  function ask(wanted: number): void {
    if (speed !== undefined && speed > 0) before = speed;
    speed = wanted;
    asked += 1;
    show();
    attempt(changeSpeed(wanted)).finally(() => {
      asked -= 1;
    });
  }

  async function attempt(doing: Promise<void>): Promise<void> {
    try {
      await doing;
      setShown(problem, false);
    } catch (error) {
      setText(problem, `Not done: ${error instanceof Error ? error.message : String(error)}`);
      setShown(problem, true);
    }
  }

  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-advance]')) {
    button.addEventListener('click', async () => {
      button.setAttribute('aria-busy', 'true');
      await attempt(advanceBy(Number(button.dataset.advance)));
      button.removeAttribute('aria-busy');
    });
  }

  return {
    update(state) {
      if (asked > 0 || state.speed === speed) return;
      speed = state.speed;
      show();
    },
    pauseOrGoOn: () => ask(speed === 0 ? before : 0),
    slower: () => ask(slowerOrFaster(speed ?? 1, -1)),
    faster: () => ask(slowerOrFaster(speed ?? 1, 1)),
  };
}
