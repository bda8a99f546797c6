/** Images by container, as a person names them: the tag first, the digest whole in the title. */
import type { PageImages } from '../../server/page-state.ts';
import { digestText } from '../formats.ts';
import { keyedList, make, setAttribute, setShown, setText, type View } from './patch.ts';

interface Named {
  readonly container: string;
  readonly image: PageImages[string];
  /** Said only where there are several. */
  readonly several: boolean;
}

/** `none` is said of no image at all; `shortly`: the digest only where there is no tag. */
export function imagesView(none: string, shortly = false): View<PageImages> {
  const nothing = make('span', { class: 'quiet' }, none);
  const list = make('span', { class: 'images' });
  const update = keyedList<Named>(
    list,
    ({ container }) => container,
    () => imageView(shortly),
  );
  return {
    element: make('span', {}, nothing, list),
    update(images) {
      const entries = Object.entries(images);
      setShown(nothing, entries.length === 0);
      const several = entries.length > 1;
      update(entries.map(([container, image]) => ({ container, image, several })));
    },
  };
}

function imageView(shortly: boolean): View<Named> {
  const container = make('span', { class: 'quiet' });
  const tag = make('strong', { class: 'tag' });
  const digest = make('code', { class: 'digest' });
  const element = make('span', { class: 'image' }, container, ' ', tag, ' ', digest);
  return {
    element,
    update({ container: name, image, several }) {
      setShown(container, several);
      setText(container, `${name}:`);
      setText(tag, image.tag ?? 'untagged');
      setText(digest, digestText(image.digest));
      setShown(digest, !shortly || image.tag === undefined);
      setAttribute(element, 'title', `${image.repository}@${image.digest}`);
    },
  };
}
