/**
 * The end of a case study: what the way earned, where it parted from the best one, in words first and then in the picture
 * of all ways. In go values and the picture's template; out comes an element.
 */
import { el, findAll } from "./dom";
import { figure } from "./marking";
import type { Way } from "./notebook";
import { say } from "./say";
import { decisionAt, forks, points, sum, type Graph, type Path } from "./way";

export interface Played {
  graph: Graph;
  way: Way;
  best: Path;
  most: number;
  /** Titles of competencies by id. */
  names: Record<string, string>;
  title(scene: string): string;
  /** All ways that came to an end. */
  ways: Way[];
  picture: HTMLTemplateElement | null;
  level: "h2" | "h3";
}

export function debrief(p: Played, again: HTMLElement): HTMLElement {
  const { graph, way, best, most, names } = p;
  const earned = points(graph, way);
  const possible = points(graph, best);
  const total = sum(earned);
  const scored = most > 0;
  const isBest = total >= most;
  const apart = isBest ? [] : forks(graph, way, best);
  const ids = Array.from(new Set([...Object.keys(earned), ...Object.keys(possible)]));
  return el("section", { class: "case-end", "aria-label": say("case.end") },
    el(p.level, {}, say("case.end")),
    scored ? el("p", {}, say(isBest ? "case.best" : "case.score", { points: figure(total), most: figure(most) })) : null,
    ids.length ? el("ul", { class: "result-competencies" }, ...ids.map((id) => el("li", {}, say("case.competency", {
      name: names[id] ?? id.replace(/-/g, " "), points: figure(earned[id] ?? 0), most: figure(possible[id] ?? 0),
    })))) : null,
    el("p", {}, say("case.yours")), steps(p, way),
    ...(scored && apart.length ? [el("p", {}, say("case.parted")), el("ul", { class: "case-forks" }, ...apart.map((f) => el("li", {},
      el("strong", {}, p.title(f.scene)), " ", say("case.fork", {
        yours: f.yours.text, points: signed(sum(f.yours.points)), best: f.best.text, most: signed(sum(f.best.points)),
      }))))] : []),
    ...(scored && !isBest ? [el("p", {}, say("case.other")), steps(p, best)] : []),
    picture(p),
    ...(p.ways.length > 1 && scored ? [
      el("p", {}, say("case.ways")),
      el("ol", {}, ...p.ways.map((w) => el("li", {}, say("case.way", { points: figure(sum(points(graph, w))), end: p.title(w.scenes[w.scenes.length - 1] ?? "") })))),
      el("p", {}, say("case.counts")),
    ] : []),
    el("p", {}, again),
    scored ? el("p", { class: "result-self" }, say("score.self")) : null);
}

/** A way as a list: each scene, and what was decided there. */
function steps(p: Played, path: Path): HTMLElement {
  return el("ol", { class: "case-way" }, ...path.scenes.map((id, i) => {
    const taken = decisionAt(p.graph, path, i);
    return el("li", {}, p.title(id), taken ? el("span", { class: "case-step" }, `: ${taken.text}`, sum(taken.points) ? ` (${signed(sum(taken.points))})` : "") : null);
  }));
}

/** The picture with the way taken marked in it. */
function picture(p: Played): HTMLElement | null {
  if (!p.picture) return null;
  const box = el("div", { class: "case-graph" });
  box.append(p.picture.content.cloneNode(true));
  for (const part of findAll<SVGElement>("svg [data-scene]", box)) {
    if (p.way.scenes.includes(part.dataset.scene ?? "")) part.classList.add("is-taken");
  }
  for (const part of findAll<SVGElement>("svg [data-decision]", box)) {
    const { from, decision } = part.dataset;
    if (p.way.scenes.some((id, i) => id === from && decisionAt(p.graph, p.way, i)?.id === decision)) part.classList.add("is-taken");
  }
  return box;
}

function signed(n: number): string {
  return n > 0 ? `+${figure(n)}` : n < 0 ? `−${figure(-n)}` : "0";
}
