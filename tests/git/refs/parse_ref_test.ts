import { assertEquals } from "@std/assert";
import { listBranchNames, parseRef } from "../../../lib/git/mod.ts";

const REF = { sha: "a", commit: "a" };

Deno.test("parseRef() distinguishes branches, tags and other refs", () => {
  assertEquals(parseRef("refs/heads/feature/x"), { kind: "branch", name: "feature/x" });
  assertEquals(parseRef("refs/tags/v1.0.0"), { kind: "tag", name: "v1.0.0" });
  assertEquals(parseRef("refs/remotes/origin/main"), { kind: "other", name: "refs/remotes/origin/main" });
});

Deno.test("listBranchNames() lists each branch once, sorted, and no tags", () => {
  const local = new Map([["refs/heads/main", REF], ["refs/heads/feature/x", REF], ["refs/tags/v1.0.0", REF]]);
  assertEquals(listBranchNames(local, new Map([["refs/heads/main", REF]])), ["feature/x", "main"]);
});
