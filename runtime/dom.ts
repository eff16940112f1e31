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
