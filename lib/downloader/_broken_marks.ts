import type { CatalogItem, MarkFacts } from "../library/mod.ts";
import type { FileVerdict } from "./verify_library.ts";

/** The verdicts that something can be done about. */
export type BrokenVerdict = Exclude<FileVerdict, "ok" | "unverified">;

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
