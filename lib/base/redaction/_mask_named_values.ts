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

/** What follows a name: quotes, and `=`, `:`, a verb or a space. Spaces are limited, so that the time is linear. */
const END =
  /(s?)(["'`\\]{0,40})(?:\s{0,9}([:=,])[>=]?\s{0,9}(?:\[(?!redacted))?|\s{1,9}(is|was)(?::|\s)\s{0,9}|\s{1,9})/.source;
const USUAL = new RegExp(`(${NAMES.join("|")})${END}`, "gi");
const STRICT = new RegExp(`(${NAMES.join("|")}|(?<![a-z0-9])(?:${STRICT_NAMES.join("|")}|${BARE_KEY}))${END}`, "gi");

/** The scheme before the credentials of a header. */
const SCHEME = /^(?:bearer|basic|digest|token|negotiate|apikey|aws4-hmac-sha256)\s{1,9}(?=\S)/i;
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
  /** `=`, `:`, `,`, `is`, `was`, or empty if only a space is between. */
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
 * @param text The text
 * @param isStrict Whether a harmless word may be lost rather than a secret kept
 * @returns The text with masks
 */
export function maskNamedValues(text: string, { isStrict }: { readonly isStrict: boolean }): string {
  const pattern = isStrict ? STRICT : USUAL;
  const isSecret = isStrict ? isSecretStrictly : isSecretUsually;
  const pieces: string[] = [];
  let done = 0;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const [all, name = "", plural = "", quotes = "", sign, verb] = found;
    const at = found.index + all.length;
    const beginning = text.slice(at, at + MAX_BEGINNING);
    const value = findValue(beginning, 0);
    const inside = beginning.slice(value.start);
    const scheme = SCHEME.exec(inside)?.[0].length ?? 0;
    const named: NamedValue = {
      name: name.toLowerCase(),
      isPlural: plural !== "",
      isField: quotes !== "",
      isQuoted: value.isQuoted,
      link: sign ?? verb?.toLowerCase() ?? "",
      lineStart: sign === undefined ? null : findLineStart(text, found.index),
      hasScheme: scheme > 0,
      isFlag: /(?:^|[\s"'`])--?[\w-]{0,30}$/.test(text.slice(Math.max(0, found.index - 32), found.index)),
      beginning: scheme > 0 ? inside.slice(scheme) : beginning.slice(value.start, value.end),
    };
    if (!isSecret(named)) {
      // The value may begin with another name: `token: password=…`.
      pattern.lastIndex = found.index + name.length;
      continue;
    }
    const span = spanOf(text, { at, start: at + value.start + scheme, named, isStrict });
    pieces.push(text.slice(done, span.start), MASK);
    done = span.end;
    pattern.lastIndex = Math.max(done, at);
  }
  return pieces.length === 0 ? text : pieces.join("") + text.slice(done);
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
    return { start, end: endOfLine(text, { start, stops: named.lineStart === "plain" ? "" : `"` }) };
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
  const { name, isPlural, isField, isQuoted, link, isFlag, lineStart, beginning } = named;
  if (HARMLESS.test(beginning)) return false;
  if (name === "key") return isBareKey(named);
  if (isPlural && name !== "cookie") return isQuoted && link !== "";
  // Quotes around a flag end it, as in a document.
  if (isFlag && !(isField && link === "")) return !beginning.startsWith("-") && !SAID.test(beginning);
  if (link === ",") return false;
  if (link === "") return isKey(beginning) || /^pass/.test(name) && isWord(beginning) && !beginning.includes("/");
  return isField || isQuoted || lineStart !== null || link === "=" || isWord(beginning);
}

/** Whether the value of something that is only called a key is one. */
function isBareKey({ isField, isQuoted, isPlural, beginning }: NamedValue): boolean {
  if (isPlural || !/\d/.test(beginning)) return false;
  // A hash.
  if (/^(?:[0-9a-f]{8}|[0-9a-f]{10}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(beginning)) return false;
  return /[a-z]/i.test(beginning) && beginning.length >= (isField || isQuoted ? 16 : 8);
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
