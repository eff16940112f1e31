// The preview's part of a page. It is put in by the preview's server and is in
// no published page. It reloads the page when a new version is there and keeps
// the place, lays what is wrong over it, and lists the records
// that were received. Text from outside is only ever set as text.
"use strict";
(() => {
  const script = document.currentScript;
  const version = script.dataset.version;
  const alone = "alone" in script.dataset; // an error page: it says itself what is wrong
  const placeKey = "sopan-preview-place:" + location.pathname;

  function el(name, props, ...children) {
    const node = Object.assign(document.createElement(name), props);
    node.append(...children);
    return node;
  }

  // --- the place ---------------------------------------------------------------

  // What stands above may have grown with the edit, so the place is kept by the
  // last heading (or whatever has an id) above the top edge, and by pixels
  // where that is gone.
  function keepPlace() {
    let anchor = null;
    for (const node of document.querySelectorAll("main [id], body > [id], h1[id], h2[id], h3[id], fieldset[id]")) {
      const top = node.getBoundingClientRect().top;
      if (top > 1) break;
      anchor = { id: node.id, top };
    }
    const open = [...document.querySelectorAll("details")].map((d) => d.open);
    const focus = document.activeElement && document.activeElement.id;
    try {
      sessionStorage.setItem(placeKey, JSON.stringify({ x: scrollX, y: scrollY, anchor, open, focus }));
    } catch {
      // No storage: the browser's own restoring has to do.
    }
  }

  function restorePlace() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(placeKey));
      sessionStorage.removeItem(placeKey);
    } catch {
      return;
    }
    if (!kept) return;
    const details = document.querySelectorAll("details");
    if (details.length === kept.open.length) details.forEach((d, i) => { d.open = kept.open[i]; });
    const focus = kept.focus && document.getElementById(kept.focus);
    if (focus) focus.focus({ preventScroll: true });
    const go = () => {
      const node = kept.anchor && document.getElementById(kept.anchor.id);
      const y = node ? scrollY + node.getBoundingClientRect().top - kept.anchor.top : kept.y;
      scrollTo({ left: kept.x, top: y, behavior: "instant" });
    };
    go();
    // Images without a size move the text once more when they are there.
    if (document.readyState !== "complete") addEventListener("load", go, { once: true });
  }

  function reload() {
    keepPlace();
    location.reload();
  }

  // --- the overlay and the panel -------------------------------------------------

  const host = el("div");
  host.id = "sopan-preview";
  const root = host.attachShadow({ mode: "open" });
  const problemsButton = el("button", { type: "button", hidden: true });
  const recordsButton = el("button", { type: "button", hidden: true });
  recordsButton.setAttribute("aria-expanded", "false");
  const problemsPanel = panel("What is wrong");
  const recordsPanel = panel("Records");
  recordsPanel.box.classList.add("records");
  root.append(
    el("link", { rel: "stylesheet", href: "/_sopan/preview.css" }),
    el("div", { className: "corner" }, problemsButton, recordsButton),
    problemsPanel.box, recordsPanel.box,
  );
  let dismissed = "";
  let shown = "";

  function panel(title) {
    const heading = el("h1", { textContent: title, id: "title" });
    const close = el("button", { type: "button", textContent: "Close" });
    const list = el("ol");
    const more = el("p");
    const box = el("section", { className: "panel", hidden: true, tabIndex: -1 },
      el("div", { className: "top" }, heading, close), list, more);
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", title);
    return { box, heading, close, list, more };
  }

  function excerpt(item) {
    return el("pre", { tabIndex: 0 },
      el("span", { className: "number", textContent: String(item.line) }),
      item.before, el("mark", { textContent: item.marked }), item.after);
  }

  function problem(item) {
    const place = item.line ? `${item.file}:${item.line}:${item.col}` : item.file;
    const row = el("li", { className: item.severity },
      el("p", { className: "where" }, el("span", { className: "severity", textContent: item.severity }), place ? ` · ${place}` : ""),
      el("p", { className: "message", textContent: item.message }));
    if (item.before || item.marked || item.after) row.append(excerpt(item));
    if (item.hint) row.append(el("p", { className: "hint", textContent: item.hint }));
    for (const r of item.related) row.append(el("p", { className: "related", textContent: `${r.where}: ${r.message}` }));
    return row;
  }

  function counted(n, word) {
    return n === 1 ? `1 ${word}` : `${n} ${word}s`;
  }

  // What is wrong lies over the page until it is mended; a person may put it
  // aside, and then a button brings it back. Warnings wait behind the button.
  function showProblems(found) {
    shown = JSON.stringify(found.items);
    const { box, heading, list, more } = problemsPanel;
    const words = [];
    if (found.errors) words.push(counted(found.errors, "error"));
    if (found.warnings) words.push(counted(found.warnings, "warning"));
    problemsButton.textContent = words.join(", ");
    problemsButton.hidden = words.length === 0 || alone;
    problemsButton.className = found.errors ? "broken" : "";
    box.classList.toggle("broken", found.errors > 0);
    heading.textContent = words.join(", ");
    if (found.errors) heading.textContent += found.kept ? ": this is the last good page" : ": the page is shown as it is";
    box.setAttribute("aria-label", heading.textContent);
    list.replaceChildren(...found.items.map(problem));
    more.textContent = found.more ? `… and ${found.more} more, in the terminal.` : "";
    box.hidden = found.errors === 0 || dismissed === shown || alone;
    if (!box.hidden) announce(heading.textContent);
  }

  const voice = el("p", { className: "voice" });
  voice.setAttribute("role", "alert");
  root.append(voice);
  function announce(text) {
    voice.replaceChildren(el("span", { textContent: text }));
  }

  problemsPanel.close.addEventListener("click", () => {
    dismissed = shown;
    problemsPanel.box.hidden = true;
    problemsButton.focus();
  });
  problemsButton.addEventListener("click", () => {
    dismissed = "";
    problemsPanel.box.hidden = false;
    problemsPanel.box.focus();
  });
  recordsPanel.close.addEventListener("click", () => toggleRecords(false));
  recordsButton.addEventListener("click", () => toggleRecords(recordsPanel.box.hidden));
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!recordsPanel.box.hidden) toggleRecords(false);
    else if (!problemsPanel.box.hidden) problemsPanel.close.click();
  });

  function toggleRecords(open) {
    recordsPanel.box.hidden = !open;
    recordsButton.setAttribute("aria-expanded", String(open));
    if (open) {
      recordsPanel.box.focus();
      listRecords();
    } else {
      recordsButton.focus();
    }
  }

  function first(map) {
    return map && Object.values(map)[0];
  }

  function resultWords(result) {
    if (!result) return "";
    const words = [];
    if (result.success === true) words.push("right");
    if (result.success === false) words.push("not right");
    if (result.completion === true) words.push("complete");
    if (result.score && typeof result.score.scaled === "number") words.push(`score ${Math.round(result.score.scaled * 100)} %`);
    if (typeof result.response === "string") words.push(`response ${result.response}`);
    return words.join(", ");
  }

  function recordRow({ id, statement }) {
    const verb = first(statement.verb.display) || statement.verb.id.split("/").pop();
    const object = statement.object;
    const name = first(object.definition && object.definition.name) || object.id || object.objectType || "";
    const words = [verb, name, resultWords(statement.result)].filter(Boolean).join(" · ");
    const row = el("li", {}, el("details", {}, el("summary", { textContent: words }),
      el("pre", { tabIndex: 0, textContent: JSON.stringify(statement, null, 2) })));
    row.dataset.id = id;
    return row;
  }

  async function listRecords() {
    const answer = await fetch("/_sopan/xapi/statements", { cache: "no-store" });
    if (!answer.ok) return;
    const received = await answer.json();
    const known = new Map([...recordsPanel.list.children].map((row) => [row.dataset.id, row]));
    // A row that a person has opened stays as it is.
    recordsPanel.list.replaceChildren(...received.map((r) => known.get(r.id) || recordRow(r)));
    recordsPanel.more.textContent = received.length ? "" : "Nothing has been sent yet.";
  }

  function showRecords({ count }) {
    recordsButton.textContent = `Records (${count})`;
    recordsButton.hidden = alone;
    if (!recordsPanel.box.hidden) listRecords();
  }

  // --- the events ----------------------------------------------------------------

  // A hidden page gives its stream back: a browser opens six connections to a
  // host, and a seventh tab would hang. When it is seen again it asks anew, and
  // reloads if it is old.
  let events = null;
  let told = false;
  function listen() {
    if (events || document.visibilityState === "hidden") return;
    events = new EventSource("/_sopan/events");
    events.addEventListener("reload", (event) => {
      if (JSON.parse(event.data).version !== version) reload();
    });
    events.addEventListener("diagnostics", (event) => {
      // The error page is written by the server: what it says now is another page.
      if (alone && version === "" && told) reload();
      told = true;
      showProblems(JSON.parse(event.data));
    });
    events.addEventListener("records", (event) => showRecords(JSON.parse(event.data)));
    events.addEventListener("error", () => {
      // A closed stream (the preview was stopped, or turned us away) does not
      // come back by itself; a broken one does.
      if (events && events.readyState === EventSource.CLOSED) {
        hush();
        setTimeout(listen, 2000);
      }
    });
  }
  function hush() {
    if (events) events.close();
    events = null;
  }
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? hush() : listen()));
  addEventListener("pagehide", hush);
  addEventListener("pageshow", listen);

  document.body.append(host);
  restorePlace();
  listen();
})();
