import { KitError } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import {
  type CatalogItem,
  hashFile,
  inspectFile,
  inspectPicture,
  matchesHashes,
  scanPickleFile,
} from "../../library/mod.ts";
import {
  type ResolveSource,
  type TransferEvent,
  transferFile,
  type TransferRequest,
  type TransferResult,
} from "../../transfer/mod.ts";
import { occupantOf } from "./_occupant_of.ts";
import { checkImageHost } from "./_check_hosts.ts";
import { FlaggedError, isFlaggedPath, unflaggedName } from "../flagged_files.ts";
import type { ItemTerms, SettledFetch } from "../settled_fetch.ts";
import { resolveItem } from "./resolve_item.ts";
import { toEventItem } from "../watch/to_event_item.ts";

/** What a transfer has received; it counts on if the transfer is repeated. */
export interface TransferCounts {
  fetchedBytes: number;
  /** Bytes of the part that was there when the first attempt began. */
  resumedBytes: number | null;
  retries: number;
}

/** The place that the file of an item is renamed to, and how it comes there. */
export interface TransferPlace {
  /** How the item is fetched. */
  readonly terms: ItemTerms;
  /** Counts the bytes and retries, also of a transfer that fails. */
  readonly counts: TransferCounts;
  /** Absolute path. */
  readonly path: string;
  /** The file there that gives way to the new one; `null` if there is none. */
  readonly occupant: Deno.FileInfo | null;
  /** Called when the part is verified, right before it takes the place. */
  readonly clear: () => Promise<void>;
}

/** Thrown with a verified part whose name was taken, or whose predecessor was changed, while its bytes arrived. */
export class NameTakenError extends KitError {
  override readonly name = "NameTakenError";

  /** @param path Path of the item, relative to the library */
  constructor(path: string) {
    super("failed", `Cannot name a finished part "${path}": another file has come there meanwhile`);
  }
}

/**
 * Transfer an item once: resolve its source, fetch it into a part, verify and inspect the part, and rename it.
 *
 * @throws {NameTakenError} If the part is verified, but another file has its name
 */
export async function transferItem(
  context: SettledFetch,
  item: CatalogItem,
  { path, occupant, clear, terms, counts }: TransferPlace,
): Promise<TransferResult> {
  const { mode, space } = context;
  const { profile, decision, signal } = terms;
  const source = sourceOf(context, item, signal);
  using _pending = context.progress?.begin(item.key, { host: () => source.waitsFor });
  return await transferFile(
    {
      path,
      identity: identityOf(item),
      sha256: item.hashes.SHA256 ?? null,
      resolve: source.resolve,
      decision: decision === undefined ? undefined : {
        by: decision.attempt,
        group: decision.arm,
        profile: profile.name,
      },
      checkAddress: item.kind === "file" ? undefined : (url) => checkImageHost(context, url),
      profile,
      // A file that began in a more careful mode gets its connections when the mode rises.
      segments: () => (decision === undefined ? mode.profile : mode.profileUpTo(decision.profile)).segments,
      maxBytes: mostBytes(item),
    },
    context.line,
    {
      signal,
      space: space.spaceFor(item.key),
      inspect: async (partPath) => {
        const problem = await inspect(item, partPath, signal);
        if (problem !== null) return problem;
        if (!isSameFile(occupantOf(path), occupant)) throw new NameTakenError(item.path);
        await clear();
        return null;
      },
      onEvent(event) {
        countEvent(counts, event);
        forwardTransfer(event, { item, source, warnings: context.warnings, onEvent: terms.onEvent });
      },
    },
  );
}

function countEvent(counts: TransferCounts, event: TransferEvent): void {
  if (event.type === "bytes") counts.fetchedBytes += event.count;
  if (event.type === "retry") counts.retries++;
  // A later start also counts the bytes that this run has received.
  if (event.type === "started") counts.resumedBytes ??= event.resumedBytes;
}

function isSameFile(now: Deno.FileInfo | null, before: Deno.FileInfo | null): boolean {
  return now?.size === before?.size && now?.mtime?.getTime() === before?.mtime?.getTime();
}

const MIB = 1024 ** 2;
/** Civitai accepts images of up to 50 MB and videos of up to 750 MB, and does not state their sizes. */
const MAX_IMAGE_BYTES = 1024 * MIB;
/** Limit for a file without a stated size: several times the size of the largest known model. */
const MAX_UNKNOWN_BYTES = 256 * 1024 * MIB;
/** Allows for rounding, and for a small file that was replaced by a slightly larger one. */
const SLACK = 64 * MIB;

/**
 * Return the largest plausible size of an item, in bytes. A stated size is rounded, and out of date where the creator
 * has replaced the file: twice that size plus 64 MiB is accepted.
 */
export function mostBytes({ kind, sizeBytes }: Pick<CatalogItem, "kind" | "sizeBytes">): number {
  if (kind !== "file") return MAX_IMAGE_BYTES;
  return sizeBytes === null || sizeBytes === 0 ? MAX_UNKNOWN_BYTES : 2 * sizeBytes + SLACK;
}

/** Where the bytes of an item come from. */
export interface ItemSource {
  /** Finds the URL. */
  readonly resolve: ResolveSource;
  /** Host of the last URL that was found; `null` before the first. */
  readonly host: string | null;
  /** Host that the next bytes are waited for from: that of the API while the URL is requested. */
  readonly waitsFor: string;
}

/**
 * Resolve the signed URL once and share it between all attempts, since each request for one counts against a daily
 * quota.
 */
export function sourceOf(context: SettledFetch, item: CatalogItem, signal: AbortSignal): ItemSource {
  let known: ReturnType<ResolveSource> | undefined;
  let host: string | null = null;
  let isRequested = false;
  const resolve: ResolveSource = ({ fresh }) => {
    if (known !== undefined && !fresh) return known;
    // All connections of the file wait for this URL, so the signal of a single connection must not abort it.
    isRequested = true;
    const pending = item.kind === "file" ? resolveItem(context, item, { fresh, signal }) : imageSource(context, item);
    // Do not cache a failure.
    pending.then(
      ({ url }) => {
        host = URL.parse(url)?.host ?? null;
        if (known === pending) isRequested = false;
      },
      () => known = known === pending ? undefined : known,
    );
    known = pending;
    return pending;
  };
  return {
    resolve,
    get host() {
      return host;
    },
    get waitsFor() {
      return host === null || isRequested ? new URL(context.client.baseUrl).host : host;
    },
  };
}

/** Read the URL of an image from its row, and check its host again: somebody may have changed the catalog. */
async function imageSource(context: SettledFetch, { source, path }: CatalogItem): ReturnType<ResolveSource> {
  const url = source === null ? null : URL.parse(source);
  if (url === null) throw new FailureError("rejected", `Cannot fetch "${path}": the catalog has no URL for it`);
  checkImageHost(context, url);
  return await Promise.resolve({ url: url.href });
}

async function inspect(item: CatalogItem, partPath: string, signal: AbortSignal): Promise<string | null> {
  if (item.kind !== "file") return (await inspectPicture(partPath)).problem;
  const { problem } = await inspectFile(partPath, { name: unflaggedName(item.path) });
  const mismatch = problem ?? await compareHashes(item, partPath);
  await assertHarmless({ item, partPath, isWhole: mismatch === null }, signal);
  return mismatch;
}

async function compareHashes(item: CatalogItem, partPath: string): Promise<string | null> {
  if (item.hashes.SHA256 !== undefined || Object.keys(item.hashes).length === 0) return null;
  const actual = await hashFile(partPath, { extra: item.hashes.BLAKE3 === undefined ? [] : ["blake3"] });
  return matchesHashes(actual, item.hashes) === "mismatch" ? "its hashes differ from the published ones" : null;
}

interface WholePart {
  readonly item: CatalogItem;
  readonly partPath: string;
  /** Whether the part passed all other checks; if not, it is flagged only for harmful imports. */
  readonly isWhole: boolean;
}

/**
 * Throw if a part would run code when loaded. Files in `quarantine/` are not checked, since they are fetched on
 * purpose.
 */
async function assertHarmless({ item, partPath, isWhole }: WholePart, signal: AbortSignal): Promise<void> {
  if (isFlaggedPath(item.path)) return;
  const { reason, imports } = await scanPickleFile(partPath, { name: unflaggedName(item.path), signal });
  if (reason !== null && (isWhole || imports.length > 0)) throw new FlaggedError(item.path, reason);
}

/** Return the identity of an item's content; a part is resumed only if its journal contains the same identity. */
export function identityOf(item: CatalogItem): TransferRequest["identity"] {
  return { key: item.key, sha256: item.hashes.SHA256 ?? "" };
}

interface Transferred extends Pick<SettledFetch, "onEvent" | "warnings"> {
  readonly item: CatalogItem;
  readonly source: ItemSource;
}

/** Report an event of a transfer as one of the item. */
export function forwardTransfer(event: TransferEvent, { item, source, warnings, onEvent }: Transferred): void {
  const { host } = source;
  switch (event.type) {
    case "bytes":
      return onEvent({ type: "bytes", key: item.key, count: event.count, waitedMs: event.waitedMs });
    case "started":
      return onEvent({
        type: "start",
        item: toEventItem(item),
        host,
        totalBytes: event.totalBytes,
        resumedBytes: event.resumedBytes,
      });
    case "retry":
      return onEvent({ ...event, item: toEventItem(item), host });
    case "restarted":
      return onEvent({ type: "restart", item: toEventItem(item), reason: event.reason, lostBytes: event.lostBytes });
    case "connections":
      return onEvent({ ...event, item: toEventItem(item) });
    case "unflushed":
      return warnOnce(
        { warnings, onEvent },
        "the file system of the library cannot flush files: a power cut may lose the last ones",
      );
    case "verifying":
    case "done":
      return;
  }
}

/** Give a warning that applies to all files of the run. */
function warnOnce({ onEvent, warnings }: Pick<SettledFetch, "onEvent" | "warnings">, message: string): void {
  if (warnings.has(message)) return;
  warnings.add(message);
  onEvent({ type: "warning", message });
}
