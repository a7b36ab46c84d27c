import { endOfLine, findValue, findWord, MASK, type Span } from "./_secret_value.ts";

/** Names whose value is a secret, at the end of a longer name too: `CIVITAI_API_KEY`, `x-auth-token`. */
const NAMES = [
  "token",
  "secret(?:[-_]?(?:access[-_]?)?key)?",
  "passw(?:or)?d",
  "passphrase",
  "api[-_ ]?key",
  "(?:access|account|private|shared|signing|encryption|master)[-_]?key",
  "session[-_]?id",
  "cookie",
  "authorization",
];
/** Names that often have another meaning. */
const STRICT_NAMES = ["pwd", "credentials?", "signature", "auth", "webhook(?:[-_]?url)?", "jwt", "key-pair-id"];
/** Items, hosts and files have keys too: `"key":"file:1:2"`. */
const BARE_KEY =
  "key(?=[\"'`\\\\]{0,40}\\s{0,9}(?:[:=]|\\sis\\b|\\swas\\b)[>=:]?\\s{0,9}[\"'`\\\\]{0,40}[\\w-]{8,}(?![\\w.:/-]))";

/** Names that mean a secret only if the value looks like one. */
const DOUBTFUL_NAMES = ["pass", "session", "sid", "topic", "トークン", "パスワード", "api ?キー", "シークレット"];
const DOUBTFUL = new RegExp(`^(?:${DOUBTFUL_NAMES.join("|")})$`, "i");

const QUOTES = "(?:\\\\{0,31}[\"'`]){0,2}";
const GAP = "\\s{0,9}";
/**
 * What follows a name: quotes, and a sign, a verb or a space. After the sign, a list, a block of YAML or the field of the
 * value may begin. Everything is limited, so that the time is linear.
 */
const END =
  `(s?)(${QUOTES})(?:${GAP}([:=,>：＝]|->|→)>?${GAP}(?:\\[(?!redacted)|[|>][+-]?(?:\\s|\\\\{1,15}n){1,9}|${QUOTES}value${QUOTES}${GAP}:${GAP})?|` +
  `\\s{1,9}(is|was)(?::|\\s)${GAP}|${GAP}(は)${GAP}|\\s{1,9})`;
const USUAL = new RegExp(`(${NAMES.join("|")})${END}`, "gi");
const STRICT = new RegExp(
  `(${NAMES.join("|")}|(?<![a-z0-9])(?:${[...STRICT_NAMES, ...DOUBTFUL_NAMES].join("|")}|${BARE_KEY}))${END}`,
  "gi",
);

/** The scheme before the credentials of a header. */
const SCHEME = /^(?:bearer|basic|digest|token|negotiate|apikey|aws4-hmac-sha256)\s{1,9}(?=[\w+/~"[]{2}|[\w.-]+=)/i;
/** What is no secret: the value of a switch, a reference to a variable, the beginning of a list. */
const HARMLESS = /^(?:|null|true|false|undefined|none|yes|no|~|\$\{\w*\}?|[{[…*].*|\.\.\.)$/is;
/** What stands for a value in a help text. */
const PLACEHOLDER = /^(?:[A-Z]{2,10}|%s|your[-_ ]?\w*)$/;
/** What a sentence says of a key, rather than the key itself. */
const SAID = new RegExp(
  `^(?:${
    [
      "a an the this that these it its his her your our their my no not any all one each some other another same only",
      "is are was were be been being has have had does do did can could may might must should will would cannot",
      "and or but if when where while because since so than then too also again still yet already never always",
      "of in on at by to from for with without within into out up as via per about after before between against over",
      "expired expires invalid valid missing unknown wrong bad good new old empty set unset unset present absent there",
      "given needed required requested refused rejected accepted denied revoked removed redacted hidden found used",
      "file files flag header headers field fields name names value values prompt manager store storage limit error",
      "failed failure ok fine correct incorrect right needs works worked is too short long here who what which",
      "authentication authorization login check checks change changed reset protected hash hashes ring bucket",
      "string number shows sent expected unexpected leaked stored secret password token key",
    ].join(" ").split(" ").join("|")
  })$`,
  "i",
);

/** Other ways to write a colon or an equals sign. */
const SIGNS: Readonly<Record<string, string>> = { "->": ":", "→": ":", "：": ":", "＝": "=" };
/** A quote that ends the string in which a name stands without a value. */
const CLOSING_QUOTE = /^\\*["'`](?:\s{0,9}[,:}\]]|\s*$|\n)/;
const NEXT_OF_LIST = /\\*["'`]\s{0,9},\s{0,9}(?=\\*["'`])/y;

/** Longest beginning of a value that a decision needs. */
const MAX_BEGINNING = 100;

/** A line of the text, or one of a string of JSON, where `\n` begins it. */
type LineStart = "plain" | "escaped";

/** A name and the beginning of its value. */
interface NamedValue {
  /** In lower case. */
  readonly name: string;
  readonly isPlural: boolean;
  /** Whether quotes enclose the name, as in JSON. */
  readonly isField: boolean;
  /** Whether quotes enclose the value. */
  readonly isQuoted: boolean;
  /** `=`, `:`, `,`, `>`, a verb, or empty if only a space is between. */
  readonly link: string;
  /** Whether the name is a flag of a command line. */
  readonly isFlag: boolean;
  /** How the line begins of which name and value are the whole, as in a configuration; `null` for another part of a line. */
  readonly lineStart: LineStart | null;
  /** Whether the name of a scheme for login, such as `Basic`, is before the value. */
  readonly hasScheme: boolean;
  readonly beginning: string;
}

/**
 * Mask the values of names that say that they are secret: settings, fields of JSON at any depth of quoting, headers and
 * flags. With `isStrict`, also what a sentence says of a key.
 *
 * @param isStrict Whether a harmless word may be lost rather than a secret kept
 */
export function maskNamedValues(text: string, { isStrict }: { readonly isStrict: boolean }): string {
  const pattern = isStrict ? STRICT : USUAL;
  const isSecret = isStrict ? isSecretStrictly : isSecretUsually;
  const pieces: string[] = [];
  let done = 0;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const [all, name = "", plural = "", quotes = "", sign, verb, particle] = found;
    const at = found.index + all.length;
    pattern.lastIndex = found.index + name.length;
    // The value is masked already, as a part of another one.
    if (at < done) continue;
    const beginning = text.slice(at, at + MAX_BEGINNING);
    const value = findValue(beginning, 0);
    const inside = beginning.slice(value.start);
    const scheme = SCHEME.exec(inside)?.[0].length ?? 0;
    const named: NamedValue = {
      name: name.toLowerCase(),
      isPlural: plural !== "",
      isField: quotes !== "",
      isQuoted: value.isQuoted,
      link: sign === undefined ? verb?.toLowerCase() ?? particle ?? "" : SIGNS[sign] ?? sign,
      lineStart: sign === undefined ? null : findLineStart(text, found.index),
      hasScheme: scheme > 0,
      isFlag: /(?:^|[\s"'`])--?[\w-]{0,30}$/.test(text.slice(Math.max(0, found.index - 32), found.index)),
      beginning: scheme > 0 ? inside.slice(scheme) : beginning.slice(value.start, value.end),
    };
    // In JSON, the quotes of a name and of its value are the same.
    const isMissing = CLOSING_QUOTE.test(beginning) && (quotes === "" || !beginning.startsWith(quotes));
    // Only a value after a colon or an equals sign may be in the next line.
    const isElsewhere = all.includes("\n") && named.link !== ":" && named.link !== "=";
    if (isMissing || isElsewhere || !isSecret(named)) continue;
    const span = spanOf(text, { at, start: at + value.start + scheme, named, isStrict });
    pieces.push(text.slice(done, span.start), MASK);
    done = span.end;
    // All strings of a list are secret if the first one is.
    if (all.endsWith("[")) done = maskRestOfList(text, done, pieces);
    // What looked like a value may be the name of another one: `webhook API_KEY: …`.
  }
  return pieces.length === 0 ? text : pieces.join("") + text.slice(done);
}

/** Add the other strings of a list; returns where the last one ends. */
function maskRestOfList(text: string, from: number, pieces: string[]): number {
  let done = from;
  while (true) {
    NEXT_OF_LIST.lastIndex = done;
    const between = NEXT_OF_LIST.exec(text)?.[0];
    if (between === undefined) return done;
    const { start, end } = findValue(text, done + between.length);
    pieces.push(text.slice(done, start), MASK);
    done = end;
  }
}

interface Place {
  /** Where the value or its opening quote begins. */
  readonly at: number;
  /** Where the secret begins: after the quote and the scheme. */
  readonly start: number;
  readonly named: NamedValue;
  readonly isStrict: boolean;
}

function spanOf(text: string, { at, start, named, isStrict }: Place): Span {
  if (named.isQuoted) return { start, end: Math.max(start, findValue(text, at).end) };
  if (named.name === "cookie") return { start, end: endOfLine(text, { start, stops: `"'` }) };
  if (isStrict && named.lineStart !== null && !named.isFlag) {
    if (named.lineStart === "escaped") return { start, end: endOfLine(text, { start, stops: `"` }) };
    const end = text.slice(start).search(/[\r\n]/);
    return { start, end: end === -1 ? text.length : start + end };
  }
  return { start, end: findWord(text, start).end };
}

/** Find the beginning of the line if only the first part of the name is between. */
function findLineStart(text: string, index: number): LineStart | null {
  const before = text.slice(Math.max(0, index - 50), index);
  const [, start] = /(^|\n|\\n)[\s-]{0,20}(?:export )?[\w.-]{0,20}$/.exec(before) ?? [];
  if (start === undefined || (start === "" && index > 50)) return null;
  return start === "\\n" ? "escaped" : "plain";
}

function isSecretUsually(named: NamedValue): boolean {
  const { name, isPlural, isField, isQuoted, link, isFlag, hasScheme, beginning } = named;
  if (isPlural || HARMLESS.test(beginning) || PLACEHOLDER.test(beginning)) return false;
  if (name === "authorization" && hasScheme && link !== "") return true;
  if (link !== "=" && link !== ":") return isFlag && isLongKey(beginning);
  if (name === "cookie") return isQuoted || beginning.includes("=");
  return isQuoted && isField || link === "=" && beginning.length >= 4 || isLongKey(beginning) && !isQuoted;
}

function isSecretStrictly(named: NamedValue): boolean {
  const { name, isPlural, isField, isQuoted, link, isFlag, lineStart, hasScheme, beginning } = named;
  if (HARMLESS.test(beginning)) return false;
  if (name === "key") return isBareKey(named);
  if (DOUBTFUL.test(name)) return !isPlural && (link !== "" || !/^(?:pass|session)$/.test(name)) && isKey(beginning);
  if (name.startsWith("webhook") && /^https?:/i.test(beginning)) return true;
  if (isPlural && name !== "cookie") return isQuoted && link !== "";
  // Quotes around a flag end it, as in a document.
  if (isFlag && !(isField && link === "")) return !beginning.startsWith("-") && !SAID.test(beginning);
  // A pair of a list, such as a header.
  if (link === "," || link === ">") {
    return (isField || link === ">") && (isKey(beginning) || hasScheme || beginning.includes("="));
  }
  if (link === "") return isKey(beginning) || /^pass/.test(name) && isWord(beginning) && !beginning.includes("/");
  return isField || isQuoted || lineStart !== null || link === "=" || isWord(beginning);
}

/** Whether the value of something that is only called a key is one. */
function isBareKey({ isField, isQuoted, isPlural, beginning }: NamedValue): boolean {
  if (isPlural || !/\d/.test(beginning)) return false;
  // A hash.
  if (/^(?:[0-9a-f]{8}|[0-9a-f]{10}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(beginning)) return false;
  return /[a-z]/i.test(beginning) && beginning.length >= (isField || isQuoted ? 12 : 8);
}

/** Whether a word looks like a key rather than like a word of a language. */
function isKey(word: string): boolean {
  if (!/^[\w.~+/=-]{6,}$/.test(word) || word.includes("/") || /\.[a-z]{2,11}$/.test(word)) return false;
  return /\d/.test(word) || /[a-z][A-Z]|[A-Z]{5}|_/.test(word) || word.length >= 20;
}

/** Whether a word is a key even where names have other meanings. */
function isLongKey(word: string): boolean {
  return /^[\w.~+/=-]{16,}$/.test(word) && /\d/.test(word) && /[a-z]/i.test(word) && !/\.[a-z]{2,11}$/.test(word);
}

/** Whether a word may be a password: it is not one that sentences have after the name. */
function isWord(word: string): boolean {
  return word.length >= 4 && /^[^\s"'([]+$/.test(word) && !SAID.test(word);
}
