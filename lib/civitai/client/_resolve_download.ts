import { FailureError } from "../../failsafe/mod.ts";
import type { BaseUrl } from "../requests/parse_base_url.ts";
import type { Requester } from "../requests/requester.ts";
import { checkDownloadHost } from "../check_download_host.ts";
import { type DownloadChoice, downloadUrlAt } from "./download_url.ts";
import type { ResolvedDownload } from "./resolved_download.ts";
import { signedUntil } from "../signed_until.ts";

const MAX_HOPS = 10;

/** Options of {@linkcode resolveDownload}. */
interface ResolveDownloadOptions {
  readonly allowedHosts: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** Follow the download route to the first address outside the API. The storage itself receives no request. */
export async function resolveDownload(
  requester: Requester,
  choice: DownloadChoice,
  options: ResolveDownloadOptions,
): Promise<ResolvedDownload> {
  const { signal } = options;
  const file = choice.fileId === undefined || choice.linkedQuery ? "" : `file ${choice.fileId} of `;
  const what = `download ${file}version ${choice.versionId}`;
  return await requester.anywhere(signal, (base) => {
    const url = downloadUrlAt(base, choice);
    return requester.persist(
      { what, lane: "download", signal },
      url,
      (attempt) => followHops(requester, { url, base, what, attempt, ...options }),
    );
  });
}

interface HopOptions extends ResolveDownloadOptions {
  readonly url: string;
  readonly base: BaseUrl;
  readonly what: string;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
}

async function followHops(requester: Requester, options: HopOptions): Promise<ResolvedDownload> {
  const { what, signal, attempt } = options;
  let url = new URL(options.url);
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const response = await requester.wire.send(url, { what, signal, operation: "resolve", attempt });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) {
      return await acceptResponse(requester, response, { ...options, url: url.href });
    }
    await response.body?.cancel();
    const next = URL.parse(location, url);
    if (next === null) throw new FailureError("server", `Cannot ${what}: the server redirects to an invalid address`);
    rejectPage(next, what);
    if (!requester.wire.isApi(next)) {
      checkDownloadHost(next, { ...options, isBaseLoopback: options.base.isLoopback });
      return { url: next.href, expiresAt: signedUntil(next), direct: false };
    }
    url = next;
  }
  throw new FailureError("server", `Cannot ${what}: more than ${MAX_HOPS} redirects`, { retryable: false });
}

/** Handle a response that is not a redirect: the file itself, or a refusal. */
async function acceptResponse(
  requester: Requester,
  response: Response,
  options: HopOptions,
): Promise<ResolvedDownload> {
  const { what, signal, attempt } = options;
  const exchange = { what, signal, operation: "resolve", attempt } as const;
  const isFile = response.ok && !/\b(?:html|json)\b/i.test(response.headers.get("content-type") ?? "");
  if (!isFile) throw requester.refusal(response, await requester.wire.text(response, exchange), what);
  await response.body?.cancel();
  return { url: options.url, expiresAt: null, direct: true };
}

/**
 * Throw for a redirect to a web page, which the server sends instead of an error to clients that it takes for browsers.
 */
function rejectPage(url: URL, what: string): void {
  if (url.pathname.includes("/api/")) return;
  if (/^\/login\b/.test(url.pathname) || url.hostname === "auth.civitai.com") {
    throw new FailureError("login", `Cannot ${what}: the server redirects to its login page`, {
      hint:
        "Create an API key at https://civitai.com/user/account, or a new one if it has expired: every download needs one",
    });
  }
  if (/^\/(?:model-versions|models)\/\d+/.test(url.pathname)) {
    throw new FailureError("early-access", `Cannot ${what}: the server redirects to the page that sells access`);
  }
}
