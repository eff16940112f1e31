import { el } from "./dom";

/** Hands the learner a file. Works from file:// and under the page's policy: a blob address is a download, not a fetch. */
export function download(name: string, value: unknown): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: "application/json" }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // Revoking at once stops the download in some browsers.
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
