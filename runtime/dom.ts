/** Elements without markup: attributes and text only, so that no text can ever become an element (Trusted Types, CSP). */

type Attributes = Record<string, string | boolean | undefined>;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: (Node | string | null)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  element.append(...children.filter((child): child is Node | string => child !== null));
  return element;
}

/** replaceChildren, which the browsers of 2020 lack. */
export function fill(element: Element, ...children: (Node | string)[]): void {
  element.textContent = "";
  element.append(...children);
}

export function button(label: string, className: string, press: () => void): HTMLButtonElement {
  const b = el("button", { type: "button", class: className }, label);
  b.addEventListener("click", press);
  return b;
}

export function find<E extends Element = HTMLElement>(selector: string, within: ParentNode = document): E | null {
  return within.querySelector<E>(selector);
}

export function findAll<E extends Element = HTMLElement>(selector: string, within: ParentNode = document): E[] {
  return Array.from(within.querySelectorAll<E>(selector));
}

/** An icon by class and, beside it, its word: the icon alone never says anything. */
export function mark(name: string, word: string): DocumentFragment {
  const both = document.createDocumentFragment();
  both.append(el("span", { class: `mark mark-${name}`, "aria-hidden": "true" }), el("strong", {}, word));
  return both;
}

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
