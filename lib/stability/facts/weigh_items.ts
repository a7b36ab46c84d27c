import type { ExpectedItem } from "../../comparison/mod.ts";
import { MAX_WIRE_RATIO, type SoakMessage } from "../../soak/mod.ts";

/** What a job fetched, and what the sandbox sent for it. */
export interface WeighedJob {
  /** Everything that jobs have to fetch. */
  readonly expected: readonly Pick<ExpectedItem, "key" | "source" | "sizeBytes" | "isPermanent">[];
  /** What the sandbox sent; `item` is `null` for listings and the like. */
  readonly served: readonly { readonly item: ExpectedItem["source"] | null; readonly bytes: number }[];
  /** The state of each item before and after the job, by key. */
  readonly before: ReadonlyMap<string, { readonly state: string }>;
  readonly rows: ReadonlyMap<string, { readonly state: string }>;
}

/** The weight of a job; each name is that of the job's result. */
export interface JobWeight {
  /** Bytes of all items that the job has fetched. */
  readonly wantedBytes: number;
  /** Bytes that the sandbox sent for any item. */
  readonly wireBytes: number;
  /** A message for each item of which more was sent than the claim `wire_bytes` allows for all. */
  readonly messages: readonly SoakMessage[];
}

const MAX_MESSAGES = 5;

/**
 * Compare the bytes that were sent with those that a job has fetched. A file that has to fail does not count, because it
 * may be sent several times before it does.
 *
 * @param job The items, and what was sent
 * @returns The sums, and what was sent too often
 */
export function weighItems({ expected, served, before, rows }: WeighedJob): JobWeight {
  const isDone = (state: WeighedJob["rows"], key: string) => state.get(key)?.state === "done";
  const fetched = expected.filter(({ key }) => isDone(rows, key) && !isDone(before, key));
  const failing = new Set(expected.filter((item) => item.isPermanent).map(({ source }) => nameOf(source)));
  const wanted = new Map<string, number>();
  const sent = new Map<string, number>();
  for (const { source, sizeBytes } of fetched) add(wanted, nameOf(source), sizeBytes);
  for (const { item, bytes } of served) {
    if (item !== null && !failing.has(nameOf(item))) add(sent, nameOf(item), bytes);
  }
  const messages = [...sent].filter(([name, bytes]) => bytes > MAX_WIRE_RATIO * (wanted.get(name) ?? 0))
    .map(([name, bytes]): SoakMessage => {
      const key = expected.find(({ source }) => nameOf(source) === name)?.key ?? name;
      const text = `too many bytes: ${key}: ${bytes} were sent, ${wanted.get(name) ?? 0} were wanted`;
      return { kind: "too_many_bytes", text };
    });
  return { wantedBytes: sumOf(wanted), wireBytes: sumOf(sent), messages: messages.slice(0, MAX_MESSAGES) };
}

function add(sums: Map<string, number>, name: string, bytes: number): void {
  sums.set(name, (sums.get(name) ?? 0) + bytes);
}

function sumOf(sums: ReadonlyMap<string, number>): number {
  return sums.values().reduce((sum, one) => sum + one, 0);
}

function nameOf({ kind, id }: ExpectedItem["source"]): string {
  return `${kind} ${id}`;
}
