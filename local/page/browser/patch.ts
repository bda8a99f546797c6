/**
 * The page's few ways to touch the document. What is there is patched, not rebuilt, so that focus,
 * selection and scrolling stay. Texts are set as text, never as HTML.
 */

export interface View<T> {
  readonly element: HTMLElement;
  update(item: T): void;
  /** When it is taken out. */
  end?(): void;
}

type Child = Node | string;
type Attributes = Readonly<Record<string, string>>;

export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Undefined takes the attribute away. */
export function setAttribute(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Shown or not; what is hidden is hidden from everybody. */
export function setShown(element: HTMLElement, shown: boolean): void {
  if (element.hidden === shown) element.hidden = !shown;
}

/** The element of the skeleton with this id. Throws if index.html has none. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`index.html has no element "${id}"`);
  return element as T;
}

/** A view for each item, kept by its key, in the order of the items. */
export function keyedList<T>(
  parent: HTMLElement,
  keyOf: (item: T) => unknown,
  viewOf: (item: T) => View<T>,
): (items: readonly T[]) => void {
  const views = new Map<unknown, View<T>>();
  return (items) => {
    const keys = new Set(items.map(keyOf));
    for (const [key, view] of views) {
      if (keys.has(key)) continue;
      view.element.remove();
      view.end?.();
      views.delete(key);
    }
    let next = parent.firstElementChild;
    for (const item of items) {
      const key = keyOf(item);
      const view = views.get(key) ?? viewOf(item);
      views.set(key, view);
      view.update(item);
      if (view.element === next) next = next.nextElementSibling;
      else parent.insertBefore(view.element, next);
    }
  };
}
