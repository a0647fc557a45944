/** The heaviest set of pairs in which both sides rise: the common order of two versions. */

export interface Weighted {
  readonly old: number;
  readonly new: number;
  readonly weight: number;
}

/** In: pairs, and how many positions the new side has. Out: the heaviest strictly rising chain. Time: n log n. */
export function heaviestChain<E extends Weighted>(edges: readonly E[], positions: number): E[] {
  const sorted = [...edges].sort((left, right) => left.old - right.old || right.new - left.new);
  const totals = new Float64Array(sorted.length);
  const previous = new Int32Array(sorted.length).fill(-1);
  const tree = new Int32Array(positions + 2).fill(-1);
  const better = (left: number, right: number): boolean =>
    left >= 0 && (right < 0 || (totals[left] as number) > (totals[right] as number));
  let last = -1;
  for (const [at, edge] of sorted.entries()) {
    let best = -1;
    for (let node = edge.new; node > 0; node -= node & -node) {
      const candidate = tree[node] as number;
      if (better(candidate, best)) best = candidate;
    }
    previous[at] = best;
    totals[at] = edge.weight + (best < 0 ? 0 : (totals[best] as number));
    for (let node = edge.new + 1; node < tree.length; node += node & -node) {
      if (better(at, tree[node] as number)) tree[node] = at;
    }
    if (better(at, last)) last = at;
  }
  const chain: E[] = [];
  for (let at = last; at >= 0; at = previous[at] as number) chain.push(sorted[at] as E);
  return chain.reverse();
}
