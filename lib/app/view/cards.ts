import type { ModelState } from "./model_row.ts";

/** Cards of models: a column for each property, a place in all of them for each model. */
export interface Cards {
  readonly id: number[];
  readonly name: string[];
  readonly creator: (string | null)[];
  readonly type: string[];
  readonly base: string[];
  readonly version: string[];
  readonly versions: number[];
  readonly files: number[];
  readonly bytes: number[];
  readonly level: number[];
  readonly state: ModelState[];
  readonly preview: (string | null)[];
  readonly hash: (string | null)[];
  readonly removed: boolean[];
}
