import type { FailureClass } from "../../failsafe/mod.ts";

/** Meaning of a class of failure, and what the user can do about it. */
export interface FailureRemedy {
  /** What happened, one sentence without a period. */
  readonly meaning: string;
  /** What to do, one sentence without a period. */
  readonly remedy: string;
}

/** What the user can do about a class of failure, with the command that shows more or mends it. */
export interface ClassRemedy extends FailureRemedy {
  /** The next command; HOST and LINE stand for values of the failure. */
  readonly next: string;
}

/** Remedies by class of failure; `docs/runbook/` has a page with more detail for each class. */
export const FAILURE_REMEDIES: Readonly<Record<FailureClass, ClassRemedy>> = {
  timeout: {
    meaning: "No answer came in time",
    remedy: "It is retried automatically; if it keeps failing, check the network, or set the --host-timeout " +
      "that tune-timeouts proposes",
    next: "civitai-dl tune-timeouts --adaptive",
  },
  stall: {
    meaning: "A transfer stalled, or was too slow to be useful",
    remedy: "The next attempt resumes it; if it keeps happening, check the network",
    next: "civitai-dl health-check",
  },
  connection: {
    meaning: "A connection could not be made, or broke",
    remedy: "Check the network; the next run resumes the download",
    next: "civitai-dl health-check",
  },
  dns: {
    meaning: "A host's name could not be resolved",
    remedy: "Check the network and the name server",
    next: "civitai-dl health-check",
  },
  tls: {
    meaning: "No secure connection could be made",
    remedy: "Check the clock of this machine, and that no proxy answers in the service's place",
    next: "civitai-dl health-check",
  },
  server: {
    meaning: "The service answered with an error",
    remedy: "Wait until the service has recovered: the failsafe slows down automatically",
    next: "civitai-dl failsafe",
  },
  unusable: {
    meaning: "A web page or JSON came with a success status in place of the requested file or data",
    remedy: "Open the file's page on the site; if it happens to all files, look for a captive portal or a proxy",
    next: "civitai-dl health-check",
  },
  throttled: {
    meaning: "The service asks for fewer requests",
    remedy: "Nothing: the program slows down as requested; if it keeps happening, lower --download-rate or --api-rate",
    next: "civitai-dl failsafe",
  },
  quota: {
    meaning: "The account's quota of 24 hours is used up",
    remedy: "Run again later; --quota stops a run before that",
    next: "civitai-dl health-check --only quota",
  },
  pagecap: {
    meaning: "A listing was requested beyond the page limit of the service",
    remedy: "This is a bug in the program: report it, with the line",
    next: "civitai-dl handle-issue --open --log-line LINE",
  },
  expired: {
    meaning: "A signed link had expired",
    remedy: "A new link is requested automatically; if it keeps happening, check the clock of this machine",
    next: "civitai-dl health-check --only clock",
  },
  login: {
    meaning: "The service wants an API key, or another one: every download needs one",
    remedy: "Create a new API key on the site, and pass it with CIVITAI_API_KEY, --token-file or api_key.md",
    next: "civitai-dl health-check --only key",
  },
  forbidden: {
    meaning: "This account has no access to the file",
    remedy: "Open it on the site once, or use another account's key",
    next: "civitai-dl list --state refused",
  },
  "early-access": {
    meaning: "The file is available only to paying users, until a date or permanently",
    remedy: "Wait until it is free: a later run fetches it then; or buy access on the site",
    next: "civitai-dl list --state deferred",
  },
  gone: {
    meaning: "The service has no such creator, model or file: it was removed, or the name is wrong",
    remedy: "Check the name on the site; what was removed cannot be fetched again: keep the copy in the library",
    next: "civitai-dl search NAME",
  },
  archived: {
    meaning: "The creator has archived the file",
    remedy: "Nothing, unless the creator brings it back",
    next: "civitai-dl list --state refused",
  },
  disabled: {
    meaning: "The creator has disabled downloads",
    remedy: "Nothing, unless the creator allows them",
    next: "civitai-dl list --state refused",
  },
  region: {
    meaning: "The service does not serve this country",
    remedy: "Nothing from here",
    next: "civitai-dl list --state refused",
  },
  flagged: {
    meaning: "Civitai reports the file as dangerous, or it imports something that is not known to be harmless",
    remedy: "Do without it; if you trust it anyway, download it to quarantine/ with --allow-flagged",
    next: "civitai-dl verify --deep",
  },
  rejected: {
    meaning: "The service rejects the request, and would reject it again",
    remedy: "Check what was requested; report it with the line if it keeps happening",
    next: "civitai-dl handle-issue --open --log-line LINE",
  },
  "refused-host": {
    meaning: "The service redirects to a host that is not trusted, or to an address of a private network",
    remedy: "Give --allow-host HOST for a public host that you trust; report any other address to Civitai",
    next: "civitai-dl download --allow-host HOST",
  },
  "too-large": {
    meaning: "The service sends far more bytes than it stated",
    remedy: "Check the file's page on the site; a later run fetches it if the size there is right",
    next: "civitai-dl list --state failed",
  },
  integrity: {
    meaning: "The bytes did not match the published hash in three attempts",
    remedy: "They are kept in corrupted/; if the creator replaced the file, a later run fetches the new one",
    next: "civitai-dl repair",
  },
  changed: {
    meaning: "The file changed while it was fetched",
    remedy: "The next run fetches the new one",
    next: "civitai-dl download",
  },
  tripped: {
    meaning: "The breaker of the host was opened manually, so no requests are sent to it",
    remedy: "Close it with civitai-dl failsafe reset HOST, or wait until it closes by itself",
    next: "civitai-dl failsafe reset HOST",
  },
  disk: {
    meaning: "The local disk rejected a read or a write",
    remedy: "Free some space, or fix the permissions of the library's folder",
    next: "civitai-dl health-check --only disk,write,permissions",
  },
  cancelled: {
    meaning: "The run was stopped",
    remedy: "Run the same command again to resume",
    next: "civitai-dl download",
  },
  unknown: {
    meaning: "A failure of no known class",
    remedy: "Read the line, and the lines around it in logs/download.log; report it if it keeps happening",
    next: "civitai-dl analyze-errors",
  },
};

/** All classes of failure, in the order of {@linkcode FAILURE_REMEDIES}. */
export const FAILURE_CLASSES: readonly FailureClass[] = Object.keys(FAILURE_REMEDIES) as FailureClass[];

/**
 * Return the page of the runbook about a class of failure.
 *
 * @param failure The class
 * @returns A path, such as `docs/runbook/timeout.md`
 */
export function runbookOf(failure: FailureClass): string {
  return `docs/runbook/${failure}.md`;
}
