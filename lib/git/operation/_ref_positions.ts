import { KitError } from "../../base/mod.ts";
import { parseRef } from "../refs/parse_ref.ts";
import type { Refs } from "../refs/read_refs.ts";
import type { RefChange } from "./step.ts";
import type { NameObject } from "./step_calls.ts";

/** Where a ref is, compared with a change of it. */
export type RefPosition = "before" | "after" | "elsewhere";

/** Compare a ref with a change. If both hashes of the change are the same, the ref is `after` it. */
export function positionOf({ ref, before, after }: RefChange, refs: Refs, nameOf: NameObject): RefPosition {
  const sha = refs.get(ref)?.sha ?? null;
  if (sha === (after === null ? null : nameOf(after))) return "after";
  return sha === before ? "before" : "elsewhere";
}

/**
 * List the changes of a push that the remote may have by this operation. A push is atomic, so that none of those sent
 * has arrived if one is where it was before.
 *
 * @param sent Full names of the refs that may have been pushed, as in `Operation`
 */
export function listArrived(
  changes: readonly RefChange[],
  { sent, refs, nameOf }: { readonly sent: readonly string[]; readonly refs: Refs; readonly nameOf: NameObject },
): readonly RefChange[] {
  const own = changes.filter(({ ref }) => sent.includes(ref));
  return own.some((change) => positionOf(change, refs, nameOf) === "before") ? [] : own;
}

/** Return a change that takes a ref back from where another change took it. */
export function reverseChange({ ref, before, after }: RefChange, nameOf: NameObject): RefChange {
  return {
    ref,
    before: after === null ? null : nameOf(after),
    after: before === null ? null : { sha: before },
  };
}

/**
 * Create the error for refs that are neither where a change found them nor where it took them.
 *
 * @param place Where, such as `here` or `at origin`
 * @param hint What to do
 */
export function movedError(
  changes: readonly RefChange[],
  place: string,
  hint = "See what is new there: civitai-dl branch status",
): KitError {
  const names = changes.map(({ ref }) => shortName(ref));
  const pronoun = names.length === 1 ? "it has" : "they have";
  return new KitError("unsafe", `Cannot change ${names.join(", ")}: ${pronoun} moved on ${place} since then`, { hint });
}

/** Name a branch or a tag as a person does. */
export function shortName(ref: string): string {
  return parseRef(ref).name;
}
