import type { FailureClass } from "../../failsafe/mod.ts";
import type { RunSummary } from "../fetch/run_summary.ts";

const NEW_KEY = "create an API key at https://civitai.com/user/account, and set it with CIVITAI_API_KEY, " +
  "--token-file or api_key.md: every download needs one";
const LATER = "run again to continue";

/** What the user can do, by failure class; classes that need no action are absent. */
const HINTS: Partial<Record<FailureClass, string>> = {
  login: NEW_KEY,
  forbidden: "the account has no access: open it on the site once, or use the key of another account",
  region: "Civitai does not serve this country",
  flagged: "if you trust the file anyway, download it with --allow-flagged to quarantine/, where no program loads it",
  "early-access": "wait until it is free, or buy access on the site",
  timeout: `${LATER}; --timeout gives a slow service more time`,
  stall: LATER,
  connection: `check the network, then ${LATER}`,
  dns: `check the network and the name server, then ${LATER}`,
  tls: "check the clock of this machine, and that no proxy answers in the service's place",
  server: `the service has problems: ${LATER}`,
  unusable: "open the file's page on the site; if it happens to all files, look for a captive portal or a proxy",
  throttled: `${LATER}, or lower --download-rate`,
  quota: "the account's quota for the last 24 hours is used up: try again later",
  rejected: "the service refuses the request: report it with logs/download.log if the problem persists",
  "refused-host":
    "if it is a public host that you trust, allow it with --allow-host HOST; other addresses are always refused",
  "too-large": "check the size on the file's page on the site: a later run fetches the file if that size is right",
  integrity: "the file was moved to corrupted/: if the creator replaced the file, a later run gets the new one",
  changed: LATER,
  tripped: "the breaker of the host was opened manually: `civitai-dl failsafe reset HOST` closes it",
};

/**
 * List what the user can do about the failures of a run, once for each failure class.
 *
 * @param run Failed items, and outcomes
 * @returns Lines such as `login: make a new API key …`: first the classes of failed items in the order of their first
 * occurrence, then refusals
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { failureHints } from "@civitai-dl/civitai-dl/downloader";
 *
 * const hints = failureHints({ failed: [], outcomes: { done: 8, "early-access": 2 } });
 * assertEquals(hints, ["early-access: wait until it is free, or buy access on the site"]);
 * ```
 */
export function failureHints(run: Pick<RunSummary, "failed" | "outcomes">): readonly string[] {
  // Refused items are only counted; they are not in the list of failed items.
  const refused = (["forbidden", "region", "flagged", "early-access"] as const).filter((name) =>
    (run.outcomes[name] ?? 0) > 0
  );
  const kinds = new Set<FailureClass>([...run.failed.map((item) => item.failure), ...refused]);
  return [...kinds].flatMap((kind) => HINTS[kind] === undefined ? [] : [`${kind}: ${HINTS[kind]}`]);
}
