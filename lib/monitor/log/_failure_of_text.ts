import type { FailureClass } from "../../failsafe/mod.ts";

/**
 * Patterns that identify a class of failure; the first match wins. An HTTP status in the text takes precedence. Two
 * messages of this program are excluded: a permission that the runtime denies (`auth`), and an error or login page that
 * was received instead of a file.
 */
const PATTERNS: readonly (readonly [RegExp, FailureClass])[] = [
  [/\bENOTFOUND\b|\bEAI_|getaddrinfo|\bdns\b|lookup|resolve host|name resolution|name or service not known/i, "dns"],
  [/proxy auth/i, "rejected"],
  [/\bTIMEOUT\b|timed? ?out|\bETIMEDOUT\b|no answer (came )?(in|within)/i, "timeout"],
  [/\bstall|stood still/i, "stall"],
  [/\btls\b|\bssl\b|certificate|handshake/i, "tls"],
  [
    /no space left|disk (is )?full|not enough (disk )?space|read-only file system|permission denied(?!: \w+ access)|disk has no room|file system (refused|reported an error)/i,
    "disk",
  ],
  [/\b(ENOSPC|EDQUOT|EROFS|EACCES|EIO|EFBIG)\b/, "disk"],
  [/sha-?256|checksum|hash mismatch|corrupt/i, "integrity"],
  [/quota (of (24 hours|a rolling|the day)|for the last 24 hours)|unusual amount of downloading/i, "quota"],
  [/too many pages|use cursors/i, "pagecap"],
  [/too many requests|rate limit/i, "throttled"],
  [/early access/i, "early-access"],
  [/disabled downloads/i, "disabled"],
  [/unauthori[sz]ed|API key|(?<!error or )login page/i, "login"],
  [/forbidden/i, "forbidden"],
  [/archived/i, "archived"],
  [/not found/i, "gone"],
  [/web page|not with JSON|not valid JSON|something else than JSON|not a file/i, "unusable"],
  [/internal server error|bad gateway|service unavailable|gateway time-?out/i, "server"],
  [/connection|\bECONN|\bE(PIPE|HOSTUNREACH|NETUNREACH)\b|broken pipe|unreachable|hang ?up|network/i, "connection"],
];

/**
 * HTTP statuses whose meaning depends on the wording of this program. Its messages about storage say `answered`: from
 * storage, an expired signature yields 400, 401 or 403, depending on who signed the URL. Its messages about the API say
 * `the server responded`, and those of earlier versions `answers`: no range is requested from the API, so a 416 from it is
 * a rejection.
 */
const OWN_STATUSES: Readonly<Record<string, Readonly<Record<number, FailureClass>>>> = {
  answered: {
    400: "expired",
    401: "expired",
    403: "expired",
    408: "server",
    410: "gone",
    451: "rejected",
    499: "rejected",
    503: "throttled",
  },
  answers: { 416: "rejected" },
  "the server responded": { 416: "rejected" },
};

/** HTTP statuses of RFC 9110 and of Cloudflare. */
const STATUSES: Readonly<Record<number, FailureClass>> = {
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

/** A number that counts something is not a status: "403 of 500", "403 files", "403 ms". */
const COUNTS = String.raw`(?![\d/%]|[.,]\d| ?(?:of|[kmgt]i?b|ms|s|bytes?|files?|items?|models?|images?|calls?|times?|` +
  String.raw`seconds?|minutes?|hours?|requests?|retries)\b)`;
/** A status with the words before it, such as "HTTP 403" or "status code: 403". */
const NAMED = new RegExp(
  String.raw`\b(HTTP(?:/\d(?:\.\d)?)?(?: error)?|status(?: ?code)?|error(?: code)?|answers|answered|returned|` +
    String.raw`the server responded|responded|code)(?: with)?[ ="':(]{1,3}(\d{3})${COUNTS}`,
  "i",
);
/** A status with its reason phrase of RFC 9110, such as "404 Not Found". */
const REASONED =
  /\b([45]\d\d) (?:unauthorized|forbidden|not found|gone|request timeout|too many requests|proxy authentication|range not|unavailable for legal|internal server|bad gateway|service unavailable|gateway time-?out|web server|client error|server error)/i;

/**
 * Derive the class of failure from text: from an HTTP status in it, otherwise from its words.
 *
 * @param text One line
 * @returns The class; `unknown` if nothing matches
 */
export function failureOfText(text: string): FailureClass {
  return failureOfStatus(text) ?? PATTERNS.find(([pattern]) => pattern.test(text))?.[1] ?? "unknown";
}

function failureOfStatus(text: string): FailureClass | null {
  const [, prefix, named] = NAMED.exec(text) ?? [];
  const status = Number(named ?? REASONED.exec(text)?.[1] ?? 0);
  // For some statuses, the text of the API is more specific than the number: 429 has two causes, and 403 may mean early
  // access.
  const isAmbiguous = status === 429 || (status >= 400 && status <= 403);
  const refined = isAmbiguous ? PATTERNS.find(([pattern]) => pattern.test(text))?.[1] : undefined;
  if (refined !== undefined && ["quota", "pagecap", "early-access", "disabled"].includes(refined)) return refined;
  return OWN_STATUSES[prefix?.toLowerCase() ?? ""]?.[status] ?? STATUSES[status] ?? failureOfRange(status);
}

function failureOfRange(status: number): FailureClass | null {
  if (status >= 500 && status < 600) return "server";
  if (status >= 400 && status < 500) return "rejected";
  // A redirect is logged as a failure only if it was not followed.
  return status >= 300 && status < 400 ? "refused-host" : null;
}
