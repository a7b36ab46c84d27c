import type { EvidenceCommit } from "../../lib/base/mod.ts";
import { describeCheckout } from "../../lib/git/mod.ts";
import { findCheckout } from "./program_form.ts";

/** The commit that this program was started from; with empty fields for a bundle or an executable, which have none. */
export async function describeOwnCheckout(): Promise<EvidenceCommit> {
  const root = findCheckout();
  return root === null ? { sha: "", isDirty: false, ref: "" } : await describeCheckout(root);
}
