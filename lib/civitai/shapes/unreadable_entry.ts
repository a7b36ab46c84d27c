/** An entry of an answer that cannot be read and is left out. */
export interface UnreadableEntry {
  /** The kind of thing that was expected. */
  readonly kind: "model" | "version" | "file" | "image" | "creator" | "tag" | "hash match" | "cursor";
  /** Which it is, for a person: place, name and id as far as there are any, such as `file #2 ("x.pt") of version 5`. */
  readonly name: string;
  /** Its place in its list, from 1. */
  readonly position: number;
  /** What is wrong with it, such as `"id" is missing`. */
  readonly reason: string;
}

/** Options of parsers whose result has no field for unreadable entries. */
export interface UnreadableOptions {
  /** Called for each entry that is left out. */
  readonly onUnreadable?: ((entry: UnreadableEntry) => void) | undefined;
}
