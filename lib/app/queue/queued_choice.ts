import { type Choice, DEFAULT_CHOICE } from "../../downloader/mod.ts";
import type { QueueEntry } from "../../library/mod.ts";

/** The choice of an entry, as its row stores it: settled when it is added, so that whoever runs it fetches the same. */
export interface QueuedChoice {
  /** All fields of the choice. */
  readonly fields: Choice;
  /** Fields that somebody set for this entry; an update repeats those of each model's last download otherwise. */
  readonly given: readonly (keyof Choice)[];
  /** Whether somebody set where files go; otherwise the library's own layout is used. */
  readonly hasLayout: boolean;
}

/** Read the choice of an entry. Fields that a row does not have yet get their defaults. */
export function choiceOf({ choice, except }: Pick<QueueEntry, "choice" | "except">): QueuedChoice {
  // Written by whoever added the entry.
  const { fields = {}, given = [], hasLayout = false } = (choice ?? {}) as Partial<QueuedChoice>;
  const settled = { ...DEFAULT_CHOICE, ...fields };
  return { fields: except === null ? settled : { ...settled, except }, given, hasLayout };
}
