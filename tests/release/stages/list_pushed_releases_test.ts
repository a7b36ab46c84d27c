import { assertEquals } from "@std/assert";
import type { Step } from "../../../lib/git/mod.ts";
import { listPushedReleases } from "../../../lib/release/mod.ts";

const FORMS = { stable: "v{version}", candidate: "v{version}-rc.{number}", phase: "v{version}-phase{number}" };
const AFTER = { sha: "f".repeat(40) };

function push(...names: readonly string[]): Step {
  return {
    type: "push",
    id: names[0]!,
    remote: "origin",
    changes: names.map((ref) => ({ ref, before: null, after: AFTER })),
  };
}

Deno.test("listPushedReleases() lists tags of versions that were pushed, and those of a push that was under way", () => {
  const steps = [push("refs/heads/main", "refs/tags/v1.1.0-rc.1", "refs/tags/v1.1.0-phase1"), push("refs/tags/v1.1.0")];
  const tagsAt = (at: number) => listPushedReleases({ steps, at }, FORMS).map(({ tag, isCertain }) => [tag, isCertain]);
  assertEquals(tagsAt(0), [["v1.1.0-rc.1", false]]);
  assertEquals(tagsAt(1), [["v1.1.0-rc.1", true], ["v1.1.0", false]]);
  assertEquals(tagsAt(2), [["v1.1.0-rc.1", true], ["v1.1.0", true]]);
});

Deno.test("listPushedReleases() leaves out branches, tags that were deleted, and what was not pushed", () => {
  const deleted: Step = {
    type: "push",
    id: "push",
    remote: "origin",
    changes: [{ ref: "refs/tags/v1.0.0", before: AFTER.sha, after: null }],
  };
  const steps = [deleted, push("refs/heads/v1.0.0"), push("refs/tags/other"), push("refs/tags/v1.1.0")];
  assertEquals(listPushedReleases({ steps, at: 2 }, FORMS), []);
});
