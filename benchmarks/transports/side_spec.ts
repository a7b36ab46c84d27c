/** The way in which a side receives bytes. */
export type TransportName = "fetch-h2" | "fetch-h1" | "node" | "socket" | "bare";

/** Where SHA-256 is computed; `thread` and `threads` differ only for several files. */
export type HashName = "none" | "loop" | "thread" | "threads" | "second-pass";

/** Everything that a run of one side does. */
export interface SideSpec {
  readonly transport: TransportName;
  /** Whether the connection uses TLS. */
  readonly isSecure: boolean;
  /** Whether the bytes are written to a file, or only read. */
  readonly writes: boolean;
  readonly hash: HashName;
  /** Size of a buffer, which is filled before it is written. */
  readonly bufferBytes: number;
  /** Number of file handles that write in turn, each at its own offset; with 1, writes are sequential. */
  readonly handles: number;
  /** Whether the file gets its full size first. */
  readonly preallocates: boolean;
  /** Whether the file is flushed to disk at the end. */
  readonly flushes: boolean;
  /** Number of files fetched at once; they share the total size. */
  readonly files: number;
}

/** The engine's own way, over plain HTTP. All other sides differ from it. */
export const CHOSEN: SideSpec = {
  transport: "socket",
  isSecure: false,
  writes: true,
  hash: "thread",
  bufferBytes: 1 << 20,
  handles: 1,
  preallocates: false,
  flushes: false,
  files: 1,
};

/** Name a spec, for progress messages; equal specs have equal names. */
export function nameOfSpec(spec: SideSpec): string {
  const { transport, isSecure, writes, hash, bufferBytes, handles, preallocates, flushes, files } = spec;
  return [
    ...[isSecure ? "https" : "http", transport],
    ...writes ? ["write", `${bufferBytes / 1024}K`] : ["read"],
    ...hash === "none" ? [] : [`hash ${hash}`],
    ...handles === 1 ? [] : [`${handles} handles`],
    ...preallocates ? ["preallocated"] : [],
    ...flushes ? ["flushed"] : [],
    ...files === 1 ? [] : [`${files} files`],
  ].join(" ");
}
