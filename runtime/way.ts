/** A way through a case study, as values: the graph of scenes, what a way earned, and what the best way earns. */

export interface Decision { to: string; points: Record<string, number> }

export type Graph = Map<string, Decision[]>;

/** Points by competency of a way given by its scenes; between two scenes the first decision that leads there counts. */
export function points(graph: Graph, scenes: string[]): Record<string, number> {
  const sum: Record<string, number> = {};
  scenes.forEach((scene, i) => {
    const next = scenes[i + 1];
    const taken = graph.get(scene)?.find((d) => d.to === next);
    for (const [id, n] of Object.entries(taken?.points ?? {})) sum[id] = (sum[id] ?? 0) + n;
  });
  return sum;
}

export function sum(points: Record<string, number>): number {
  return Object.values(points).reduce((a, b) => a + b, 0);
}

/** The way with the most points that visits no scene twice; of equals, the shorter. Case studies are small: all ways are walked. */
export function best(graph: Graph, start: string): { scenes: string[]; points: number } {
  let found = { scenes: [start], points: -Infinity };
  let steps = 0;
  const walk = (scene: string, path: string[], earned: number): void => {
    // A bound against a graph that is no case study any more.
    if (++steps > 200_000) return;
    const ways = graph.get(scene) ?? [];
    if (!ways.length && (earned > found.points || (earned === found.points && path.length < found.scenes.length))) {
      found = { scenes: path, points: earned };
    }
    for (const way of ways) {
      if (!path.includes(way.to)) walk(way.to, [...path, way.to], earned + sum(way.points));
    }
  };
  walk(start, [start], 0);
  return found.points === -Infinity ? { scenes: [start], points: 0 } : found;
}

/** Share of the best way's points, 0 to 1; null where nothing can be earned. */
export function share(earned: number, most: number): number | null {
  return most > 0 ? Math.max(0, Math.min(1, earned / most)) : null;
}
