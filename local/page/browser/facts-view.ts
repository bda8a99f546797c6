/** What a target runs, wants and waits for, who holds it, and whether it could roll back now. */
import type { PageTarget } from '../../server/page-state.ts';
import { clockText, durationText, imageText } from '../formats.ts';
import { icon } from './icons.ts';
import { imagesView } from './image-view.ts';
import { make, setAttribute, setShown, setText, type View } from './patch.ts';

export interface TargetNow {
  readonly target: PageTarget;
  readonly now: number;
}

const QUARANTINED_SHOWN = 4;

export function factsView(): View<TargetNow> {
  const running = imagesView('nothing', true);
  const wanted = imagesView('nothing', true);
  const waiting = imagesView('nothing', true);
  const hold = make('span');
  const wayIcons = { yes: icon('check'), no: icon('cross') };
  const wayWords = make('span');
  const way = make('span', { class: 'way' }, wayIcons.yes, wayIcons.no, wayWords);
  const quarantined = make('span');
  const look = make('span');
  const quarantine = fact('Quarantined', quarantined, 'wide');
  const holdFact = fact('Held', hold);
  const element = make(
    'dl',
    { class: 'facts' },
    fact('Newest deployment', running.element),
    fact('Wanted', wanted.element),
    fact('Waits', waiting.element),
    fact('Could roll back now', way, 'wide'),
    holdFact,
    fact('Looks again', look),
    quarantine,
  );
  return {
    element,
    update({ target, now }) {
      running.update(target.running);
      wanted.update(target.wanted);
      waiting.update(target.waiting);
      setText(hold, target.hold ? `by ${target.hold.by}: ${target.hold.because}` : 'no');
      setAttribute(holdFact, 'data-held', target.hold && 'yes');
      const { possible } = target.wayBack;
      setText(wayWords, wayText(target));
      setAttribute(way, 'data-possible', possible ? 'yes' : 'no');
      setShown(quarantine, target.quarantined.length > 0);
      setText(quarantined, quarantineText(target));
      setText(look, lookText(target.lookAt, now));
    },
  };
}

function fact(name: string, value: HTMLElement, size: 'wide' | 'short' = 'short'): HTMLElement {
  return make('div', { class: size }, make('dt', {}, name), make('dd', {}, value));
}

function wayText({ wayBack, revisions }: PageTarget): string {
  if (!wayBack.possible) return `no: ${wayBack.because}`;
  const images = revisions.find(({ revision }) => revision === wayBack.to)?.images ?? {};
  const tags = Object.values(images).flatMap(({ tag }) => tag ?? []);
  return `yes, to ${wayBack.to}${tags.length === 0 ? '' : ` (${tags.join(' + ')})`}`;
}

/** The newest first. */
function quarantineText({ quarantined }: PageTarget): string {
  const shown = quarantined.slice(0, QUARANTINED_SHOWN).map(imageText).join(', ');
  const more = quarantined.length - QUARANTINED_SHOWN;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function lookText(lookAt: number | undefined, now: number): string {
  if (lookAt === undefined) return 'when something happens';
  const inTime = lookAt > now ? `in ${durationText(lookAt - now)}` : 'now';
  return `${clockText(lookAt)}, ${inTime}`;
}
