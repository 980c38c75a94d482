/** Small hands for the DOM: text only, and only what differs is written. */

interface MakeOptions {
  part?: string;
  className?: string;
  text?: string;
  attributes?: Readonly<Record<string, string>>;
}

export function make<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  options: MakeOptions = {},
  ...children: readonly (Node | undefined)[]
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  if (options.part !== undefined) element.setAttribute("part", options.part);
  if (options.className !== undefined) element.className = options.className;
  if (options.text !== undefined) element.textContent = options.text;
  for (const [name, value] of Object.entries(options.attributes ?? {})) element.setAttribute(name, value);
  for (const child of children) if (child !== undefined) element.append(child);
  return element;
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** `undefined` takes the attribute away. */
export function setAttribute(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Puts `children` into `parent` in this order, moving as few as possible and taking the rest away. */
export function setChildren(parent: Element, children: readonly Element[]): void {
  const wanted = new Set(children);
  for (const child of Array.from(parent.children)) if (!wanted.has(child)) child.remove();
  let at: Element | null = parent.firstElementChild;
  for (const child of children) {
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  }
}

/** Links are followed only where they lead to a page. */
export function toHttpUrl(text: string | undefined): string | undefined {
  return text !== undefined && /^https?:\/\//iu.test(text) && URL.canParse(text) ? text : undefined;
}
