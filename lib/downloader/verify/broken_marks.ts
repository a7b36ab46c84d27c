import type { Catalog, CatalogItem, MarkFacts } from "../../library/mod.ts";
import type { FileVerdict } from "./verify_summary.ts";

/** The verdicts that a repair can fix. */
export type BrokenVerdict = Exclude<FileVerdict, "ok" | "flagged" | "unreadable" | "unverified">;

/**
 * Whether an item had its file once, and is not done now. Only the disk can tell whether the file is lost: the row may
 * be marked as broken, or have the outcome of a later attempt. A file that is refused as harmful need not be there.
 */
export function wasDone({ state, outcome, doneAt }: CatalogItem): boolean {
  return doneAt !== null && state !== "done" && !(state === "refused" && outcome === "flagged");
}

/** Whether a repair can fix what a verdict reports. */
export function isBroken(verdict: FileVerdict): verdict is BrokenVerdict {
  return (BROKEN as readonly FileVerdict[]).includes(verdict);
}

/** Build the mark of a broken item: state and outcome that make a later run fetch or repair it. */
function brokenMark(verdict: BrokenVerdict, reason: string): MarkFacts {
  return { state: verdict === "corrupt" ? "failed" : "planned", outcome: verdict, reason };
}

const BROKEN: readonly BrokenVerdict[] = ["missing", "changed", "corrupt"];

/** Size and modification time of a file when it was checked. */
export interface FileStat {
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number;
}

/**
 * Mark an item as broken, and record the size and date of a corrupt file, so that a later change by the user is not
 * mistaken for the damage. An item that Civitai refuses or the user has declined keeps that mark: no later run is to
 * request it on its own.
 */
export function markBroken(catalog: Catalog, item: CatalogItem, facts: BrokenFacts): void {
  const { verdict, reason, seen } = facts;
  if (item.state !== "refused" && item.state !== "deferred") catalog.mark(item.key, brokenMark(verdict, reason));
  if (verdict === "corrupt" && seen !== null) catalog.setNote(damageNote(item), fingerprint(seen));
}

/** What {@linkcode markBroken} records. */
export interface BrokenFacts {
  readonly verdict: BrokenVerdict;
  readonly reason: string;
  /** Size and date of the broken file; `null` when there was none. */
  readonly seen: FileStat | null;
}

/**
 * Whether a file was found corrupt and has not been modified since. Every download plans the item again, which clears
 * the mark in its row; the note about size and date stays.
 */
export function isKnownDamage(catalog: Catalog, item: CatalogItem, seen: FileStat): boolean {
  if (item.state === "done") return false;
  const isAsRecorded = seen.sizeBytes === item.actualBytes && seen.mtimeMs === item.mtimeMs;
  return (item.outcome === "corrupt" && isAsRecorded) || catalog.note(damageNote(item)) === fingerprint(seen);
}

/** Why a file is corrupt that {@linkcode isKnownDamage} recognizes; the reason of a later attempt is another one. */
export function describeKnownDamage({ outcome, reason }: CatalogItem): string {
  const found = outcome === "corrupt" ? reason : null;
  return found ?? "it was found damaged, and its size and date have not changed since";
}

/** Forget the damage of an item; call this when the damaged content is gone. */
export function forgetDamage(catalog: Catalog, item: CatalogItem): void {
  catalog.setNote(damageNote(item), null);
}

function damageNote({ key }: CatalogItem): string {
  return `damaged:${key}`;
}

function fingerprint({ sizeBytes, mtimeMs }: FileStat): string {
  return `${sizeBytes} bytes of ${mtimeMs}`;
}
