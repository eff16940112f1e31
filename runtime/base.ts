/** The script of every page: first what needs no memory, then the desk. Side effects start here. */
import type { PageData } from "./contract";
import { Desk } from "./desk";
import { find } from "./dom";
import { languages, printButton, searchOnDemand } from "./frame";
import { readLearners } from "./learner";
import { oneByOne } from "./lock";
import { Notebook } from "./notebook";
import { json, parseCourse, parsePage } from "./parse";
import { recordsLine } from "./recordsline";
import type { Shell } from "./recorder/shell";
import { settingsPanel } from "./settings";
import { Keep } from "./store";
import { say } from "./say";

const data = json(document.getElementById("sopan-page"));
// The shell of a package has none: it takes from this script what scripts share (shared.ts), and is no page to learn from.
if (data) begin(parsePage(data));

function begin(page: PageData): void {
  settingsPanel();
  languages(page.item?.key ?? page.kind);
  printButton();
  searchOnDemand(page);
  // An earlier script that did not come may have taken it away.
  document.documentElement.classList.add("js");
  window.sopan = { page, ready: openDesk(page) };
}

/** The shell around a page of a package. Without one, and where the window above is a stranger's, the page works as on a site. */
function shellAround(lang: string): Shell | undefined {
  try {
    const { sopanShell, sopanSpeak } = window.parent;
    sopanSpeak?.(say, lang);
    return sopanShell;
  } catch {
    return undefined;
  }
}

async function openDesk(page: PageData): Promise<Desk> {
  const shell = page.host ? shellAround(page.lang) : undefined;
  const keep = shell?.keep ?? new Keep();
  const site = page.site.id;
  const { locks } = navigator as { locks?: LockManager };
  // Two tabs that open at once on a new device must not make two learners of one.
  const current = (): Promise<string> => readLearners(keep, site).then((learners) => learners.current.id);
  const learner = shell?.learner ?? await oneByOne(locks, `sopan learner ${site}`, 2000, current);
  const course = page.course;
  const book = await Notebook.open(keep, site, learner, course?.key ?? "");
  // The course's and the recorder's scripts stand behind this one.
  await window.sopanBoot.loaded;
  if (course) Object.assign(course, parseCourse(window.sopanCourse, course.complete.pass));
  const only = shell?.items;
  if (course && only) course.items = course.items.filter(({ key }) => only.includes(key));
  // A draft is read by reviewers: nothing of it counts.
  const endpoint = page.draft ? undefined : shell ? "" : page.records?.endpoint;
  const open = shell ? shell.open : window.sopanRecorder;
  const recorder = (endpoint !== undefined && open?.({
    id: site, lang: page.lang, learner, endpoint, store: keep,
    ...(course ? { course: { id: course.id, type: "course", name: course.title } } : {}),
  })) || null;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`sopan ${site}`) : null;
  const desk = new Desk(page, book, recorder, recordsLine(keep, recorder), () => channel?.postMessage(""));

  const refresh = async (): Promise<void> => {
    // Somebody else is learning now, or the session was ended, in another tab.
    if (!shell && !keep.moved && (await current()) !== learner) return location.reload();
    await book.reload();
    desk.draw();
    for (const redraw of desk.onRefresh) redraw();
    recorder?.kept();
  };
  if (channel) channel.onmessage = () => void refresh();
  // Without a channel, and after a stay in the back-forward cache, looking again on return is enough.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) void refresh();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void refresh();
  });

  const alone = find(".no-platform");
  if (alone) alone.hidden = !!shell;
  desk.settle();
  return desk;
}
