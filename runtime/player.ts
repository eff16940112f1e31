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
  private readonly scenes_: HTMLElement[];
  private readonly graph_: Graph = new Map();
  private readonly start_: string;
  private readonly path_ = el("ol", { class: "path" });
  private readonly said_ = el("p", { class: "case-said", role: "status" });
  private readonly of_: Thing;
  private way_: Way;
  private shown_: number;

  constructor(private readonly box_: HTMLElement, private readonly data_: CaseData, private readonly desk_: Desk) {
    this.scenes_ = findAll(".scene[data-scene]", box_);
    this.start_ = data_.start ?? this.scenes_[0]?.dataset.scene ?? "";
    this.of_ = { id: data_.id, type: "case", name: data_.title };
    for (const scene of this.scenes_) {
      this.graph_.set(scene.dataset.scene ?? "", findAll<HTMLAnchorElement>("a.decision", scene).map(decisionOf));
    }
    this.way_ = this.last_();
    this.shown_ = this.way_.scenes.length - 1;
    box_.prepend(el("nav", { class: "path-nav", "aria-label": say("case.path") }, this.path_), this.said_);
    box_.classList.add("is-played");
    box_.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a.decision");
      if (!link) return;
      event.preventDefault();
      this.decide_(decisionOf(link));
    });
    window.addEventListener("popstate", (event) => {
      const at = isRow(event.state) ? event.state.step : this.stepOfAddress_();
      if (typeof at === "number") this.show_(Math.min(at, this.way_.scenes.length - 1), true);
    });
    desk_.onRefresh.push(() => {
      const now = this.last_();
      if (now.number < this.way_.number || (now.number === this.way_.number && now.scenes.length <= this.way_.scenes.length)) return;
      this.way_ = now; // gone on in another tab
      this.show_(now.scenes.length - 1, false);
    });
    const at = this.stepOfAddress_() ?? this.shown_;
    history.replaceState({ step: at }, "");
    this.show_(at, false);
  }

  /** The way to go on with, as the notebook has it. */
  private last_(): Way {
    const ways = this.desk_.book.ways(this.data_.key);
    const way = ways[ways.length - 1];
    return (way && known(this.graph_, way, this.start_)) || { number: (way?.number ?? 0) + 1, scenes: [this.start_], taken: [], startedAt: Date.now() };
  }

  /** The step of the way that the address's #scene names. */
  private stepOfAddress_(): number | undefined {
    const step = this.way_.scenes.lastIndexOf(decodeURIComponent(location.hash.slice(1)));
    return step < 0 ? undefined : step;
  }

  private decide_(chosen: Decision): void {
    const { desk_: desk, data_: data, way_: way, shown_: shown } = this;
    const ahead = way.scenes.length - 1 - shown;
    if (ahead && decisionAt(this.graph_, way, shown)?.id === chosen.id) return this.go_(shown + 1);
    const ways = desk.book.ways(data.key);
    const anew = way.done === true;
    const next: Way = {
      number: anew ? Math.max(0, ...ways.map((w) => w.number)) + 1 : way.number,
      scenes: [...way.scenes.slice(0, shown + 1), chosen.to],
      taken: [...way.scenes.slice(0, shown).map((_, i) => decisionAt(this.graph_, way, i)?.id ?? ""), chosen.id],
      startedAt: anew ? Date.now() : way.startedAt,
    };
    const about = { of: this.of_, attempt: next.number };
    const happened: Happening[] = [];
    if (anew || way.scenes.length === 1) happened.push({ what: "initialized", ...about });
    // A new attempt that begins half way takes over the decisions before it.
    for (let i = anew ? 0 : shown; i <= shown; i++) happened.push(this.answered_(next, i));
    const earned = sum(points(this.graph_, next));
    const scaled = share(earned, data.most);
    const ending = !this.graph_.get(chosen.to)?.length;
    if (ending) {
      next.done = true;
      if (scaled !== null) next.scaled = scaled;
      const marks = scaled === null ? {} : { raw: Math.max(0, Math.min(data.most, earned)), max: data.most };
      happened.push({ what: "completed", ...about, ...marks, milliseconds: Date.now() - next.startedAt });
    }
    this.way_ = next;
    const all = [...ways.filter((w) => w.number !== next.number), next];
    const rows = [desk.book.setWays(data.key, all)];
    const { item } = desk.page;
    // The best attempt counts.
    const best = Math.max(...all.map((w) => w.scaled ?? 0));
    const change = { state: ending ? ("done" as const) : ("started" as const), ...(ending && scaled !== null ? { scaled: best } : {}) };
    void (item ? desk.keepItem(item.key, "case", change, rows, happened) : desk.keep(rows, happened));
    this.go_(shown + 1, anew ? say("case.new", { n: next.number }) : ahead ? count("case.dropped", ahead) : "");
  }

  /** A decision as it is recorded: a step of a performance, with what it earns. */
  private answered_(way: Way, step: number): Happening {
    const scene = way.scenes[step] ?? "";
    const decision = decisionAt(this.graph_, way, step);
    const tests = Object.keys(decision?.points ?? {});
    return {
      what: "answered", of: this.of_, attempt: way.number, points: sum(decision?.points ?? {}), ...(tests.length ? { tests } : {}),
      question: {
        id: scene, ask: this.title_(scene),
        interaction: { interactionType: "performance", steps: [{ id: scene, text: this.title_(scene) }], response: `${scene}[.]${decision?.id ?? ""}` },
      },
    };
  }

  private go_(step: number, words = ""): void {
    history.pushState({ step }, "", location.href.replace(/#.*/, ""));
    this.show_(step, true, words);
  }

  /** Shows the scene at a step of the way; `move` takes the reader there. */
  private show_(step: number, move: boolean, words = ""): void {
    const { way_: way } = this;
    this.shown_ = step;
    const id = way.scenes[step] ?? this.start_;
    for (const scene of this.scenes_) scene.hidden = scene.dataset.scene !== id;
    fill(this.path_, ...way.scenes.map((scene, i) => el("li", i > step ? { class: "is-ahead" } : {},
      i === step ? el("span", { "aria-current": "step" }, this.title_(scene)) : button(this.title_(scene), "path-step", () => this.go_(i)))));
    const scene = this.scene_(id);
    const ahead = way.scenes.length - 1 - step;
    const taken = ahead ? decisionAt(this.graph_, way, step)?.id : undefined;
    for (const mark of findAll(".decision-taken, .case-end", this.box_)) mark.remove();
    for (const link of findAll<HTMLAnchorElement>("a.decision", scene ?? this.box_)) {
      if (decisionOf(link).id === taken) link.append(el("span", { class: "decision-taken" }, " ", say("case.chosen")));
    }
    fill(this.said_, ...(ahead ? [say(way.done ? "case.back.done" : "case.back"), " ", button(say("case.forward"), "link-button", () => this.go_(way.scenes.length - 1))] : [words]));
    if (scene && !this.graph_.get(id)?.length) {
      scene.append(this.ending_(scene));
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
    this.path_.scrollIntoView({ block: "start" });
  }

  private ending_(scene: HTMLElement): HTMLElement {
    const { data_: data, graph_: graph, way_: way, desk_: desk } = this;
    return debrief({
      graph, way, best: { scenes: data.best }, most: data.most, names: data.names ?? {}, title: (id) => this.title_(id),
      ways: desk.book.ways(data.key).filter((w) => w.done && known(graph, w, this.start_)),
      picture: find<HTMLTemplateElement>("template[data-part=graph]", this.box_), level: find("h2", scene) ? "h3" : "h2",
    }, button(say("case.again"), "button", () => this.again_()));
  }

  private again_(): void {
    const { desk_: desk, data_: data } = this;
    const ways = desk.book.ways(data.key);
    this.way_ = { number: Math.max(0, ...ways.map((w) => w.number)) + 1, scenes: [this.start_], taken: [], startedAt: Date.now() };
    void desk.keep([desk.book.setWays(data.key, [...ways, this.way_])]);
    this.go_(0, say("case.new", { n: this.way_.number }));
  }

  private scene_(id: string): HTMLElement | undefined {
    return this.scenes_.find((s) => s.dataset.scene === id);
  }

  private title_(id: string): string {
    const scene = this.scene_(id);
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
