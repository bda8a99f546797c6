/** Circles in a graph of imports, and how few arrows would have to go for it to have none. */

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** How many imports it stands for. */
  readonly weight: number;
}

/** Every order of so many rooms is tried; of more, each room in turn is moved to where it is best. */
const ALL_ORDERS_UP_TO = 8;

/** Sets of nodes each of which reaches every other; the largest first. A node alone is no circle. */
export function circlesIn(arrows: readonly Arrow[]): readonly (readonly string[])[] {
  const forward = neighbours(arrows, ({ from, to }) => [from, to]);
  const backward = neighbours(arrows, ({ from, to }) => [to, from]);
  const nodes = [...new Set(arrows.flatMap(({ from, to }) => [from, to]))];
  const done = new Set<string>();
  const circles: string[][] = [];
  for (const node of finishedLast(nodes, forward)) {
    if (done.has(node)) continue;
    const circle = reached(node, backward, done);
    if (circle.length > 1) circles.push(circle.toSorted());
  }
  return circles.toSorted((a, b) => b.length - a.length);
}

function neighbours(
  arrows: readonly Arrow[],
  ends: (arrow: Arrow) => readonly [string, string],
): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (const arrow of arrows) {
    const [from, to] = ends(arrow);
    map.set(from, [...(map.get(from) ?? []), to]);
  }
  return map;
}

/** Kosaraju's first pass, without recursion. */
function finishedLast(
  nodes: readonly string[],
  forward: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const seen = new Set<string>();
  const finished: string[] = [];
  for (const start of nodes) {
    if (seen.has(start)) continue;
    seen.add(start);
    const stack = [{ node: start, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = forward.get(top.node)?.[top.next++];
      if (to === undefined) {
        finished.push(top.node);
        stack.pop();
      } else if (!seen.has(to)) {
        seen.add(to);
        stack.push({ node: to, next: 0 });
      }
    }
  }
  return finished.toReversed();
}

function reached(
  start: string,
  backward: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): string[] {
  const found: string[] = [];
  const stack = [start];
  done.add(start);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    found.push(node);
    for (const to of backward.get(node) ?? []) {
      if (done.has(to)) continue;
      done.add(to);
      stack.push(to);
    }
  }
  return found;
}

/** The fewest imports that would have to go so that the nodes stand above each other. */
export function runningUp(arrows: readonly Arrow[]): readonly Arrow[] {
  return circlesIn(arrows).flatMap((circle) => {
    const inside = arrows.filter(({ from, to }) => circle.includes(from) && circle.includes(to));
    const order =
      circle.length <= ALL_ORDERS_UP_TO ? bestOf(circle, inside) : sifted(circle, inside);
    return upward(order, inside);
  });
}

/** The lowest stands first: an arrow to a later one runs up. */
function upward(order: readonly string[], arrows: readonly Arrow[]): readonly Arrow[] {
  const floor = new Map(order.map((node, i) => [node, i]));
  return arrows.filter(({ from, to }) => (floor.get(to) ?? 0) > (floor.get(from) ?? 0));
}

function cost(order: readonly string[], arrows: readonly Arrow[]): number {
  return upward(order, arrows).reduce((sum, { weight }) => sum + weight, 0);
}

function bestOf(nodes: readonly string[], arrows: readonly Arrow[]): readonly string[] {
  let best = nodes;
  let least = cost(nodes, arrows);
  for (const order of orders(nodes)) {
    const now = cost(order, arrows);
    if (now < least) [best, least] = [order, now];
  }
  return best;
}

function* orders(nodes: readonly string[]): Generator<readonly string[]> {
  if (nodes.length <= 1) yield nodes;
  for (const [i, first] of nodes.entries()) {
    if (nodes.length <= 1) return;
    for (const rest of orders(nodes.toSpliced(i, 1))) yield [first, ...rest];
  }
}

function sifted(nodes: readonly string[], arrows: readonly Arrow[]): readonly string[] {
  let order = nodes;
  for (let least = cost(order, arrows), better = true; better; ) {
    better = false;
    for (const node of nodes) {
      const others = order.filter((one) => one !== node);
      for (let i = 0; i <= others.length; i++) {
        const moved = others.toSpliced(i, 0, node);
        const now = cost(moved, arrows);
        if (now < least) [order, least, better] = [moved, now, true];
      }
    }
  }
  return order;
}
