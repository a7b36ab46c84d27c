import type { Judged } from "../_judged.ts";
import type { ProductCopy, SourceEdit } from "../_product_copy.ts";

/** A defect of the product, and the judge that must find it. */
export interface Sabotage {
  readonly name: string;
  readonly edits: readonly SourceEdit[];
  readonly judge: (copy: ProductCopy) => Promise<Judged>;
  /** What must fail, by its name in the report. */
  readonly meant: string;
  /** What the report must state: the culprit, and no other. */
  readonly says?: RegExp;
  /** What may fail as a consequence. */
  readonly also?: readonly string[];
  /**
   * The exit code.
   *
   * @default {1}
   */
  readonly code?: number;
  /**
   * Whether it runs only if it is named.
   *
   * @default {false}
   */
  readonly isLong?: boolean;
}

/** Replace the only occurrence of a text in a file. */
export function replace(path: string, find: string, put: string): SourceEdit {
  return { type: "replace", path, find, put };
}
