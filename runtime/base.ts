/** The script of every page: settings first, then what needs no memory, then the desk. Side effects start here. */
import { Desk } from "./desk";
import { find, download } from "./dom";
import { exported } from "./exported";
import { readLearners } from "./learner";
import { followLesson } from "./lesson";
import { myData } from "./mydata";
import { Notebook } from "./notebook";
import { json, parsePage } from "./parse";
import { recordsLine } from "./recordsline";
import { searchBox } from "./searchbox";
import { browser, Sender } from "./sender";
import { applySettings, settingsPanel } from "./settings";
import { Keep } from "./store";
import { languages, menu, printButton } from "./frame";
import { tabs } from "./tabs";
import { terms } from "./terms";

applySettings();
const page = parsePage(json(document.getElementById("sopan-page")));
settingsPanel();
menu();
languages();
printButton();
tabs();
terms();
searchBox(page);
window.sopan = { ready: openDesk() };

async function openDesk(): Promise<Desk> {
  const keep = new Keep();
  const site = page.site.id;
  const lock = navigator.locks;
  // Two tabs that open at once on a new device must not make two learners of one.
  const read = () => readLearners(keep, site);
  const learners = await (lock ? lock.request(`sopan learner ${site}`, read) : read());
  const learner = learners.current;
  const book = await Notebook.open(keep, site, learner.id, page.course?.key ?? "");
  // A draft is read by reviewers: nothing of it counts.
  const endpoint = page.draft ? undefined : page.records?.endpoint;
  const sender = endpoint ? new Sender(keep, site, endpoint, browser()) : null;
  const desk = new Desk(page, learner, book, sender);

  const line = recordsLine(keep, sender, endpoint ?? "", () => {
    void exported(keep, site, learner, new Date()).then((all) => download("my-learning.json", all));
  });
  desk.onSaving = line.saving;
  if (sender) {
    sender.onChange = line.draw;
    window.addEventListener("online", () => void sender.send());
    window.addEventListener("offline", line.draw);
    window.addEventListener("pagehide", () => sender.farewell());
    void sender.noticed(1000);
  }

  const refresh = async (): Promise<void> => {
    await book.reload();
    desk.draw();
    await sender?.noticed();
  };
  if ("BroadcastChannel" in window) {
    const channel = new BroadcastChannel(`sopan ${site}`);
    channel.onmessage = () => void refresh();
    desk.onKept = () => channel.postMessage("kept");
  }
  // Without a channel, and after a stay in the back-forward cache, looking again on return is enough.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) void refresh();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void refresh();
  });

  desk.draw();
  if (page.kind === "lesson") followLesson(desk);
  if (page.kind === "records") myData(desk, keep, learners, find(".my-records"));
  return desk;
}
