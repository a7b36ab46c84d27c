import type { FailureClass } from "../../failsafe/mod.ts";

/** Meaning of a class of failure, and what the user can do about it. */
export interface FailureRemedy {
  /** What happened, one sentence without a period. */
  readonly meaning: string;
  /** What to do, one sentence without a period. */
  readonly remedy: string;
}

/** Remedies by class of failure; `docs/runbook.md` has a section with more detail for each class. */
export const FAILURE_REMEDIES: Readonly<Record<FailureClass, FailureRemedy>> = {
  timeout: {
    meaning: "No answer came in time",
    remedy: "It is tried again by itself; if it stays, look at the network, or give --timeout more time",
  },
  stall: {
    meaning: "A transfer stood still, or was slower than is of use",
    remedy: "It goes on where it was at the next try; if it stays, look at the network",
  },
  connection: {
    meaning: "A connection could not be made, or broke",
    remedy: "Look at the network; the next run goes on where it was",
  },
  dns: {
    meaning: "A host's name could not be resolved",
    remedy: "Look at the network and the name server",
  },
  tls: {
    meaning: "No secure connection could be made",
    remedy: "Check the clock of this machine, and that no proxy answers in the service's place",
  },
  server: {
    meaning: "The service answered with an error",
    remedy: "Wait until the service is well again: the failsafe slows down by itself",
  },
  unusable: {
    meaning: "A web page or JSON came with a good status where a file or data was asked for",
    remedy: "Open the file's page on the site; if it happens to all files, look for a captive portal or a proxy",
  },
  throttled: {
    meaning: "The service asks for fewer requests",
    remedy: "Nothing: its wish is obeyed; if it stays, lower --download-rate or --api-rate",
  },
  quota: {
    meaning: "The account's quota of 24 hours is used up",
    remedy: "Run again later; --quota stops a run before that",
  },
  pagecap: {
    meaning: "A listing was asked for beyond what the service gives",
    remedy: "This is a mistake of the program: report it, with the line",
  },
  expired: {
    meaning: "A signed link was too old",
    remedy: "A new one is asked for by itself; if it stays, check the clock of this machine",
  },
  login: {
    meaning: "The service wants an API key, or another one: every download needs one",
    remedy: "Make a new API key on the site, and give it with CIVITAI_API_KEY, --token-file or api_key.md",
  },
  forbidden: {
    meaning: "This account may not have the file",
    remedy: "Open it on the site once, or use another account's key",
  },
  "early-access": {
    meaning: "The file is for payers until a date, or for ever",
    remedy: "Wait until it is free: it is asked for again then; or buy access on the site",
  },
  gone: {
    meaning: "The file was removed from the service",
    remedy: "Nothing brings it back from there: keep what the library has",
  },
  archived: {
    meaning: "The creator has archived the file",
    remedy: "Nothing, unless the creator brings it back",
  },
  disabled: {
    meaning: "The creator has disabled downloads",
    remedy: "Nothing, unless the creator allows them",
  },
  region: {
    meaning: "The service does not serve this country",
    remedy: "Nothing from here",
  },
  flagged: {
    meaning: "Civitai calls the file dangerous, or it would import something that is not known to be harmless",
    remedy: "Leave it; if you trust it anyway, --allow-flagged fetches it to quarantine/",
  },
  rejected: {
    meaning: "The service refuses the request, and would again",
    remedy: "Check what was asked for; report it with the line if it stays",
  },
  "refused-host": {
    meaning: "The service sends us to a host that is not trusted, or to an address of a private network",
    remedy: "Give --allow-host HOST for a public host that you trust; report any other address to Civitai",
  },
  "too-large": {
    meaning: "The service sends far more bytes than it stated",
    remedy: "Look at the file's page on the site; a later run fetches it if the size there is right",
  },
  integrity: {
    meaning: "The bytes are not the ones that were promised, three times over",
    remedy: "They lie in corrupted/; if the creator replaced the file, a later run gets the new one",
  },
  changed: {
    meaning: "The file changed while it was fetched",
    remedy: "The next run fetches the new one",
  },
  tripped: {
    meaning: "A person opened the breaker of the host, so nothing is asked of it",
    remedy: "Close it with civitai-dl failsafe reset HOST, or wait until its time is over",
  },
  disk: {
    meaning: "The local disk refused",
    remedy: "Make room, or mend the permissions of the library's folder",
  },
  cancelled: {
    meaning: "Somebody stopped it",
    remedy: "Run again to go on where it was",
  },
  unknown: {
    meaning: "Something that has no class",
    remedy: "Read the line, and what stands around it in logs/download.log; report it if it stays",
  },
};

/** All classes of failure, in the order of {@linkcode FAILURE_REMEDIES}. */
export const FAILURE_CLASSES: readonly FailureClass[] = Object.keys(FAILURE_REMEDIES) as FailureClass[];

/**
 * Return the section of the runbook about a class of failure.
 *
 * @param failure The class
 * @returns A path with an anchor, such as `docs/runbook.md#timeout`
 */
export function runbookOf(failure: FailureClass): string {
  return `docs/runbook.md#${failure}`;
}
