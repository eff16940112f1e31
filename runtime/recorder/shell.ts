/**
 * The page that an LMS opens. An LMS's session must outlive the learner's way from page to page, so the course's pages
 * stand in a frame and this page, around it, holds the session: it opens it, lays out what was kept, only then shows the
 * course, and ends the session once, when it is left. The recorders of all LMSs use it; which one it is, `begin` knows.
 *
 * The page (themes/sopan/templates/shell.html) holds the data as JSON in #sopan-shell, an <iframe hidden>, and a
 * [role=status] for what has to be said. Where there is no session the course is shown all the same: it then keeps what
 * is learnt on the device, and says so.
 */
import { find } from "../dom";
import type { OpenRecorder } from "../happening";
import { json } from "../json";
import { say } from "../say";
import { Keep, MemoryStore } from "../store";

/** What the pages in the frame find at `window.parent.sopanShell`. */
export interface Shell {
  /** The store; it outlives page changes, so the pages use it in place of their own. */
  keep: Keep;
  /** Pseudonymous: a UUID made of what the LMS calls the learner. In a package learners are never switched. */
  learner: string;
  /** Keys of what the verdict is about, where it is not the whole course. */
  items?: string[] | undefined;
  open: OpenRecorder;
}

declare global {
  interface Window {
    sopanShell?: Shell;
    /** A page in the frame gives the words of its language: whoever reads it reads what the shell says, too. */
    sopanSpeak?: (theirs: typeof say, lang: string) => void;
  }
}

export interface ShellData {
  profile: string;
  site: { id: string; title: string };
  course: { key: string; id: string; title: string };
  /** Language -> the page it begins with. */
  langs: Record<string, string>;
  /** Key of the one module that this shell is of, and the keys of what can be finished in it; absent: the course. */
  module?: string;
  items?: string[];
  /** Addresses of the scripts that send, and of records that stay, in packages that send over the network. */
  sending?: string;
  unsent?: string;
  /** Address of the script of notebooks that do not fit as they are, in packages for SCORM. */
  packer?: string;
}

/** An LMS's session, open. */
export interface Session {
  learner: string;
  /** The languages that the learner chose in the LMS, as it says them. */
  wanted?: string[];
  /** Nothing of it is to be kept: somebody looks back at what is finished, or only looks. */
  passing?: boolean;
  /** Its notebook is that of these items alone: pages then judge by them, in the place of the whole course. */
  items?: string[] | undefined;
  /** Lays what the LMS kept into the device's store, before any page reads it. */
  restore(keep: Keep): Promise<void>;
  open: OpenRecorder;
  /** The page is left: whatever has to be said is said within this call. Called once. */
  end(): void;
}

/** Says something above the course, by its key in words/LANG.yaml, until the next call; "" takes it away. */
export type Tell = (key: string) => void;

/** `begin` gives the session, or throws where there is none. */
export async function shell(begin: (data: ShellData, tell: Tell) => Promise<Session>): Promise<void> {
  // Sopan wrote it, into this very page.
  const data = json(find("#sopan-shell")) as ShellData;
  const frame = find<HTMLIFrameElement>("iframe")!;
  const status = find("[role=status]")!;
  let told = "";
  let speak = say;
  const tell: Tell = (key) => {
    status.hidden = !(told = key);
    status.textContent = key && speak(key);
  };
  window.sopanSpeak = (theirs, lang) => {
    speak = theirs;
    status.lang = lang;
    tell(told);
  };
  let session: Session | undefined;
  try {
    session = await begin(data, tell);
    const keep = new Keep(session.passing ? [async () => new MemoryStore()] : undefined);
    await session.restore(keep);
    window.sopanShell = { keep, learner: session.learner, open: session.open, items: session.items };
  } catch (error) {
    console.warn(error);
    tell(session ? "shell.failed" : "shell.none");
  }
  addEventListener("pagehide", () => {
    // A text that is being typed is kept when its page hears that it is left. Browsers differ in whether the frame hears
    // it before us, so it is told; hearing it twice does no harm.
    try {
      frame.contentWindow!.dispatchEvent(new Event("pagehide"));
    } catch {
      // Another site's page stands in the frame.
    }
    session?.end();
    session = undefined;
  });
  // Out of the back-forward cache: the session is over, another one begins.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  frame.src = data.langs[chosen(Object.keys(data.langs), [...(session?.wanted ?? []), ...navigator.languages])] ?? "";
  // No longer that it is being opened.
  tell(told);
  frame.hidden = false;
  frame.focus();
}

/** The first wanted language that there is, by its whole tag, then by its first part; else the first there is. */
export function chosen(there: string[], wanted: readonly string[]): string {
  const parts = (lang: string): string[] => lang.toLowerCase().split(/[-_]/);
  for (const want of wanted.map(parts)) {
    const found = there.find((lang) => parts(lang).join() === want.join()) ?? there.find((lang) => parts(lang)[0] === want[0]);
    if (found) return found;
  }
  return there[0] ?? "";
}
