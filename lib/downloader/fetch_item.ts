import { dirname, join } from "node:path";
import type { Clock } from "../base/mod.ts";
import { checkDownloadHost, type Client, type ModelVersion } from "../civitai/mod.ts";
import { type AdaptiveTimeout, classifyFailure, FailureError, type RetryBudget } from "../failsafe/mod.ts";
import {
  type CatalogItem,
  disambiguate,
  hashFile,
  inspectFile,
  matchesHashes,
  quarantine,
  resolveInside,
  sniffImage,
} from "../library/mod.ts";
import {
  type ConnectionGate,
  followRedirects,
  type HashPool,
  IntegrityError,
  type LineMemory,
  partPathOf,
  type Profile,
  type RateLimiter,
  readJournal,
  removePart,
  type ResolveSource,
  type SocketTransport,
  type TransferEvent,
  transferFile,
  type TransferRequest,
  type TransferResult,
  type Transport,
  writeJournal,
} from "../transfer/mod.ts";
import type { DayQuota } from "./day_quota.ts";
import type { DownloadEvent, ItemOutcome } from "./download_event.ts";
import type { LinkStore } from "./link_store.ts";
import type { Library } from "./open_library.ts";
import { toEventItem } from "./to_event_item.ts";
import { admitItem } from "./_admit_item.ts";
import { existsSync } from "./_exists_sync.ts";
import { noteDone } from "./_note_done.ts";
import { readHead } from "./_read_head.ts";
import { dropLink, resolveItem } from "./_resolve_item.ts";
import { settlePath } from "./_settle_path.ts";

/** What fetching needs. */
export interface FetchContext {
  /** Where to. */
  readonly library: Library;
  /** Where from. */
  readonly client: Client;
  /** How requests for bytes are sent. */
  readonly transport: Transport;
  /** Connects ahead; see `SocketTransport.warm`. */
  readonly warm?: SocketTransport["warm"] | undefined;
  /** The engine. */
  readonly profile: Profile;
  /** Beats the profile's. */
  readonly maxRetries?: number | undefined;
  /** Shared by all items. */
  readonly budget?: RetryBudget | undefined;
  /** Shared by all items: how long each host may take to answer. */
  readonly timeouts?: AdaptiveTimeout | undefined;
  /** Links that outlive a killed process. */
  readonly links?: LinkStore | undefined;
  /** Shared by all items: what a day may use. */
  readonly quota?: DayQuota | undefined;
  /** Shared by all items. */
  readonly limiter?: RateLimiter | undefined;
  /** Says how many connections each host may have. */
  readonly gate?: ConnectionGate | undefined;
  /** Remembers where more connections pay. */
  readonly lines?: LineMemory | undefined;
  /** Folders of the library that were looked at. */
  readonly knownFolders?: Set<string> | undefined;
  /** Hashes large files. */
  readonly hashers?: HashPool | undefined;
  /** See `TransferOptions.durable`. */
  readonly durable?: boolean | undefined;
  /** Told what happens. */
  readonly onEvent: (event: DownloadEvent) => void;
  /** Stamps and waits. */
  readonly clock: Clock;
  /** Stops the fetch; the part stays resumable. */
  readonly signal: AbortSignal;
}

/** How one item ended. */
export interface FetchResult {
  /** The named outcome. */
  readonly outcome: ItemOutcome;
  /** What came over the line. */
  readonly fetchedBytes: number;
  /** What was there from an earlier run. */
  readonly resumedBytes: number;
  /** Tries after the first. */
  readonly retries: number;
}

/** Folders are known for as long as it takes to work through some thousand. */
const MAX_KNOWN_FOLDERS = 5000;
/** A corrupt file is fetched this often before it is put aside. */
const INTEGRITY_TRIES = 3;

/**
 * Fetch one item of the plan to its final name and note it in the catalog.
 *
 * @param context What fetching needs
 * @param planned The item
 * @returns How it ended
 * @throws {FailureError} If it cannot be had now; the catalog is left to the caller
 */
export async function fetchItem(context: FetchContext, planned: CatalogItem): Promise<FetchResult> {
  const { library: { root }, knownFolders } = context;
  const item = await settlePath(context, planned);
  if (item.state === "done") return { outcome: "already there", fetchedBytes: 0, resumedBytes: 0, retries: 0 };
  if (knownFolders !== undefined && knownFolders.size > MAX_KNOWN_FOLDERS) knownFolders.clear();
  const path = await resolveInside(root, item.path, { knownFolders });
  await Deno.mkdir(dirname(path), { recursive: true });
  using _claim = await admitItem(context, item, path);
  const result = await transferVerified(context, item, path);
  const named = item.kind === "file" ? item : await renameByContent(context, item, path);
  await noteDone(context, named, { ...result, outcome: "done", actualBytes: result.sizeBytes });
  return {
    outcome: "done",
    fetchedBytes: result.fetchedBytes,
    resumedBytes: result.resumedBytes,
    retries: result.retries,
  };
}

async function transferVerified(context: FetchContext, planned: CatalogItem, path: string): Promise<TransferResult> {
  const { library: { root, catalog }, onEvent } = context;
  let item = planned;
  for (let attempt = 1;; attempt++) {
    try {
      return await transferOnce(context, item, path);
    } catch (error) {
      if (dropLink(context, item, error)) continue;
      if (!(error instanceof IntegrityError)) throw error;
      // What is refused although it is what was published does not get better by being fetched again.
      const isPublished = matchesHashes({ sha256: error.actual.sha256 }, item.hashes) === "match";
      const updated = isPublished ? null : await askAgain(context, item);
      if (updated !== null && matchesHashes({ sha256: error.actual.sha256 }, updated) === "match") {
        // It was uploaded anew since it was listed; what came is right.
        item = catalog.plan({ ...item, hashes: updated }, item.runId ?? 0);
        await adoptPart(path, item);
        continue;
      }
      if (!isPublished && attempt < INTEGRITY_TRIES) {
        onEvent({ type: "restart", item: toEventItem(item), reason: error.message, lostBytes: error.actual.sizeBytes });
        await removePart(path);
        continue;
      }
      const aside = await quarantine(root, partPathOf(path));
      await removePart(path);
      throw new FailureError("integrity", `${error.message} (${times(attempt)}); put aside as "${aside}"`, {
        cause: error,
        retryable: false,
        hint: "If the creator replaced the file, a later run will get the new one",
      });
    }
  }
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

/** Let the part that came be the part of what is expected now. */
async function adoptPart(path: string, item: CatalogItem): Promise<void> {
  const journal = await readJournal(path);
  if (journal !== null) await writeJournal(path, { ...journal, identity: identityOf(item) });
}

function identityOf(item: CatalogItem): TransferRequest["identity"] {
  return { key: item.key, sha256: item.hashes.SHA256 ?? "" };
}

function transferOnce(context: FetchContext, item: CatalogItem, path: string): Promise<TransferResult> {
  const { transport, profile, maxRetries, budget, timeouts, limiter, durable, signal, clock, onEvent } = context;
  const { gate, lines, hashers } = context;
  return transferFile({
    path,
    identity: identityOf(item),
    sha256: item.hashes.SHA256 ?? null,
    resolve: sourceOf(context, item),
  }, {
    transport: item.kind === "file" ? transport : followRedirects(transport, { check: checkImageHost(context) }),
    ...{ profile, maxRetries, budget, timeouts, limiter, gate, lines, hashers, durable, signal, clock },
    inspect: (partPath) => inspect(item, partPath),
    onEvent: (event) => forward(event, item, onEvent),
  });
}

/** The signed URL is asked for once and shared by all tries; each answer counts against a daily quota. */
function sourceOf(context: FetchContext, item: CatalogItem): ResolveSource {
  let known: ReturnType<ResolveSource> | undefined;
  return ({ fresh }) => {
    if (known !== undefined && !fresh) return known;
    // All connections of the file wait for it: none of them alone may end it.
    const asked = item.kind === "file"
      ? resolveItem(context, item, { fresh, signal: context.signal })
      : Promise.resolve({ url: item.source ?? "" });
    // A failed answer is not kept.
    asked.catch(() => known = known === asked ? undefined : known);
    known = asked;
    return asked;
  };
}

/** Where Civitai keeps images. */
const IMAGE_HOSTS = ["image.civitai.com", "image-b2.civitai.com", "*.backblazeb2.com", "*.r2.cloudflarestorage.com"];

function checkImageHost(context: FetchContext): (url: URL) => void {
  const { hostname } = new URL(context.client.baseUrl);
  const isBaseLoopback = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return (url) => checkDownloadHost(url, { allowedHosts: IMAGE_HOSTS, isBaseLoopback, what: "fetch an image" });
}

async function inspect(item: CatalogItem, partPath: string): Promise<string | null> {
  const name = item.path.slice(item.path.lastIndexOf("/") + 1);
  const { format, problem } = await inspectFile(partPath, { name: item.kind === "file" ? name : "image.bin" });
  if (item.kind === "file") {
    if (problem !== null) return problem;
    if (item.hashes.SHA256 !== undefined || Object.keys(item.hashes).length === 0) return null;
    const actual = await hashFile(partPath, { extra: item.hashes.BLAKE3 === undefined ? [] : ["blake3"] });
    return matchesHashes(actual, item.hashes) === "mismatch" ? "its hashes are not the published ones" : null;
  }
  return format === "html" || format === "json" ? `it is ${format}, no image` : null;
}

/** The extension that the API gives is a guess by media type: the first bytes know better. */
async function renameByContent(context: FetchContext, item: CatalogItem, path: string): Promise<CatalogItem> {
  const { library: { root, catalog } } = context;
  const sniffed = sniffImage(await readHead(path));
  const dot = item.path.lastIndexOf(".");
  if (sniffed === null || `.${sniffed.ext}` === item.path.slice(dot)) return item;
  const wish = `${item.path.slice(0, dot)}.${sniffed.ext}`;
  const free = disambiguate(
    wish,
    [String(item.imageId)],
    (candidate) => catalog.itemByPath(candidate) !== null || existsSync(join(root, candidate)),
  );
  await Deno.rename(path, join(root, free));
  catalog.setPath(item.key, free);
  return catalog.item(item.key)!;
}

/** The hashes that the API publishes now; `null` when it cannot say. */
async function askAgain(context: FetchContext, item: CatalogItem): Promise<Readonly<Record<string, string>> | null> {
  if (item.kind !== "file") return null;
  let version: ModelVersion;
  try {
    version = await context.client.version(item.versionId!, { signal: context.signal });
  } catch (error) {
    if (classifyFailure(error) === "cancelled" || context.signal.aborted) throw error;
    return null;
  }
  const file = version.files.find((candidate) => candidate.id === item.fileId);
  return file === undefined ? null : file.hashes as Readonly<Record<string, string>>;
}

function forward(event: TransferEvent, item: CatalogItem, onEvent: FetchContext["onEvent"]): void {
  const told = toEventItem(item);
  switch (event.type) {
    case "bytes":
      return onEvent({ type: "bytes", key: item.key, count: event.count });
    case "started":
      return onEvent({ type: "start", item: told, totalBytes: event.totalBytes, resumedBytes: event.resumedBytes });
    case "retry":
      return onEvent({ ...event, item: told });
    case "restarted":
      return onEvent({ type: "restart", item: toEventItem(item), reason: event.reason, lostBytes: event.lostBytes });
    case "connections":
      return onEvent({ ...event, item: told });
    case "verifying":
    case "done":
      return;
  }
}
