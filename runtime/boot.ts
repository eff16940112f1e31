/**
 * The script that runs before a page is painted: the learner's settings, the menu, and the way to all other scripts. The
 * theme shows what needs script (`.scripted`) from the first paint on, so that nothing moves when the others arrive:
 * those of a reading page come after its load event, and cost the first view nothing.
 */
import { menu } from "./menu";
import { apply, applySettings, preferred, type Setting } from "./preference";

/** What the boot script leaves to those that follow. */
export interface Boot {
  /** Asks for a script or style sheet of the site; false where it does not come. */
  load(address: string): Promise<boolean>;
  /** All scripts of the page are there, or did not come. */
  loaded: Promise<unknown>;
  preferred(name: Setting): string;
  apply(name: Setting, value: string): void;
}

declare global {
  interface Window {
    sopanBoot: Boot;
  }
}

/** The little of Trusted Types that is used; TypeScript's DOM library does not know it yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): string };
}

const root = document.documentElement;
const then = document.currentScript?.dataset.then;
const types = (window as { trustedTypes?: TrustedTypes }).trustedTypes;

/** The page's policy asks that script addresses are vouched for. This one vouches for the site's own files only. */
const policy = types?.createPolicy("sopan", {
  createScriptURL(wanted) {
    const at = new URL(wanted, document.baseURI);
    if (at.protocol !== location.protocol || at.host !== location.host) throw new TypeError("not ours");
    return at.href;
  },
});

function load(address: string): Promise<boolean> {
  return new Promise((done) => {
    const element = document.createElement(address.endsWith(".css") ? "link" : "script");
    element.onload = () => done(true);
    element.onerror = () => done(false);
    if (element instanceof HTMLLinkElement) {
      element.rel = "stylesheet";
      element.href = address;
    } else {
      // In the order of asking, and no module: from a disk only classic scripts run.
      element.async = false;
      (element as { src: unknown }).src = policy ? policy.createScriptURL(address) : address;
    }
    document.head.append(element);
  });
}

const loaded = then === undefined
  ? new Promise((done) => document.addEventListener("DOMContentLoaded", done))
  : new Promise((late) => {
    window.addEventListener("load", () => setTimeout(late));
    // A picture that never comes does not hold them up for ever.
    setTimeout(late, 15_000);
  }).then(() => Promise.all(then.split(" ").map(load)));

window.sopanBoot = { load, loaded, preferred, apply };
root.classList.add("js");
// Without the base script the page is one without script.
window.addEventListener("error", (event) => {
  if (event.target instanceof HTMLScriptElement && !window.sopan) root.classList.remove("js");
}, true);
// No form is sent anywhere: one that is submitted before its script is there must not leave the page.
window.addEventListener("submit", (event) => event.preventDefault());
// Settings may have changed on another page while this one lay in the back-forward cache.
window.addEventListener("pageshow", applySettings);
applySettings();
menu();
