import { CHOSEN, type SideSpec, type TransportName } from "./side_spec.ts";

/** One side of a comparison. */
export interface ComparedSide {
  readonly label: string;
  readonly spec: SideSpec;
  /** Whether it does less, and is only the limit of what can be reached, not an alternative. */
  readonly isBound?: boolean | undefined;
}

/** Several ways to do the same work, and the one that the engine uses. */
export interface Comparison {
  readonly id: string;
  readonly title: string;
  readonly chosen: ComparedSide;
  readonly others: readonly ComparedSide[];
  readonly notes?: readonly string[] | undefined;
}

const HTTP = [["plain HTTP", false], ["HTTPS", true]] as const;

/** All comparisons, in order. */
export const COMPARISONS: readonly Comparison[] = [
  ...HTTP.map(([line, isSecure]) => transports(`read only, ${line}`, { ...CHOSEN, isSecure, writes: false })),
  ...HTTP.map(([line, isSecure]) => transports(`read and written, ${line}`, { ...CHOSEN, isSecure })),
  ...HTTP.map(([line, isSecure]) => hashes(line, { ...CHOSEN, isSecure })),
  severalFiles(),
  ...HTTP.map(([line, isSecure]) => buffers(line, { ...CHOSEN, isSecure })),
  writers("not flushed", CHOSEN),
  writers("flushed to disk", { ...CHOSEN, flushes: true }),
].map((comparison, index) => ({ ...comparison, id: `T${index + 1}` }));

type Draft = Omit<Comparison, "id">;

function transports(work: string, spec: SideSpec): Draft {
  const base: SideSpec = { ...spec, hash: "none" };
  const side = (label: string, transport: TransportName): ComparedSide => ({ label, spec: { ...base, transport } });
  return {
    title: `Transports, ${work}`,
    chosen: side("socket transport", "socket"),
    others: [
      { ...side("bare connection", "bare"), isBound: true },
      side(base.isSecure ? "node:https" : "node:http", "node"),
      side("fetch, HTTP/1.1", "fetch-h1"),
      // HTTP/2 is negotiated over TLS only.
      ...base.isSecure ? [side("fetch, HTTP/2", "fetch-h2")] : [],
    ],
  };
}

function hashes(line: string, spec: SideSpec): Draft {
  return {
    title: `SHA-256 of one file, ${line}`,
    chosen: { label: "thread that follows the file", spec },
    others: [
      { label: "no hash", spec: { ...spec, hash: "none" }, isBound: true },
      { label: "in the read loop", spec: { ...spec, hash: "loop" } },
      { label: "second pass", spec: { ...spec, hash: "second-pass" } },
    ],
    notes: [
      "Several threads cannot share one file: SHA-256 is a chain, and digests of segments do not give that of the whole.",
    ],
  };
}

function severalFiles(): Draft {
  const spec: SideSpec = { ...CHOSEN, files: 4 };
  return {
    title: "SHA-256 of four files at once, plain HTTP",
    chosen: { label: "one thread for all", spec },
    others: [{ label: "a thread for each", spec: { ...spec, hash: "threads" } }],
  };
}

function buffers(line: string, spec: SideSpec): Draft {
  const side = (kib: number): ComparedSide => ({
    label: kib < 1024 ? `${kib} KiB` : `${kib / 1024} MiB`,
    spec: { ...spec, bufferBytes: kib * 1024 },
  });
  return { title: `Buffers, ${line}`, chosen: side(1024), others: [64, 256, 4096].map(side) };
}

function writers(end: string, spec: SideSpec): Draft {
  const base: SideSpec = { ...spec, hash: "none" };
  return {
    title: `Ways to write, ${end}`,
    chosen: { label: "one writer", spec: base },
    others: [
      { label: "one writer, preallocated", spec: { ...base, preallocates: true } },
      { label: "four handles", spec: { ...base, handles: 4 } },
      { label: "four handles, preallocated", spec: { ...base, handles: 4, preallocates: true } },
    ],
  };
}
