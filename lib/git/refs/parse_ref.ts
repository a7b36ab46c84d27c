import type { Refs } from "./read_refs.ts";

/** The full name of a ref, taken apart. */
export interface RefParts {
  readonly kind: "branch" | "tag" | "other";
  /** Short name of a branch or a tag, such as `main`; the full name of any other ref. */
  readonly name: string;
}

const BRANCHES = "refs/heads/";
const TAGS = "refs/tags/";

/** Take the full name of a ref apart, such as `refs/heads/main`. */
export function parseRef(ref: string): RefParts {
  if (ref.startsWith(BRANCHES)) return { kind: "branch", name: ref.slice(BRANCHES.length) };
  if (ref.startsWith(TAGS)) return { kind: "tag", name: ref.slice(TAGS.length) };
  return { kind: "other", name: ref };
}

/** List the short names of the branches among refs, each once, sorted. */
export function listBranchNames(...all: readonly Refs[]): readonly string[] {
  const refs = all.flatMap((one) => [...one.keys()].map(parseRef));
  return [...new Set(refs.filter(({ kind }) => kind === "branch").map(({ name }) => name))].toSorted();
}
