/** A way through a case study, as values: the graph of scenes, what a way earned, where two ways part. */
import type { Way } from "./notebook";

export interface Decision {
  /** Within its scene. */
  id: string;
  to: string;
  text: string;
  points: Record<string, number>;
}

export type Graph = Map<string, Decision[]>;

/** The scenes of a way, and the decision that leads from each to the next. */
export interface Path { scenes: string[]; taken?: string[] }

/** The decision that a way takes at a step; where it does not say which, the one with the most points that leads on. */
export function decisionAt(graph: Graph, path: Path, step: number): Decision | undefined {
  const next = path.scenes[step + 1];
  const there = (graph.get(path.scenes[step] ?? "") ?? []).filter((d) => d.to === next);
  return there.find((d) => d.id === path.taken?.[step]) ?? there.sort((a, b) => sum(b.points) - sum(a.points))[0];
}

/** What is left of a kept way in a case study that was edited since: up to the first decision that is no longer there. */
export function known(graph: Graph, way: Way, start: string): Way | null {
  if (way.scenes[0] !== start) return null;
  let n = 1;
  while (n < way.scenes.length && decisionAt(graph, way, n - 1)) n++;
  if (n === way.scenes.length) return way;
  // An attempt that came to its end stays as it was; there is no going on from its middle.
  return way.done ? null : { ...way, scenes: way.scenes.slice(0, n), taken: (way.taken ?? []).slice(0, n - 1) };
}

/** Points by competency. A decision counts once: going round in circles earns nothing. */
export function points(graph: Graph, path: Path): Record<string, number> {
  const out: Record<string, number> = {};
  const counted = new Set<Decision>();
  path.scenes.forEach((_, i) => {
    const taken = decisionAt(graph, path, i);
    if (!taken || counted.has(taken)) return;
    counted.add(taken);
    for (const [id, n] of Object.entries(taken.points)) out[id] = (out[id] ?? 0) + n;
  });
  return out;
}

export function sum(points: Record<string, number>): number {
  return Object.values(points).reduce((a, b) => a + b, 0);
}

export interface Fork { scene: string; yours: Decision; best: Decision }

/** The scenes in which both ways decide, and decide otherwise; the first visit of each counts. */
export function forks(graph: Graph, yours: Path, best: Path): Fork[] {
  const out: Fork[] = [];
  yours.scenes.forEach((scene, i) => {
    const a = decisionAt(graph, yours, i);
    const b = decisionAt(graph, best, best.scenes.indexOf(scene));
    if (a && b && a !== b && yours.scenes.indexOf(scene) === i) out.push({ scene, yours: a, best: b });
  });
  return out;
}

/** Share of the best way's points, 0 to 1; null where nothing can be earned. */
export function share(earned: number, most: number): number | null {
  return most > 0 ? Math.max(0, Math.min(1, earned / most)) : null;
}
