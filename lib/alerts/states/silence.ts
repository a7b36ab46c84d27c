import type { LabelMatcher } from "../rules/label_matcher.ts";

/** A period in which matching alerts are not sent. */
export interface Silence {
  /** The id, which identifies the silence when it is ended early. */
  readonly id: string;
  /** Matchers that select the alerts; at least one. */
  readonly matchers: readonly LabelMatcher[];
  /** Start, in milliseconds since the epoch. */
  readonly startsAt: number;
  /** End, exclusive, in milliseconds since the epoch. */
  readonly endsAt: number;
  /** Who added the silence. */
  readonly author: string;
  /** The reason that the author gave. */
  readonly comment: string;
}
