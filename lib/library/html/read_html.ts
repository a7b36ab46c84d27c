/** Callbacks of {@linkcode readHtml}. Names are in lower case, and references such as `&lt;` are decoded. */
export interface HtmlVisitor {
  /** Called with a piece of text between two tags. */
  readonly text: (text: string) => void;
  /** Called with an opening tag; of its attributes, `href`, `src` and `alt` are passed on. */
  readonly open: (name: string, attributes: ReadonlyMap<string, string>) => void;
  /** Called with a closing tag. */
  readonly close: (name: string) => void;
}

/** Elements whose content is not shown. */
const HIDDEN: ReadonlySet<string> = new Set(["script", "style", "title", "iframe", "noembed", "noframes"]);
/** The attributes that are passed on; a tag can have millions of others. */
const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set(["href", "src", "alt"]);

/** Maximum length, far longer than any description seen so far. */
const MAX_LENGTH = 1 << 20;
/** Number of characters after which the event loop runs, so that signals and transfers are handled. */
const TURN_LENGTH = 1 << 16;

let loaded: Promise<typeof import("htmlparser2")> | undefined;

/** Load the tokenizer on demand, since most commands never need it. */
export function loadTokenizer(): Promise<typeof import("htmlparser2")> {
  return loaded ??= import("htmlparser2");
}

/**
 * Walk over a piece of HTML as browsers parse it, in one pass and without building a tree, so deep nesting costs
 * nothing. Tags may be left open, or be closed without having been opened.
 *
 * @returns Whether everything was read; reading stops after 1 Mi characters
 */
export async function readHtml(html: string, visitor: HtmlVisitor): Promise<boolean> {
  const { Tokenizer } = await loadTokenizer();
  let name = "";
  let hidden: string | undefined;
  let attributes = new Map<string, string>();
  let attribute = "";
  let value: string[] = [];
  const open = (): void => {
    if (hidden !== undefined) return;
    visitor.open(name, attributes);
    if (HIDDEN.has(name)) hidden = name;
  };
  const tokenizer = new Tokenizer({}, {
    ontext(start, end) {
      if (hidden === undefined) visitor.text(html.slice(start, end));
    },
    ontextentity(code) {
      if (hidden === undefined) visitor.text(String.fromCodePoint(code));
    },
    onopentagname(start, end) {
      name = html.slice(start, end).toLowerCase();
      attributes = new Map();
    },
    onattribname(start, end) {
      attribute = html.slice(start, end).toLowerCase();
      value = [];
    },
    onattribdata(start, end) {
      value.push(html.slice(start, end));
    },
    onattribentity(code) {
      value.push(String.fromCodePoint(code));
    },
    onattribend() {
      if (KNOWN_ATTRIBUTES.has(attribute) && !attributes.has(attribute)) attributes.set(attribute, value.join(""));
    },
    onopentagend: open,
    onselfclosingtag: open,
    onclosetag(start, end) {
      const closed = html.slice(start, end).toLowerCase();
      if (hidden === undefined) visitor.close(closed);
      else if (hidden === closed) hidden = undefined;
    },
    oncdata() {},
    oncomment() {},
    ondeclaration() {},
    onprocessinginstruction() {},
    onend() {},
  });
  const length = Math.min(html.length, MAX_LENGTH);
  for (let offset = 0; offset < length; offset += TURN_LENGTH) {
    if (offset > 0) await new Promise((resolve) => setTimeout(resolve, 0));
    tokenizer.write(html.slice(offset, Math.min(offset + TURN_LENGTH, length)));
  }
  tokenizer.end();
  return length === html.length;
}
