import type { Catalog, CatalogItem, MarkFacts } from "../../library/mod.ts";
import type { FileVerdict } from "./verify_library.ts";

/** The verdicts that something can be done about. */
export type BrokenVerdict = Exclude<FileVerdict, "ok" | "flagged" | "unreadable" | "unverified">;

/** Whether an item was found broken and has not been mended since. */
export function isMarkedBroken(item: CatalogItem): boolean {
  return item.state !== "done" && (BROKEN as readonly (string | null)[]).includes(item.outcome);
}

/** Whether a verdict is one of those. */
export function isBroken(verdict: FileVerdict): verdict is BrokenVerdict {
  return (BROKEN as readonly FileVerdict[]).includes(verdict);
}

/** How a broken item is marked, so that a later run takes it up. */
export function brokenMark(verdict: BrokenVerdict, reason: string): MarkFacts {
  return { state: verdict === "corrupt" ? "failed" : "planned", outcome: verdict, reason };
}

const BROKEN: readonly BrokenVerdict[] = ["missing", "changed", "corrupt"];

/** Size and date of a file when it was looked at. */
export interface SeenFile {
  readonly sizeBytes: number;
  /** Milliseconds. */
  readonly mtimeMs: number;
}

/**
 * Mark an item as broken, and remember size and date of the damaged file, so that a later change by the user is not
 * taken for it.
 */
export function markBroken(catalog: Catalog, item: CatalogItem, facts: BrokenFacts): void {
  const { verdict, reason, seen } = facts;
  catalog.mark(item.key, brokenMark(verdict, reason));
  if (verdict === "corrupt" && seen !== null) catalog.remember(damageNote(item), fingerprint(seen));
}

/** What {@linkcode markBroken} is told. */
export interface BrokenFacts {
  readonly verdict: BrokenVerdict;
  readonly reason: string;
  /** `null` when there was no file. */
  readonly seen: SeenFile | null;
}

/**
 * Whether a file was found corrupt and nobody has touched it since. Planning it anew, as every download does, takes the
 * mark from the row, not what was seen.
 */
export function isKnownDamage(catalog: Catalog, item: CatalogItem, seen: SeenFile): boolean {
  if (item.state === "done") return false;
  const isAsNoted = seen.sizeBytes === item.actualBytes && seen.mtimeMs === item.mtimeMs;
  return (item.outcome === "corrupt" && isAsNoted) || catalog.recall(damageNote(item)) === fingerprint(seen);
}

/** Call when the damaged content is gone. */
export function forgetDamage(catalog: Catalog, item: CatalogItem): void {
  catalog.remember(damageNote(item), null);
}

function damageNote({ key }: CatalogItem): string {
  return `damaged:${key}`;
}

function fingerprint({ sizeBytes, mtimeMs }: SeenFile): string {
  return `${sizeBytes} bytes of ${mtimeMs}`;
}
