import type { EvidenceCommit } from "../../../lib/base/mod.ts";
import { describeCheckout } from "../../../lib/git/mod.ts";
import { findCheckout } from "../program_form.ts";

/** Describe the commit of this program's checkout; the fields are empty if it does not run from a checkout. */
export async function describeOwnCheckout(): Promise<EvidenceCommit> {
  const root = findCheckout();
  return root === null ? { sha: "", isDirty: false, ref: "" } : await describeCheckout(root);
}
