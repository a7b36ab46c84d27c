/** What brings the bytes. */
export type TransportName = "fetch-h2" | "fetch-h1" | "node" | "socket" | "bare";

/** How SHA-256 comes about; `thread` and `threads` differ only for several files. */
export type HashName = "none" | "loop" | "thread" | "threads" | "second-pass";

/** All that one run does. */
export interface SideSpec {
  readonly transport: TransportName;
  /** Over TLS. */
  readonly isSecure: boolean;
  /** Whether the bytes are written at all. */
  readonly writes: boolean;
  readonly hash: HashName;
  /** Bytes that are gathered before they are written. */
  readonly bufferBytes: number;
  /** Handles that are written in turn, each at its own offset; 1 writes one after the other. */
  readonly handles: number;
  /** Set the full size first. */
  readonly preallocates: boolean;
  /** Flush to disk at the end. */
  readonly flushes: boolean;
  /** Files at once; they share the size. */
  readonly files: number;
}

/** What the engine does, over plain HTTP: the side that the others differ from. */
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

/** A name for the progress; equal specs have one name. */
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
