import type { SentTransfer } from "../work/counted_traffic.ts";
import type { SentExchange } from "../../soak/mod.ts";

/** A request for bytes, and what was received. */
export interface RecordedTransfer extends SentTransfer, Pick<SentExchange, "id" | "bytes" | "isWhole"> {}

/** A rule that must hold however many workers there are: `double fetch` or `two writers`. */
export interface Breach {
  /** The broken rule. */
  readonly rule: "double fetch" | "two writers";
  /** Path of the file or image at the storage host. */
  readonly resource: string;
  /** What happened. */
  readonly message: string;
}

/**
 * Find broken rules in the requests of all processes of a run:
 *
 * - No part of a file has two writers: no two requests for the same file, image or range are open at the same time.
 * - Nothing is fetched twice: a file or image is read in full once, and once more for each fault of an earlier response.
 *
 * @param transfers Requests for bytes, in any order
 * @param faulty Ids of the requests whose responses had a fault
 * @returns One breach for each rule and resource
 */
export function findBreaches(
  transfers: readonly RecordedTransfer[],
  faulty: ReadonlySet<string>,
): readonly Breach[] {
  return [...Map.groupBy(transfers, ({ resource }) => resource)].flatMap(([resource, all]) => [
    ...findTwoWriters(resource, all),
    ...findDoubleFetch(resource, all, faulty),
  ]);
}

function findTwoWriters(resource: string, all: readonly RecordedTransfer[]): readonly Breach[] {
  const sorted = all.toSorted((a, b) => a.startedMs - b.startedMs);
  for (const [index, first] of sorted.entries()) {
    const second = sorted.slice(index + 1).find((other) =>
      other.startedMs < first.endedMs && isSameRange(first, other)
    );
    if (second === undefined) continue;
    const message = `requests ${first.id} and ${second.id} were open at the same time, both from byte ${second.start}`;
    return [{ rule: "two writers", resource, message }];
  }
  return [];
}

function isSameRange(first: RecordedTransfer, second: RecordedTransfer): boolean {
  return first.start < second.start + Math.max(1, second.bytes) &&
    second.start < first.start + Math.max(1, first.bytes);
}

function findDoubleFetch(
  resource: string,
  all: readonly RecordedTransfer[],
  faulty: ReadonlySet<string>,
): readonly Breach[] {
  const faults = all.filter(({ id }) => faulty.has(id)).length;
  const isFull = ({ status, start, isWhole }: RecordedTransfer) =>
    isWhole && start === 0 && (status === 200 || status === 206);
  const full = all.filter((one) => isFull(one) && !faulty.has(one.id));
  if (full.length <= 1 + faults) return [];
  const message = `read in full ${full.length} times after ${faults} faults: ${
    full.slice(0, 5).map(({ id }) => id).join(", ")
  }`;
  return [{ rule: "double fetch", resource, message }];
}
