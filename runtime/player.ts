/**
 * A case study, one scene at a time. The way so far is a row of steps that can be walked back; the browser's back button
 * walks it too. A way that came to its end is never changed: who decides otherwise after it begins a new attempt. Every
 * decision is kept and recorded.
 */
import type { CaseData } from "./contract";
import { debrief } from "./debrief";
import type { Desk } from "./desk";
import { button, el, fill, find, findAll } from "./dom";
import type { Happening, Thing } from "./happening";
import type { Way } from "./notebook";
import { isRow } from "./parse";
import { count, say } from "./say";
import { decisionAt, known, points, share, sum, type Decision, type Graph } from "./way";

export class Player {
  private readonly scenes: HTMLElement[];
  private readonly graph: Graph = new Map();
  private readonly start: string;
  private readonly path = el("ol", { class: "path" });
  private readonly said = el("p", { class: "case-said", role: "status" });
  private readonly of: Thing;
  private way: Way;
  private shown: number;

  constructor(private readonly box: HTMLElement, private readonly data: CaseData, private readonly desk: Desk) {
    this.scenes = findAll(".scene[data-scene]", box);
    this.start = data.start ?? this.scenes[0]?.dataset.scene ?? "";
    this.of = { id: data.id, type: "case", name: data.title };
    for (const scene of this.scenes) {
      this.graph.set(scene.dataset.scene ?? "", findAll<HTMLAnchorElement>("a.decision", scene).map(decisionOf));
    }
    this.way = this.last();
    this.shown = this.way.scenes.length - 1;
    box.prepend(el("nav", { class: "path-nav", "aria-label": say("case.path") }, this.path), this.said);
    box.classList.add("is-played");
    box.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a.decision");
      if (!link) return;
      event.preventDefault();
      this.decide(decisionOf(link));
    });
    window.addEventListener("popstate", (event) => {
      const at = isRow(event.state) ? event.state.step : this.stepOfAddress();
      if (typeof at === "number") this.show(Math.min(at, this.way.scenes.length - 1), true);
    });
    desk.onRefresh.push(() => {
      const now = this.last();
      if (now.number < this.way.number || (now.number === this.way.number && now.scenes.length <= this.way.scenes.length)) return;
      this.way = now; // gone on in another tab
      this.show(now.scenes.length - 1, false);
    });
    const at = this.stepOfAddress() ?? this.shown;
    history.replaceState({ step: at }, "");
    this.show(at, false);
  }

  /** The way to go on with, as the notebook has it. */
  private last(): Way {
    const ways = this.desk.book.ways(this.data.key);
    const way = ways[ways.length - 1];
    return (way && known(this.graph, way, this.start)) || { number: (way?.number ?? 0) + 1, scenes: [this.start], taken: [], startedAt: Date.now() };
  }

  /** The step of the way that the address's #scene names. */
  private stepOfAddress(): number | undefined {
    const step = this.way.scenes.lastIndexOf(decodeURIComponent(location.hash.slice(1)));
    return step < 0 ? undefined : step;
  }

  private decide(chosen: Decision): void {
    const { desk, data, way, shown } = this;
    const ahead = way.scenes.length - 1 - shown;
    if (ahead && decisionAt(this.graph, way, shown)?.id === chosen.id) return this.go(shown + 1);
    const ways = desk.book.ways(data.key);
    const anew = way.done === true;
    const next: Way = {
      number: anew ? Math.max(0, ...ways.map((w) => w.number)) + 1 : way.number,
      scenes: [...way.scenes.slice(0, shown + 1), chosen.to],
      taken: [...way.scenes.slice(0, shown).map((_, i) => decisionAt(this.graph, way, i)?.id ?? ""), chosen.id],
      startedAt: anew ? Date.now() : way.startedAt,
    };
    const about = { of: this.of, attempt: next.number };
    const happened: Happening[] = [];
    if (anew || way.scenes.length === 1) happened.push({ what: "initialized", ...about });
    // A new attempt that begins half way takes over the decisions before it.
    for (let i = anew ? 0 : shown; i <= shown; i++) happened.push(this.answered(next, i));
    const earned = sum(points(this.graph, next));
    const scaled = share(earned, data.most);
    const ending = !this.graph.get(chosen.to)?.length;
    if (ending) {
      next.done = true;
      if (scaled !== null) next.scaled = scaled;
      const marks = scaled === null ? {} : { raw: Math.max(0, Math.min(data.most, earned)), max: data.most };
      happened.push({ what: "completed", ...about, ...marks, milliseconds: Date.now() - next.startedAt });
    }
    this.way = next;
    const all = [...ways.filter((w) => w.number !== next.number), next];
    const rows = [desk.book.setWays(data.key, all)];
    const { item } = desk.page;
    // The best attempt counts.
    const best = Math.max(...all.map((w) => w.scaled ?? 0));
    const change = { state: ending ? ("done" as const) : ("started" as const), ...(ending && scaled !== null ? { scaled: best } : {}) };
    void (item ? desk.keepItem(item.key, "case", change, rows, happened) : desk.keep(rows, happened));
    this.go(shown + 1, anew ? say("case.new", { n: next.number }) : ahead ? count("case.dropped", ahead) : "");
  }

  /** A decision as it is recorded: a step of a performance, with what it earns. */
  private answered(way: Way, step: number): Happening {
    const scene = way.scenes[step] ?? "";
    const decision = decisionAt(this.graph, way, step);
    const tests = Object.keys(decision?.points ?? {});
    return {
      what: "answered", of: this.of, attempt: way.number, points: sum(decision?.points ?? {}), ...(tests.length ? { tests } : {}),
      question: {
        id: scene, ask: this.title(scene),
        interaction: { interactionType: "performance", steps: [{ id: scene, text: this.title(scene) }], response: `${scene}[.]${decision?.id ?? ""}` },
      },
    };
  }

  private go(step: number, words = ""): void {
    history.pushState({ step }, "", location.href.replace(/#.*/, ""));
    this.show(step, true, words);
  }

  /** Shows the scene at a step of the way; `move` takes the reader there. */
  private show(step: number, move: boolean, words = ""): void {
    const { way } = this;
    this.shown = step;
    const id = way.scenes[step] ?? this.start;
    for (const scene of this.scenes) scene.hidden = scene.dataset.scene !== id;
    fill(this.path, ...way.scenes.map((scene, i) => el("li", i > step ? { class: "is-ahead" } : {},
      i === step ? el("span", { "aria-current": "step" }, this.title(scene)) : button(this.title(scene), "path-step", () => this.go(i)))));
    const scene = this.scene(id);
    const ahead = way.scenes.length - 1 - step;
    const taken = ahead ? decisionAt(this.graph, way, step)?.id : undefined;
    for (const mark of findAll(".decision-taken, .case-end", this.box)) mark.remove();
    for (const link of findAll<HTMLAnchorElement>("a.decision", scene ?? this.box)) {
      if (decisionOf(link).id === taken) link.append(el("span", { class: "decision-taken" }, " ", say("case.chosen")));
    }
    fill(this.said, ...(ahead ? [say(way.done ? "case.back.done" : "case.back"), " ", button(say("case.forward"), "link-button", () => this.go(way.scenes.length - 1))] : [words]));
    if (scene && !this.graph.get(id)?.length) {
      scene.append(this.ending(scene));
      // On a phone the picture is wider than the screen: its middle is shown first.
      for (const wide of findAll(".graph-box", scene)) wide.scrollLeft = (wide.scrollWidth - wide.clientWidth) / 2;
    }
    if (!move || !scene) return;
    const heading = find("h2", scene);
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    // The path stays in view above the scene.
    this.path.scrollIntoView({ block: "start" });
  }

  private ending(scene: HTMLElement): HTMLElement {
    const { data, graph, way, desk } = this;
    return debrief({
      graph, way, best: { scenes: data.best }, most: data.most, names: data.names ?? {}, title: (id) => this.title(id),
      ways: desk.book.ways(data.key).filter((w) => w.done && known(graph, w, this.start)),
      picture: find<HTMLTemplateElement>("template[data-part=graph]", this.box), level: find("h2", scene) ? "h3" : "h2",
    }, button(say("case.again"), "button", () => this.again()));
  }

  private again(): void {
    const { desk, data } = this;
    const ways = desk.book.ways(data.key);
    this.way = { number: Math.max(0, ...ways.map((w) => w.number)) + 1, scenes: [this.start], taken: [], startedAt: Date.now() };
    void desk.keep([desk.book.setWays(data.key, [...ways, this.way])]);
    this.go(0, say("case.new", { n: this.way.number }));
  }

  private scene(id: string): HTMLElement | undefined {
    return this.scenes.find((s) => s.dataset.scene === id);
  }

  private title(id: string): string {
    const scene = this.scene(id);
    return ((scene && find("h2", scene))?.textContent ?? id).trim();
  }
}

function decisionOf(link: HTMLAnchorElement): Decision {
  const points: Record<string, number> = {};
  const value: unknown = JSON.parse(link.dataset.points || "{}");
  if (isRow(value)) for (const [id, n] of Object.entries(value)) if (typeof n === "number") points[id] = n;
  const to = decodeURIComponent(link.hash.slice(1));
  const words = Array.from(link.childNodes).filter((n) => !(n instanceof Element && n.className === "decision-taken"));
  return { id: link.dataset.decision || to, to, text: words.map((n) => n.textContent).join("").replace(/\s+/g, " ").trim(), points };
}
