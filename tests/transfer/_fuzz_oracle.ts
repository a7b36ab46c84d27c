/** The verdict of RFC 9112 on a response that is followed by the end of the connection. */
export type Verdict =
  | { readonly isValid: false }
  | {
    readonly isValid: true;
    readonly status: number;
    readonly body: string;
    /**
     * A valid response that may be refused: it exceeds a limit, or has one of the forms that RFC 9110 only tolerates.
     */
    readonly mayRefuse: boolean;
  };

const INVALID: Verdict = { isValid: false };
const TOKEN_CHARS = new Set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
const DIGITS = new Set("0123456789");

/**
 * Judge a response slowly and independently: shares neither code nor regular expressions with the reader under test.
 *
 * Where the RFC lets a client choose between reading and refusing, the choice is the project's: an unrequested 101,
 * other
 * codings than chunked, and Transfer-Encoding beside Content-Length are refused.
 */
export function judgeAnswer(text: string): Verdict {
  let rest = text;
  let mayRefuse = false;
  for (let interim = 0;; interim++) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) return INVALID;
    const head = readHead(rest.slice(0, end));
    if (head === null || head.status === 101) return INVALID;
    rest = rest.slice(end + 4);
    mayRefuse ||= end + 4 > 65_536 || head.fields.length > 256;
    if (head.status >= 200) return judgeBody(head, rest, mayRefuse || interim > 8);
  }
}

interface Head {
  readonly minor: string;
  readonly status: number;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

function readHead(text: string): Head | null {
  const [first, ...others] = text.split("\r\n");
  if (!first!.startsWith("HTTP/1.") || first![8] !== " " || first![12] !== " ") return null;
  const minor = first![7]!;
  const code = first!.slice(9, 12);
  if (!"01".includes(minor) || ![...code].every((char) => DIGITS.has(char)) || !"12345".includes(code[0]!)) return null;
  if (![...first!].every(isText)) return null;
  const fields: [string, string][] = [];
  for (const line of others) {
    const field = readField(line);
    if (field === null) return null;
    fields.push(field);
  }
  return { minor, status: Number(code), fields };
}

function readField(line: string): [string, string] | null {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(0, colon));
  if (!isToken(name) || ![...line].every(isText)) return null;
  return [name.toLowerCase(), strip(line.slice(colon + 1))];
}

function isText(char: string): boolean {
  const code = char.charCodeAt(0);
  return code === 9 || (code >= 32 && code !== 127);
}

function isToken(text: string): boolean {
  return text !== "" && [...text].every((char) => TOKEN_CHARS.has(char));
}

function strip(text: string): string {
  const chars = [...text];
  while (chars[0] === " " || chars[0] === "\t") chars.shift();
  while (chars.at(-1) === " " || chars.at(-1) === "\t") chars.pop();
  return chars.join("");
}

/** The elements of a list; empty ones are skipped, as a recipient must. */
function listOf(head: Head, name: string): { readonly present: boolean; readonly items: string[]; hasEmpty: boolean } {
  const values = head.fields.filter(([key]) => key === name).map(([, value]) => value);
  const all = values.flatMap((value) => value.split(",")).map(strip);
  const items = all.filter((item) => item !== "");
  return { present: values.length > 0, items, hasEmpty: items.length < all.length };
}

function judgeBody(head: Head, rest: string, mayRefuse: boolean): Verdict {
  const { status } = head;
  if (status === 204 || status === 304) return { isValid: true, status, body: "", mayRefuse };
  const codings = listOf(head, "transfer-encoding");
  const lengths = listOf(head, "content-length");
  if (codings.present) {
    if (head.minor === "0" || lengths.present || codings.items.length !== 1) return INVALID;
    if (codings.items[0]!.toLowerCase() !== "chunked") return INVALID;
    const chunked = readChunks(rest);
    if (chunked === null) return INVALID;
    return { isValid: true, status, body: chunked.body, mayRefuse: mayRefuse || codings.hasEmpty || chunked.isLong };
  }
  if (!lengths.present) return { isValid: true, status, body: rest, mayRefuse };
  if (lengths.items.length === 0 || !lengths.items.every((item) => [...item].every((char) => DIGITS.has(char)))) {
    return INVALID;
  }
  const sizes = new Set(lengths.items.map((item) => BigInt(item)));
  const [size] = sizes;
  if (sizes.size > 1 || size! > BigInt(rest.length)) return INVALID;
  const isOdd = lengths.hasEmpty || new Set(lengths.items).size > 1;
  return { isValid: true, status, body: rest.slice(0, Number(size)), mayRefuse: mayRefuse || isOdd };
}

function readChunks(text: string): { readonly body: string; readonly isLong: boolean } | null {
  let at = 0;
  let body = "";
  let isLong = false;
  const line = (): string | null => {
    const end = text.indexOf("\r\n", at);
    if (end < 0) return null;
    const found = text.slice(at, end);
    at = end + 2;
    return [...found].every(isText) ? found : null;
  };
  for (;;) {
    const first = line();
    if (first === null) return null;
    let digits = "";
    while ("0123456789abcdefABCDEF".includes(first[digits.length] ?? "-")) digits += first[digits.length];
    if (digits === "" || !isExtension(first.slice(digits.length))) return null;
    isLong ||= digits.length > 16 || first.length + 2 > 1024;
    const size = BigInt(`0x${digits}`);
    if (size === 0n) break;
    if (BigInt(at) + size + 2n > BigInt(text.length)) return null;
    body += text.slice(at, at + Number(size));
    at += Number(size);
    if (text.slice(at, at + 2) !== "\r\n") return null;
    at += 2;
  }
  for (const start = at;;) {
    const trailer = line();
    if (trailer === null) return null;
    isLong ||= at - start > 16_384;
    if (trailer === "") return { body, isLong };
    if (readField(trailer) === null) return null;
  }
}

/** Parses `*( BWS ";" BWS name [ BWS "=" BWS value ] )` by hand. */
function isExtension(text: string): boolean {
  let at = 0;
  const blanks = (): void => {
    while (text[at] === " " || text[at] === "\t") at++;
  };
  const token = (): boolean => {
    const start = at;
    while (TOKEN_CHARS.has(text[at] ?? "")) at++;
    return at > start;
  };
  const quoted = (): boolean => {
    for (at++; at < text.length; at++) {
      if (text[at] === '"') return ++at > 0;
      if (text[at] === "\\" && ++at >= text.length) return false;
    }
    return false;
  };
  while (at < text.length) {
    blanks();
    if (text[at++] !== ";") return false;
    blanks();
    if (!token()) return false;
    const mark = at;
    blanks();
    if (text[at] !== "=") {
      at = mark;
      continue;
    }
    at++;
    blanks();
    if (!(text[at] === '"' ? quoted() : token())) return false;
  }
  return true;
}
