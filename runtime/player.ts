/**
 * A case study, one scene at a time. The way so far is a row of steps that can be walked back; the browser's back button
 * walks it too. Every decision is kept and recorded; a debrief holds the way taken against the best one.
 */
import type { CaseData } from "./contract";
import type { Desk } from "./desk";
import { button, el, fill, find, findAll } from "./dom";
import { figure } from "./marking";
import type { Way } from "./notebook";
import { isRow } from "./parse";
import type { Happening, Thing } from "./happening";
import { best, points, share, sum, type Graph } from "./way";
import { say } from "./say";

export class Player {
  private readonly scenes: HTMLElement[];
  private readonly graph: Graph = new Map();
  private readonly start: string;
  private readonly path = el("ol", { class: "path" });
  private readonly of: Thing;
  private way: Way;

  constructor(private readonly box: HTMLElement, private readonly data: CaseData, private readonly desk: Desk) {
    this.scenes = findAll(".scene[data-scene]", box);
    this.start = data.start ?? this.scenes.find((s) => s.dataset.start !== undefined)?.dataset.scene ?? this.scenes[0]?.dataset.scene ?? "";
    this.of = { id: data.id, type: "case", name: data.title };
    for (const scene of this.scenes) {
      this.graph.set(scene.dataset.scene ?? "", findAll<HTMLAnchorElement>("a.decision", scene).map((a) => ({ to: target(a), points: pointsOf(a) })));
    }
    const ways = desk.book.ways(data.key);
    const last = ways[ways.length - 1];
    // A scene that was renamed since is no place to go on from.
    this.way = last && last.scenes.every((id) => this.graph.has(id)) ? last : this.begin(ways.length + 1);
    box.prepend(el("nav", { class: "path-nav", "aria-label": say("case.path") }, this.path));
    box.classList.add("is-played");
    box.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a.decision");
      if (!link) return;
      event.preventDefault();
      this.decide(target(link));
    });
    window.addEventListener("popstate", (event) => {
      const at: unknown = isRow(event.state) ? event.state.step : undefined;
      if (typeof at === "number" && at < this.way.scenes.length) this.show(at, true);
    });
    history.replaceState({ step: this.way.scenes.length - 1 }, "");
    this.show(this.way.scenes.length - 1, false);
  }

  private begin(number: number): Way {
    return { number, scenes: [this.start], startedAt: Date.now() };
  }

  private decide(to: string): void {
    // From a scene walked back to, a decision begins a new branch: the steps after it are gone.
    const scenes = [...this.way.scenes.slice(0, this.shown + 1), to];
    const { desk, data } = this;
    const from = this.way.scenes[this.shown] ?? this.start;
    const first = this.way.scenes.length === 1 && !desk.book.ways(data.key).some((w) => w.number === this.way.number);
    const about = { of: this.of, attempt: this.way.number };
    const happened: Happening[] = [];
    if (first) happened.push({ what: "initialized", ...about });
    const choices = findAll<HTMLAnchorElement>("a.decision", this.scene(from) ?? this.box).map((a) => ({ id: target(a), text: wordsOf(a) }));
    happened.push({
      what: "answered", ...about, points: sum(this.graph.get(from)?.find((d) => d.to === to)?.points ?? {}),
      question: { id: `${data.id}/${from}`, ask: this.title(from), interaction: { interactionType: "choice", choices, response: to } },
    });
    this.way = { ...this.way, scenes };
    const ending = !(this.graph.get(to)?.length);
    const most = best(this.graph, this.start).points;
    const scaled = share(sum(points(this.graph, scenes)), most);
    if (ending && !this.way.done) {
      this.way.done = true;
      if (scaled !== null) this.way.scaled = scaled;
      const marks = scaled === null ? {} : { raw: Math.max(0, sum(points(this.graph, scenes))), max: most };
      happened.push({ what: "completed", ...about, ...marks, milliseconds: Date.now() - this.way.startedAt });
    }
    const ways = [...desk.book.ways(data.key).filter((w) => w.number !== this.way.number), this.way];
    const rows = [desk.book.setWays(data.key, ways)];
    const { item } = desk.page;
    const change = { state: ending ? ("done" as const) : ("started" as const), ...(ending && scaled !== null ? { scaled } : {}) };
    void (item ? desk.keepItem(item.key, "case", change, rows, happened) : desk.keep(rows, happened));
    history.pushState({ step: scenes.length - 1 }, "");
    this.show(scenes.length - 1, true);
  }

  private shown = 0;

  /** Shows the scene at a step of the way; `move` takes the reader there. */
  private show(step: number, move: boolean): void {
    this.shown = step;
    const id = this.way.scenes[step] ?? this.start;
    for (const scene of this.scenes) scene.hidden = scene.dataset.scene !== id;
    fill(this.path, ...this.way.scenes.map((scene, i) => {
      const words = this.title(scene);
      const inside = i === step ? el("span", { "aria-current": "step" }, words) : button(words, "path-step", () => {
        history.pushState({ step: i }, "");
        this.show(i, true);
      });
      return el("li", {}, inside);
    }));
    find(".case-end", this.box)?.remove();
    const scene = this.scene(id);
    if (scene && !this.graph.get(id)?.length) scene.append(this.ending());
    if (!move || !scene) return;
    const heading = find("h2", scene);
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    // The path stays in view above the scene.
    this.path.scrollIntoView({ block: "start" });
  }

  private ending(): HTMLElement {
    const earned = points(this.graph, this.way.scenes);
    const top = best(this.graph, this.start);
    const names = this.data.names ?? {};
    const most = points(this.graph, top.scenes);
    const ids = [...new Set([...Object.keys(earned), ...Object.keys(most)])];
    const bestWay = this.way.scenes.join(" ") === top.scenes.join(" ") || sum(earned) >= top.points;
    return el("section", { class: "case-end", "aria-label": say("case.end") },
      el("h3", {}, say("case.end")),
      top.points > 0 ? el("p", {}, say(bestWay ? "case.best" : "case.score", { points: figure(sum(earned)), most: figure(top.points) })) : null,
      ids.length ? el("ul", { class: "result-competencies" }, ...ids.map((id) => el("li", {}, say("case.competency", {
        name: names[id] ?? id.replace(/-/g, " "), points: figure(earned[id] ?? 0), most: figure(most[id] ?? 0),
      })))) : null,
      el("p", {}, say("case.yours")), this.row(this.way.scenes, top.scenes),
      ...(bestWay || top.points <= 0 ? [] : [el("p", {}, say("case.other")), this.row(top.scenes, this.way.scenes)]),
      el("p", {}, button(say("case.again"), "button", () => this.again())),
      top.points > 0 ? el("p", { class: "result-self" }, say("score.self")) : null);
  }

  /** A way as a list; scenes that the other way does not pass are marked in words. */
  private row(scenes: string[], other: string[]): HTMLElement {
    return el("ol", { class: "case-way" }, ...scenes.map((id) => el("li", other.includes(id) ? {} : { class: "is-apart" }, this.title(id))));
  }

  private again(): void {
    this.way = this.begin(this.way.number + 1);
    history.pushState({ step: 0 }, "");
    this.show(0, true);
  }

  private scene(id: string): HTMLElement | undefined {
    return this.scenes.find((s) => s.dataset.scene === id);
  }

  private title(id: string): string {
    const scene = this.scene(id);
    return ((scene && find("h2", scene))?.textContent ?? id).trim();
  }
}

function target(link: HTMLAnchorElement): string {
  return decodeURIComponent(link.hash.slice(1));
}

function wordsOf(link: HTMLElement): string {
  return (link.textContent ?? "").replace(/\s+/g, " ").trim();
}

function pointsOf(link: HTMLElement): Record<string, number> {
  const out: Record<string, number> = {};
  try {
    const value: unknown = JSON.parse(link.dataset.points ?? "{}");
    if (isRow(value)) for (const [id, n] of Object.entries(value)) if (typeof n === "number") out[id] = n;
  } catch {
    // No points: a decision without a score.
  }
  return out;
}
