import { dirname, join } from "node:path";
import { existsSync, renameFile, syncDir } from "../../base/mod.ts";
import type { ModelVersion } from "../../civitai/mod.ts";
import { classifyFailure, FailureError, RETRY_POLICY } from "../../failsafe/mod.ts";
import {
  type Catalog,
  type CatalogItem,
  disambiguate,
  hashFile,
  matchesHashes,
  resolveInside,
  setAsideCorrupt,
  sniffImage,
} from "../../library/mod.ts";
import {
  IntegrityError,
  partPathOf,
  readJournal,
  removePart,
  type TransferResult,
  writeJournal,
} from "../../transfer/mod.ts";
import { occupantOf } from "./_occupant_of.ts";
import { reserveItem } from "./_reserve_item.ts";
import { NoRoomError } from "./limits/disk_space.ts";
import type { ItemOutcome } from "../download_event.ts";
import { findRecordedFlag, FlaggedError, flaggedPath, isFlaggedPath, recordFlag } from "../flagged_files.ts";
import type { ItemTerms, SettledFetch } from "../settled_fetch.ts";
import { recordDone } from "./_record_done.ts";
import { readHead } from "./_read_head.ts";
import { dropLink } from "./resolve_item.ts";
import { adoptOrRename, setAsideDamaged, useFreePath } from "./_adopt_or_rename.ts";
import { toEventItem } from "../watch/to_event_item.ts";
import {
  identityOf,
  mostBytes,
  NameTakenError,
  type TransferCounts,
  transferItem,
  type TransferPlace,
} from "./transfer_item.ts";

/** Result of {@linkcode fetchItem}. */
export interface FetchResult {
  /** `done`, `already there` or `flagged`. */
  readonly outcome: ItemOutcome;
  /** Bytes received from the network. */
  readonly fetchedBytes: number;
  /** Bytes reused from the part of an earlier run. */
  readonly resumedBytes: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** Why the file went to `quarantine/`; absent unless this run detected it. */
  readonly flag?: string | undefined;
  /** New path of a damaged file that the fetched one has replaced; absent if there was none. */
  readonly aside?: string | undefined;
}

/** Size at which the set of known folders is cleared, to bound its memory. */
const MAX_KNOWN_FOLDERS = 5000;
/** Number of times a corrupt file is fetched before it is put aside. */
const INTEGRITY_TRIES = RETRY_POLICY.file.wrongContentAttempts;

/**
 * Fetch one item of the plan to its final path, and record it in the catalog.
 *
 * @param context Dependencies and settings of the run
 * @param planned A row of the catalog that is not done
 * @param terms How it is fetched; as the run does it by default
 * @returns Outcome, bytes and retries
 * @throws {FailureError} If the item cannot be fetched now; the caller marks the failure in the catalog
 */
export async function fetchItem(
  context: SettledFetch,
  planned: CatalogItem,
  terms: ItemTerms = context,
): Promise<FetchResult> {
  const { library: { root }, knownFolders } = context;
  const settled = await adoptOrRename(context, settleFlag(context, planned), terms);
  const { item } = settled;
  if (item.state === "done") {
    // A kill between the rename of a part and the removal of its journal leaves the journal alone.
    const path = join(root, item.path);
    if (!existsSync(partPathOf(path))) await removePart(path);
    return { outcome: "already there", fetchedBytes: 0, resumedBytes: 0, retries: 0 };
  }
  if (knownFolders.size > MAX_KNOWN_FOLDERS) knownFolders.clear();
  const path = await resolveInside(root, item.path, { knownFolders });
  await context.library.assertPresent();
  makeFolder(dirname(path));
  using _claim = await reserveItem(context, item, path);
  const counts: TransferCounts = { fetchedBytes: 0, resumedBytes: null, retries: 0 };
  let result: TransferResult;
  let aside: string | null = null;
  const clear = async (): Promise<void> => {
    aside = await setAsideDamaged(context, settled, terms);
  };
  try {
    result = await transferVerified(context, item, { path, occupant: occupantOf(path), clear, terms, counts });
  } catch (error) {
    if (error instanceof NameTakenError) {
      await settleTaken(context, { item, path, terms });
      return { outcome: "done", ...counted(counts) };
    }
    if (!(error instanceof FlaggedError)) throw error;
    const flagged = await settleFlagged(context, { item, path, terms, error });
    await clear();
    return { ...flagged, ...counted(counts), ...(aside === null ? {} : { aside }) };
  }
  const named = item.kind === "file" ? item : await renameByContent(context, item, path);
  const outcome = isFlaggedPath(named.path) ? "flagged" : "done";
  recordDone(context, named, { ...result, outcome, actualBytes: result.sizeBytes });
  return {
    outcome,
    fetchedBytes: result.fetchedBytes,
    resumedBytes: result.resumedBytes,
    retries: result.retries,
    ...(aside === null ? {} : { aside }),
  };
}

function counted({ resumedBytes, ...counts }: TransferCounts): Omit<FetchResult, "outcome"> {
  return { ...counts, resumedBytes: resumedBytes ?? 0 };
}

/** Synchronous, because handing it to another thread costs more than the call. */
function makeFolder(path: string): void {
  Deno.mkdirSync(path, { recursive: true });
}

/**
 * Refuse a file that was found harmful before, without fetching it. If flagged files are allowed, give it a path in
 * `quarantine/` instead.
 */
function settleFlag({ library: { catalog }, allowFlagged }: SettledFetch, item: CatalogItem): CatalogItem {
  const flag = item.kind !== "file" || isFlaggedPath(item.path) ? null : findRecordedFlag(catalog, item);
  if (flag === null) return item;
  if (!allowFlagged) throw new FlaggedError(item.path, flag);
  catalog.setPath(item.key, freeFlaggedPath(catalog, item));
  return catalog.item(item.key)!;
}

interface WholePart {
  readonly item: CatalogItem;
  readonly path: string;
  readonly terms: ItemTerms;
}

/** Move the complete part of a flagged file to `quarantine/` with `--allow-flagged`, otherwise delete it. */
async function settleFlagged(
  context: SettledFetch,
  { item, path, terms, error }: WholePart & { readonly error: FlaggedError },
): Promise<Pick<FetchResult, "outcome" | "flag">> {
  const { library: { root, catalog }, allowFlagged } = context;
  const { sizeBytes, ...hashes } = await hashFile(partPathOf(path), { signal: terms.signal });
  recordFlag(catalog, item, { sha256: hashes.sha256, reason: error.reason });
  if (!allowFlagged) {
    await removePart(path);
    throw error;
  }
  const place = freeFlaggedPath(catalog, item, (candidate) => existsSync(join(root, candidate)));
  await namePart(context, path, place);
  catalog.setPath(item.key, place);
  const named = catalog.item(item.key)!;
  recordDone(context, named, { ...hashes, actualBytes: sizeBytes, etag: null, outcome: "flagged" });
  return { outcome: "flagged", flag: error.reason };
}

/** Give a verified part a free path, since another file has come to its own. */
async function settleTaken(context: SettledFetch, { item, path, terms }: WholePart): Promise<void> {
  const { sizeBytes, ...hashes } = await hashFile(partPathOf(path), { signal: terms.signal });
  const named = useFreePath(context, item, terms);
  await namePart(context, path, named.path);
  recordDone(context, named, { ...hashes, actualBytes: sizeBytes, etag: null, outcome: "done" });
}

/** Rename the complete part of `path` to another place in the library. */
async function namePart({ library: { root }, line }: SettledFetch, path: string, place: string): Promise<void> {
  const target = await resolveInside(root, place);
  await Deno.mkdir(dirname(target), { recursive: true });
  await renameFile(partPathOf(path), target);
  await removePart(path);
  if (line.durable) await syncDir(dirname(target));
}

function freeFlaggedPath(
  catalog: Catalog,
  item: CatalogItem,
  isOnDisk: (path: string) => boolean = () => false,
): string {
  const isTaken = (candidate: string): boolean => catalog.itemByPath(candidate) !== null || isOnDisk(candidate);
  return disambiguate(flaggedPath(item.path), [String(item.fileId)], isTaken);
}

async function transferVerified(
  context: SettledFetch,
  planned: CatalogItem,
  place: TransferPlace,
): Promise<TransferResult> {
  const { path, counts, terms: { onEvent, signal } } = place;
  const { library: { root, catalog } } = context;
  let item = planned;
  for (let attempt = 1;; attempt++) {
    try {
      return await transferItem(context, item, place);
    } catch (error) {
      dropLink(context, item, error);
      if (error instanceof NoRoomError && error.isOutgrown) await removePart(path);
      if (classifyFailure(error) === "too-large") {
        await removePart(path);
        const grown = await replanGrown(context, item, signal);
        if (grown === null) throw error;
        item = grown;
        continue;
      }
      if (!(error instanceof IntegrityError)) throw error;
      // If the rejected bytes are the published ones, fetching them again does not help.
      const isPublished = matchesHashes({ sha256: error.actual.sha256 }, item.hashes) === "match";
      const published = isPublished ? null : await fetchPublished(context, item, signal);
      const updated = published?.hashes ?? null;
      if (updated !== null && matchesHashes({ sha256: error.actual.sha256 }, updated) === "match") {
        // The creator has replaced the file since it was listed; the fetched bytes are the new ones.
        item = planPublished(context, item, published!);
        await adoptPart(path, item);
        continue;
      }
      if (!isPublished && attempt < INTEGRITY_TRIES) {
        const eventItem = toEventItem(item);
        onEvent({ type: "restart", item: eventItem, reason: error.message, lostBytes: error.actual.sizeBytes });
        counts.retries++;
        onEvent({ type: "retry", item: eventItem, host: null, attempt, waitMs: 0, failure: "integrity" });
        await removePart(path);
        continue;
      }
      if (error.actual.sha256 === catalog.replacedSha256(item.key)) {
        // A copy of the file on disk would be of no use.
        await removePart(path);
        throw new FailureError("integrity", `Cannot fetch "${item.path}": Civitai still sends the replaced file`, {
          cause: error,
          retryable: false,
          hint: "The old file stays until a later run gets the new one",
        });
      }
      const aside = await setAsideCorrupt(root, partPathOf(path));
      await removePart(path);
      throw new FailureError("integrity", `${error.message} (${times(attempt)}); moved to "${aside}"`, {
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

/** Give a fetched part the identity of the updated item, so that it can be resumed and kept. */
async function adoptPart(path: string, item: CatalogItem): Promise<void> {
  const journal = await readJournal(path);
  if (journal !== null) await writeJournal(path, { ...journal, identity: identityOf(item) });
}

/** Rename an image according to its content: the extension from the API is only a guess based on the media type. */
async function renameByContent(context: SettledFetch, item: CatalogItem, path: string): Promise<CatalogItem> {
  const { library: { root, catalog } } = context;
  const format = sniffImage(await readHead(path));
  const dot = item.path.lastIndexOf(".");
  if (format === null || `.${format}` === item.path.slice(dot)) return item;
  const wantedPath = `${item.path.slice(0, dot)}.${format}`;
  const free = disambiguate(
    wantedPath,
    [String(item.imageId)],
    (candidate) => catalog.itemByPath(candidate) !== null || existsSync(join(root, candidate)),
  );
  await renameFile(path, join(root, free));
  if (context.line.durable) await syncDir(dirname(path));
  catalog.setPath(item.key, free);
  return catalog.item(item.key)!;
}

/** Plan a file again if it exceeds its listed size. Return `null` unless the API now lists a larger file. */
async function replanGrown(
  context: SettledFetch,
  item: CatalogItem,
  signal: AbortSignal,
): Promise<CatalogItem | null> {
  const now = await fetchPublished(context, item, signal);
  if (now === null || mostBytes({ kind: item.kind, sizeBytes: now.sizeBytes }) <= mostBytes(item)) return null;
  return planPublished(context, item, now);
}

/** Plan the content that the API publishes now, and keep the facts that the sidecars of the new file are made of. */
function planPublished(context: SettledFetch, item: CatalogItem, published: PublishedFile): CatalogItem {
  const { catalog } = context.library;
  const { version, hashes, sizeBytes } = published;
  const { files: _files, images: _images, unreadable: _unreadable, ...json } = version;
  return catalog.transaction(() => {
    catalog.putVersion(version.id, { ...version, json });
    return catalog.plan({ ...item, hashes, sizeBytes }, item.runId ?? 0);
  });
}

/** A file as the API publishes it now, with its version. */
interface PublishedFile {
  readonly version: ModelVersion;
  readonly hashes: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
}

/**
 * Request the current hashes and size of a file from the API. Return `null` if the request fails or the file is gone.
 */
async function fetchPublished(
  context: SettledFetch,
  item: CatalogItem,
  signal: AbortSignal,
): Promise<PublishedFile | null> {
  if (item.kind !== "file") return null;
  let version: ModelVersion;
  try {
    version = await context.client.version(item.versionId!, { signal });
  } catch (error) {
    if (classifyFailure(error) === "cancelled" || signal.aborted) throw error;
    return null;
  }
  const file = version.files.find((candidate) => candidate.id === item.fileId);
  if (file === undefined) return null;
  return { version, hashes: file.hashes as Readonly<Record<string, string>>, sizeBytes: file.sizeBytes };
}
