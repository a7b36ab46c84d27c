import type { Language } from "../base/mod.ts";
import { isFailureClass } from "../failsafe/mod.ts";
import { type ProblemId, PROBLEMS } from "./problem_table.ts";

/**
 * Check whether a string is the id of a problem.
 *
 * @param text Any string, for example of a log
 * @returns True if the table has it
 */
export function isProblemId(text: unknown): text is ProblemId {
  return typeof text === "string" && Object.hasOwn(PROBLEMS, text);
}

/**
 * Return the page of the runbook about a problem.
 *
 * @param id The problem
 * @param language Language of the page
 * @returns A path, such as `docs/runbook/timeout.md`
 */
export function runbookOf(id: ProblemId, language: Language = "en"): string {
  return runbookIn(`docs/runbook/${PROBLEMS[id].page ?? id}.md`, language);
}

/**
 * Translate the path of a page of the runbook. An address outside our runbook, which a rule may name, stays as it is.
 *
 * @param path The path of the English page, or another address
 * @param language Language of the page
 * @returns The path of the page in that language, or the other address
 */
export function runbookIn(path: string, language: Language): string {
  return language === "en" ? path : path.replace(/^docs\/runbook\//, `docs/${language}/runbook/`);
}

/** Outcomes of items that are not named like a class of failure. */
const OUTCOMES: Readonly<Record<string, ProblemId>> = { removed: "gone", corrupted: "integrity" };

/** A label at the beginning of a line, and a code at its end: in parentheses or after a colon. */
const LABEL = /^(?:Issue detected: )?([a-z-]{2,30}): /;
const CODE = /(?:\(([a-z-]{2,30})\)|: ([a-z-]{2,30}))$/;
/** The longest match of `CODE`; the search is limited to it, because a line may be long. */
const MAX_CODE_LENGTH = 32;
/** A proxy on the way to the service refuses with 407; the service never does. */
const PROXY = /\b407\b|proxy auth/i;

/**
 * Words that other programs and libraries use for a kind of failure; the first match wins. A status of HTTP in the text
 * takes precedence.
 */
const WORDS: readonly (readonly [RegExp, ProblemId])[] = [
  [/\bheld (?:manually|by hand)\b/, "held-by-hand"],
  [/\bENOTFOUND\b|\bEAI_|getaddrinfo|\bdns\b|resolve host|name resolution|name or service not known/i, "dns"],
  [/\bTIMEOUT\b|timed? ?out|\bETIMEDOUT\b|no answer/i, "timeout"],
  [/\bstall/i, "stall"],
  [/\btls\b|\bssl\b|certificate|handshake/i, "tls"],
  [/\bthe disk has no room\b/, "reserve-reached"],
  [/no space left|no room|disk (?:is )?full|read-only file system|\bos error 28\b/i, "disk"],
  // Deno continues with the access that it was not allowed, such as ": net access", which is no fault of the disk.
  [/permission denied(?!: \w+ access)/i, "disk"],
  [/\b(?:ENOSPC|EDQUOT|EROFS|EACCES|EIO|EFBIG)\b/, "disk"],
  [/sha-?256|checksum|hash mismatch|corrupt/i, "integrity"],
  [/\bquota\b|unusual amount of downloading/i, "quota"],
  [/too many pages|use cursors/i, "pagecap"],
  [/too many requests|rate limit/i, "throttled"],
  [/early access/i, "early-access"],
  [/disabled downloads/i, "disabled"],
  [/unauthori[sz]ed|API key/i, "login"],
  [/forbidden/i, "forbidden"],
  [/archived/i, "archived"],
  [/not found/i, "gone"],
  [/internal server error|bad gateway|service unavailable|gateway time-?out/i, "server"],
  [/connection|\bECONN|\bE(?:PIPE|HOSTUNREACH|NETUNREACH)\b|broken pipe|unreachable|hang ?up|network/i, "connection"],
];

/**
 * Statuses of HTTP below 500 that mean more than "rejected". With 416, the file no longer has the bytes that were asked
 * for. A request that ended with 425 or 499 may succeed when it is sent again, as after a status of 500 or above.
 */
const STATUSES: Readonly<Record<number, ProblemId>> = {
  401: "login",
  403: "forbidden",
  404: "gone",
  408: "timeout",
  410: "archived",
  416: "changed",
  425: "server",
  429: "throttled",
  451: "region",
  499: "server",
};

/** Statuses with which the API refuses for several reasons, and says in words for which one. */
const EXPLAINED: ReadonlySet<number> = new Set([400, 401, 402, 403, 429]);
/** The reasons that such words may give; any other words say no more than the status. */
const EXPLANATIONS: ReadonlySet<ProblemId> = new Set(["quota", "pagecap", "early-access", "disabled"]);

/** A number that counts something is no status: "403 of 500", "403 files", "403 ms". */
const COUNTS = String.raw`(?![\d/%]|[.,]\d| ?(?:of|[kmgt]i?b|ms|s|bytes?|files?|items?|models?|images?|calls?|times?|` +
  String.raw`seconds?|minutes?|hours?|requests?|retries)\b)`;
/** A status with the words before it, such as "HTTP 403" or "status code: 403". */
const NAMED = new RegExp(
  String
    .raw`\b(?:HTTP(?:/\d(?:\.\d)?)?(?: error)?|status(?: ?code)?|error(?: code)?|answer(?:s|ed)|returned|responded|` +
    String.raw`code)(?: with)?[ ="':(]{1,3}(\d{3})${COUNTS}`,
  "i",
);
/** A status with its reason phrase of RFC 9110, such as "404 Not Found". */
const REASONED =
  /\b([45]\d\d) (?:unauthorized|forbidden|not found|gone|request timeout|too many requests|proxy authentication|range not|unavailable for legal|internal server|bad gateway|service unavailable|gateway time-?out|web server|client error|server error)/i;

/**
 * Find the problem of a line of text: by the name of a class of failure, which the program's own lines contain,
 * otherwise by a status of HTTP, otherwise by its words.
 *
 * @param text One line
 * @returns The problem; `null` if nothing in it is known
 */
export function problemOfText(text: string): ProblemId | null {
  return problemNamed(text) ?? problemOfStatus(text) ?? problemOfWords(text);
}

/** Our lines begin with a class (`timeout: …`) or an outcome (`removed: …`), or end with the class in parentheses. */
function problemNamed(text: string): ProblemId | null {
  const label = LABEL.exec(text)?.[1] ?? "";
  if (isFailureClass(label)) return label;
  if (Object.hasOwn(OUTCOMES, label)) return OUTCOMES[label]!;
  const [, inBrackets, last] = CODE.exec(text.slice(-MAX_CODE_LENGTH)) ?? [];
  const code = inBrackets ?? last ?? "";
  return isFailureClass(code) ? code : null;
}

function problemOfWords(text: string): ProblemId | null {
  return WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

function problemOfStatus(text: string): ProblemId | null {
  if (PROXY.test(text)) return "proxy-login";
  const status = Number(NAMED.exec(text)?.[1] ?? REASONED.exec(text)?.[1] ?? 0);
  const words = EXPLAINED.has(status) ? problemOfWords(text) : null;
  if (words !== null && EXPLANATIONS.has(words)) return words;
  if (STATUSES[status] !== undefined) return STATUSES[status];
  if (status >= 500 && status < 600) return "server";
  return status >= 400 && status < 500 ? "rejected" : null;
}
