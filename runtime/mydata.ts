/**
 * "What is kept about me": everything this device holds on the learner, for reading, taking away and clearing; and the
 * doors for a shared device. Clearing and ending a session first see to what waits: it is sent, or saved as a file.
 */
import { ask } from "./ask";
import type { Desk } from "./desk";
import { button, el, fill } from "./dom";
import { download } from "./download";
import { exported, type Exported } from "./exported";
import { switched, writeLearners, type Learners } from "./learner";
import { asidePrefix, outboxPrefix, statePrefix } from "./notebook";
import { takeBack } from "./takeback";
import { isRow } from "./parse";
import { count, say } from "./say";

export function myData(desk: Desk, learners: Learners, section: HTMLElement): void {
  const { store } = desk.book;
  const site = desk.page.site.id;
  const { current } = learners;
  const said = el("p", { role: "status", class: "my-said" });
  const kept = el("div", { class: "my-kept" });
  const all = (): Promise<Exported> => exported(store, site, current, new Date());

  const draw = async (): Promise<void> => {
    const data = await all();
    const items: string[] = [];
    let answers = 0;
    for (const [key, value] of Object.entries(data.progress)) {
      const [, what, id] = key.split(" ");
      if (what === "answer") answers++;
      if (what === "item" && isRow(value)) items.push(`${typeof value.title === "string" ? value.title : id}: ${say(`step.${String(value.state)}`)}${typeof value.scaled === "number" ? `, ${Math.floor(value.scaled * 100 + 1e-6)}%` : ""}`);
    }
    fill(kept, 
      el("h2", {}, say("my.now")),
      el("dl", { class: "facts" },
        ...fact(say("my.id"), current.id), ...fact(say("my.answers"), String(answers)),
        ...fact(say("my.waiting"), String(data.waiting.length)), ...fact(say("my.aside"), String(data.setAside.length))),
      items.length ? el("ul", { class: "my-items" }, ...items.map((line) => el("li", {}, line))) : el("p", {}, say("my.nothing")),
      el("details", {}, el("summary", {}, say("my.raw")), el("pre", { tabindex: "0" }, JSON.stringify(data, null, 2))),
    );
  };

  const name = el("input", { id: "my-name", type: "text", autocomplete: "off" });
  name.value = current.name ?? "";
  name.addEventListener("change", () => {
    const value = name.value.trim();
    const next = value ? { id: current.id, name: value } : { id: current.id };
    void writeLearners(store, site, { ...learners, current: next }).then(() => (said.textContent = say("saved")));
  });

  /** Sends what waits; what stays goes into a file. False: somebody said no. */
  const settle = async (question: string): Promise<boolean> => {
    if (!window.confirm(question)) return false;
    await desk.recorder?.send();
    const data = await all();
    if (data.waiting.length || data.setAside.length) {
      if (!window.confirm(count("my.unsent", data.waiting.length + data.setAside.length))) return false;
      download(fileName(data), data);
    }
    return true;
  };
  const wipe = async (): Promise<void> => {
    const keys: string[] = [];
    for (const prefix of [statePrefix(site, current.id), outboxPrefix(site), asidePrefix(site)]) {
      for (const [key, value] of await store.read(prefix)) if (key.includes(current.id) || owner(value) === current.id) keys.push(key);
    }
    await store.write({ drop: keys });
  };
  const file = el("input", { id: "my-file", type: "file", accept: "application/json,.json" });
  file.addEventListener("change", () => {
    void file.files?.[0]?.text().then((content) => takeBack(store, site, learners, content)).then(
      () => location.reload(), () => (said.textContent = say("my.import.failed")));
  });
  const become = async (next: Learners): Promise<void> => {
    await writeLearners(store, site, next);
    desk.otherTabs();
    location.reload();
  };

  fill(section, 
    kept, said,
    el("p", {}, button(say("my.export"), "button", () => void all().then((data) => download(fileName(data), data)))),
    el("p", {}, el("label", { for: "my-file" }, say("my.import")), " ", file),
    el("p", {}, el("label", { for: "my-name" }, say("my.name")), " ", name),
    el("h2", {}, say("my.shared")),
    el("p", {}, say("my.shared.why")),
    el("p", {},
      button(say("my.other"), "button", () => void become(switched(learners))), " ",
      button(say("my.end"), "button", () => void settle(say("my.end.sure")).then(async (sure) => {
        if (!sure) return;
        await wipe();
        // The id goes too: whoever comes next is somebody else.
        const next = switched(learners);
        await become({ current: next.current, others: next.others.filter((l) => l.id !== current.id) });
      }))),
    ...(learners.others.length ? [el("ul", { class: "my-others" }, ...learners.others.map((other) =>
      el("li", {}, button(say("my.back", { name: other.name ?? other.id.slice(0, 8) }), "link-button", () => void become(switched(learners, other.id))))))] : []),
    el("h2", {}, say("my.clear.title")),
    el("p", {}, button(say("my.clear"), "button", () => void settle(say("my.clear.sure")).then(async (sure) => {
      if (!sure) return;
      await wipe();
      location.reload();
    }))),
  );
  void ask(desk, () => void draw());
  void draw();
}

function fact(name: string, value: string): Node[] {
  return [el("div", {}, el("dt", {}, name), el("dd", {}, value))];
}

function fileName(data: Exported): string {
  return `my-learning-${data.exportedAt.slice(0, 10)}.json`;
}

function owner(value: unknown): string {
  const actor = isRow(value) && isRow(value.statement) && isRow(value.statement.actor) ? value.statement.actor : {};
  return isRow(actor.account) ? String(actor.account.name) : "";
}
