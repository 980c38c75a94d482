import { Parser } from "htmlparser2";
import { NewsLineError } from "../../src/contract/errors.ts";
import { decodeEntities } from "./entities.ts";

export interface XmlElement {
  /** Local name, case kept. */
  readonly name: string;
  /** Namespace URI; empty when there is none. */
  readonly ns: string;
  /** By name as written, prefix included. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly parent: XmlElement | undefined;
  readonly children: readonly (XmlElement | string)[];
  /** What stands between the tags, as written: for bodies that are read as HTML. */
  readonly inner: string;
}

interface OpenElement extends XmlElement {
  readonly written: string;
  readonly children: (XmlElement | string)[];
  inner: string;
  readonly innerFrom: number;
  readonly scope: Scope;
}

/** The prefixes that an element declares, and those around it. */
interface Scope {
  readonly declared: ReadonlyMap<string, string>;
  readonly outer: Scope | undefined;
}

const MAX_DEPTH = 200;
const MAX_ELEMENTS = 50_000;
/** The depths of all elements added up: what is looked for in a subtree costs its depth for every element of it. */
const MAX_NESTING = 800_000;
const MAX_ATTRIBUTES = 500;
/** In all of the document. */
const MAX_ALL_ATTRIBUTES = 120_000;
const MAX_DOCTYPE = 100_000;

/** Editors paste HTML into XML as it is, and HTML need not close these. */
const CLOSES_ITSELF = new Set("b br em font hr i img li p span strong td tr u wbr".split(" "));

/** Feeds use these prefixes without declaring them. */
const WELL_KNOWN: ReadonlyMap<string, string> = new Map([
  ["xml", "http://www.w3.org/XML/1998/namespace"],
  ["dc", "http://purl.org/dc/elements/1.1/"],
  ["dcterms", "http://purl.org/dc/terms/"],
  ["content", "http://purl.org/rss/1.0/modules/content/"],
  ["media", "http://search.yahoo.com/mrss/"],
  ["itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"],
  ["atom", "http://www.w3.org/2005/Atom"],
  ["rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"],
]);

function unreadable(message: string): NewsLineError {
  return new NewsLineError("unreadable", { message });
}

/** How a format writes the local names of its elements and attributes, for senders who do not mind their case. */
export type ToName = (written: string) => string;

/**
 * Text to a tree. The DOCTYPE is cut off first, so nothing it names is ever loaded; a document that uses an entity
 * of its own is refused, and so is one that ends too early or nests without end. A bare `&` and unknown entities
 * stay as text.
 */
export function parseXml(text: string, toName?: ToName): XmlElement {
  return parseXmlDocuments(text, toName)[0];
}

/** The same for documents that stand one after the other; what follows the first and has another root is no document. */
export function parseXmlDocuments(text: string, toName?: ToName): [XmlElement, ...XmlElement[]] {
  const { source, declared } = cutDoctype(text.slice(skipJunk(text)));
  const builder = new TreeBuilder(source, declared, toName);
  return builder.build();
}

class TreeBuilder {
  readonly #source: string;
  readonly #declared: ReadonlySet<string>;
  readonly #toName: ToName | undefined;
  readonly #parser: Parser;
  #roots: XmlElement[] = [];
  #open: OpenElement[] = [];
  #attributes = new Map<string, string>();
  #elements = 0;
  #nesting = 0;
  #allAttributes = 0;
  #inCdata = false;

  constructor(source: string, declared: ReadonlySet<string>, toName: ToName | undefined) {
    this.#source = source;
    this.#declared = declared;
    this.#toName = toName;
    this.#parser = new Parser(
      {
        onopentagname: () => this.#checkSize(),
        onattribute: (name, value) => this.#attribute(name, value),
        onopentag: (name) => this.#openElement(name),
        onclosetag: (name, implied) => this.#closeElement(name, implied),
        ontext: (data) => this.#text(data),
        oncdatastart: () => (this.#inCdata = true),
        oncdataend: () => (this.#inCdata = false),
        onprocessinginstruction: (name) => this.#refuseDoctype(name),
      },
      { xmlMode: true, decodeEntities: false },
    );
  }

  build(): [XmlElement, ...XmlElement[]] {
    this.#parser.write(this.#source);
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined && !this.#isBehind()) {
      throw unreadable(`The XML is cut off: <${unclosed.written}> is never closed. Send the whole document.`);
    }
    // At its end the parser would close what is open, as if that had been written.
    if (unclosed === undefined) this.#parser.end();
    const [first, ...more] = this.#roots;
    if (first === undefined) throw unreadable("The XML has no element.");
    return [first, ...more.filter(({ name }) => name === first.name)];
  }

  /** True in what servers print behind the document, a script or a warning: it need not be whole. */
  #isBehind(): boolean {
    return this.#open[0]?.name !== this.#roots[0]?.name;
  }

  /** One between two documents names nothing that is loaded. */
  #refuseDoctype(name: string): void {
    if (name.toLowerCase() !== "!doctype") return;
    if (this.#open.length > 0 || this.#roots.length === 0) {
      throw unreadable("The XML has a DOCTYPE inside its content.");
    }
  }

  #checkSize(): void {
    this.#elements += 1;
    if (this.#open.length >= MAX_DEPTH) throw unreadable(`The XML nests deeper than ${MAX_DEPTH} elements.`);
    this.#nesting += this.#open.length;
    if (this.#nesting > MAX_NESTING) throw unreadable("The XML nests too many of its elements too deep.");
    if (this.#elements > MAX_ELEMENTS) throw unreadable(`The XML has more than ${MAX_ELEMENTS} elements.`);
  }

  #attribute(name: string, value: string): void {
    const isDeclaration = name.startsWith("xmlns");
    this.#attributes.set(isDeclaration ? name : (this.#toName?.(name) ?? name), this.#decode(value));
    if (this.#attributes.size > MAX_ATTRIBUTES) {
      throw unreadable(`The XML has an element with more than ${MAX_ATTRIBUTES} attributes.`);
    }
    this.#allAttributes += 1;
    if (this.#allAttributes > MAX_ALL_ATTRIBUTES) {
      throw unreadable(`The XML has more than ${MAX_ALL_ATTRIBUTES} attributes.`);
    }
  }

  #openElement(written: string): void {
    const parent = this.#open.at(-1);
    const scope = toScope(parent?.scope ?? OUTERMOST, this.#attributes);
    const colon = written.indexOf(":");
    const local = colon < 0 ? written : written.slice(colon + 1);
    const element: OpenElement = {
      written,
      name: this.#toName?.(local) ?? local,
      ns: namespaceOf(colon < 0 ? "" : written.slice(0, colon), scope),
      attributes: this.#attributes,
      parent,
      children: [],
      inner: "",
      innerFrom: this.#parser.endIndex + 1,
      scope,
    };
    this.#attributes = new Map();
    if (parent === undefined) this.#roots.push(element);
    else parent.children.push(element);
    this.#open.push(element);
  }

  #closeElement(name: string, implied: boolean): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    // A self-closing tag is reported as implied too; it ends where it opened.
    const closedItself = element.innerFrom === this.#parser.endIndex + 1;
    if (closedItself) return;
    const isBehind = this.#open.length > 0 && this.#isBehind();
    if (implied && !isBehind && !CLOSES_ITSELF.has(element.name.toLowerCase())) {
      throw unreadable(`The XML is broken: <${name}> is not closed before its parent.`);
    }
    element.inner = this.#source.slice(element.innerFrom, this.#parser.startIndex);
  }

  #text(data: string): void {
    const children = this.#open.at(-1)?.children;
    if (children === undefined) return;
    const text = this.#inCdata ? data : this.#decode(data);
    const last = children.at(-1);
    if (typeof last === "string") children[children.length - 1] = last + text;
    else children.push(text);
  }

  #decode(text: string): string {
    if (this.#declared.size > 0) {
      for (const [, name = ""] of text.matchAll(/&([^\s&;]{1,100});/gu)) {
        if (this.#declared.has(name)) {
          throw unreadable(`The XML uses an entity that it declares itself: &${name};.`);
        }
      }
    }
    return decodeEntities(text);
  }
}

const OUTERMOST: Scope = { declared: WELL_KNOWN, outer: undefined };

function toScope(outer: Scope, attributes: ReadonlyMap<string, string>): Scope {
  let declared: Map<string, string> | undefined;
  for (const [name, value] of attributes) {
    const prefix = /^xmlns(?::(.+))?$/u.exec(name);
    if (prefix === null) continue;
    declared ??= new Map();
    declared.set(prefix[1] ?? "", value);
  }
  return declared === undefined ? outer : { declared, outer };
}

function namespaceOf(prefix: string, scope: Scope): string {
  for (let here: Scope | undefined = scope; here !== undefined; here = here.outer) {
    const ns = here.declared.get(prefix);
    if (ns !== undefined) return ns;
  }
  return "";
}

/** A DOCTYPE is read for one thing only: the names of the entities it declares. */
function cutDoctype(text: string): { source: string; declared: ReadonlySet<string> } {
  const start = skipProlog(text);
  if (!/^<!doctype/iu.test(text.slice(start, start + 9))) return { source: text, declared: new Set() };
  const end = doctypeEnd(text, start);
  const names = text.slice(start, end).matchAll(/<!ENTITY\s+(?:%\s+)?([^\s%>]+)/gu);
  const declared = new Set([...names].map(([, name = ""]) => name));
  return { source: text.slice(end), declared };
}

const PROLOG_BLANKS = /[\s\ufeff\0]*/uy;
const JUNK_REACH = 10_000;
/** What no XML and no JSON begins with: words, headers of HTTP, HTML that a program prints with a warning. */
const JUNK = /^(?:[^<{[]|<(?:b|br|div|font|i|p|pre|script|span|strong|style|table)[\s/>])/iu;
const BEGINNING =
  /<\?xml\s+version|<rss\s+version|<feed\s+xmlns|<(?:rdf:RDF|newsMessage|newsItem|NewsML|nitf)(?=[\s>])/u;

/** Where the document begins, when something stands in front of it that is none of it. */
function skipJunk(text: string): number {
  PROLOG_BLANKS.lastIndex = 0;
  const start = PROLOG_BLANKS.exec(text)?.[0].length ?? 0;
  const head = text.slice(start, start + JUNK_REACH);
  const found = JUNK.test(head) ? BEGINNING.exec(head) : null;
  return found === null ? 0 : start + found.index;
}

/** Past blanks, the XML declaration, other instructions and comments. */
function skipProlog(text: string): number {
  let at = 0;
  for (;;) {
    PROLOG_BLANKS.lastIndex = at;
    at += PROLOG_BLANKS.exec(text)?.[0].length ?? 0;
    const closing = text.startsWith("<?", at) ? "?>" : text.startsWith("<!--", at) ? "-->" : undefined;
    if (closing === undefined) return at;
    const end = text.indexOf(closing, at);
    if (end < 0) return text.length;
    at = end + closing.length;
  }
}

function doctypeEnd(text: string, start: number): number {
  const token = /<!--|["'[\]>]/gu;
  token.lastIndex = start;
  let subset = 0;
  const furthest = start + MAX_DOCTYPE;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [mark] = match;
    if (match.index > furthest)
      throw unreadable(`The XML's DOCTYPE is longer than ${MAX_DOCTYPE} characters.`);
    if (mark === "<!--" || mark === '"' || mark === "'") {
      const end = text.indexOf(mark === "<!--" ? "-->" : mark, token.lastIndex);
      if (end < 0) break;
      token.lastIndex = end + 1;
    } else if (mark === "[") subset += 1;
    else if (mark === "]") subset -= 1;
    else if (subset <= 0) return token.lastIndex;
  }
  throw unreadable("The XML is cut off inside its DOCTYPE. Send the whole document.");
}

/** The root's local name, found without parsing: what a document is, for sniffing. Undefined when it is no XML. */
export function rootName(written: string): string | undefined {
  const text = written.slice(skipJunk(written));
  let at = skipProlog(text);
  if (/^<!doctype/iu.test(text.slice(at, at + 9))) {
    try {
      at = doctypeEnd(text, at);
    } catch {
      return undefined;
    }
    at += skipProlog(text.slice(at));
  }
  return /^<(?:[\w.-]+:)?([\w.-]+)[\s/>]/u.exec(text.slice(at, at + 200))?.[1];
}

/** The elements among the children, by local name and perhaps namespace. */
export function childrenOf(element: XmlElement, name?: string, ns?: string): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement =>
      typeof child !== "string" &&
      (name === undefined || child.name === name) &&
      (ns === undefined || child.ns === ns),
  );
}

export function childOf(element: XmlElement | undefined, name: string, ns?: string): XmlElement | undefined {
  return element?.children.find(
    (child): child is XmlElement =>
      typeof child !== "string" && child.name === name && (ns === undefined || child.ns === ns),
  );
}

/** Follows local names down the tree: `at(item, "contentMeta", "headline")`. */
export function at(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((found, name) => childOf(found, name), element);
}

/** Every element below with that local name, in document order. */
export function descendantsOf(element: XmlElement, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  collect(element, name, found);
  return found;
}

function collect(element: XmlElement, name: string, found: XmlElement[]): void {
  for (const child of element.children) {
    if (typeof child === "string") continue;
    if (child.name === name) found.push(child);
    collect(child, name, found);
  }
}

/** All text below, in order. */
export function textOf(element: XmlElement | undefined): string {
  if (element === undefined) return "";
  return element.children.map((child) => (typeof child === "string" ? child : textOf(child))).join("");
}

/** An attribute by its name without prefix. */
export function attributeOf(element: XmlElement | undefined, name: string): string | undefined {
  if (element === undefined) return undefined;
  const exact = element.attributes.get(name);
  if (exact !== undefined) return exact;
  for (const [written, value] of element.attributes) {
    if (written.endsWith(`:${name}`) && !written.startsWith("xmlns:")) return value;
  }
  return undefined;
}

/** The nearest `xml:lang`, `xml:base` and the like, going up. */
export function inherited(element: XmlElement | undefined, written: string): string | undefined {
  for (let here = element; here !== undefined; here = here.parent) {
    const value = here.attributes.get(written);
    if (value !== undefined) return value;
  }
  return undefined;
}
