/** An entry of a response that was omitted because it is unreadable. */
export interface UnreadableEntry {
  /** The expected kind. */
  readonly kind: "model" | "version" | "file" | "image" | "creator" | "tag" | "hash match" | "cursor";
  /** Description for a person: position, and name and id if known, such as `file #2 ("x.pt") of version 5`. */
  readonly name: string;
  /** Position in its list, from 1. */
  readonly position: number;
  /** The reason, such as `"id" is missing`. */
  readonly reason: string;
}

/** Options of parsers whose result has no field for unreadable entries. */
export interface UnreadableOptions {
  /** Called for each entry that is omitted. */
  readonly onUnreadable?: ((entry: UnreadableEntry) => void) | undefined;
}
