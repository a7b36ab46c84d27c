/** An entry of an answer that cannot be read: it is left out, and the others are not. */
export interface UnreadableEntry {
  /** What it would have been. */
  readonly kind: "model" | "version" | "file" | "image" | "creator" | "tag" | "hash match" | "cursor";
  /** Which it is, for a person: place, name and id as far as there are any, such as `file #2 ("x.pt") of version 5`. */
  readonly name: string;
  /** Its place in its list, from 1. */
  readonly position: number;
  /** What is wrong with it, such as `"id" is missing`. */
  readonly reason: string;
}

/** Options of parsers of flat lists, which have no other place to tell it. */
export interface UnreadableOptions {
  /** Told each entry that is left out. */
  readonly onUnreadable?: ((entry: UnreadableEntry) => void) | undefined;
}
