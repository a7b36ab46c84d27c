import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Operation } from "../../lib/git/mod.ts";
import type { RollbackFacts } from "../../lib/installation/mod.ts";
import { renderDone, renderStatus } from "../../scripts/_installation/render_rollback.ts";
import type { RollbackStatus } from "../../scripts/_installation/rollback_result.ts";

const COMMON = {
  tag: "v1.0.0",
  repository: "/r",
  folder: "/f",
  library: null,
  stopsRun: false,
  from: "1.1.0",
  sha: "",
  patchSha256: null,
};
const INSTALL: RollbackFacts = {
  ...COMMON,
  mode: "install",
  name: "1.0.0",
  pointers: { current: "1.1.0", previous: null },
};

const DONE: Operation = {
  id: "20260102T030405000Z-rollback-v1.0.0",
  command: "rollback v1.0.0 --mode install",
  summary: "Goes from 1.1.0 to v1.0.0",
  startedAt: "2026-01-02T03:04:05.000Z",
  endedAt: "2026-01-02T03:04:06.000Z",
  state: "done",
  reason: null,
  warnings: [],
  steps: [{ type: "act", id: "verify", text: "Verifying", undo: "never" }],
  at: 1,
  results: {},
  sent: [],
};

/** The status of a finished rollback. */
function done(facts: RollbackFacts, more: Partial<RollbackStatus>): RollbackStatus {
  return {
    action: "status",
    folder: "/f",
    current: null,
    last: { operation: DONE, facts },
    damaged: null,
    elsewhere: null,
    isRunning: false,
    ...more,
  };
}

Deno.test("renderStatus() repeats how to run and remove a working tree, and quotes its path for a shell", () => {
  const place = "/tmp/w$(id) `id`";
  const text = renderStatus(done({ ...COMMON, mode: "worktree", tree: place, files: "" }, {}));
  assertStringIncludes(text, "\nRun it with: deno task --config '/tmp/w$(id) `id`/deno.json' download\n");
  assertStringIncludes(text, "\nTo remove it and return to 1.1.0: civitai-dl rollback undo\n");
});

Deno.test("renderStatus() leads on in the direction in which it was interrupted", () => {
  const { facts } = done(INSTALL, {}).last!;
  const render = (operation: Partial<Operation>) =>
    renderStatus(done(INSTALL, { last: { operation: { ...DONE, ...operation }, facts } }));
  const begun = render({ state: "running", at: 0, endedAt: null });
  assertStringIncludes(begun, ": was interrupted\n  begun   verify\n");
  assertStringIncludes(begun, "\nFinish it:    civitai-dl rollback continue\nTake it back: civitai-dl rollback undo\n");
  const undone = render({ state: "undoing" });
  assertStringIncludes(undone, "interrupted while it was being taken back");
  assertStringIncludes(undone, "\nFinish that: civitai-dl rollback undo\n");
});

Deno.test("renderStatus() names the version in use if the record is damaged, and the command that verifies it", () => {
  const damaged = "/f/rollback.json";
  const text = renderStatus(done(INSTALL, { last: null, current: "1.0.3+emergency.1a2b3c4d", damaged }));
  assertStringIncludes(
    text,
    "In use: 1.0.3+emergency.1a2b3c4d, perhaps not verified. Verify it: civitai-dl rollback v1.0.3\n",
  );
  assertStringIncludes(renderStatus(done(INSTALL, { last: null, damaged })), "\nNo installed version is in use\n");
});

Deno.test("renderDone() names git for a working tree that undo would not remove, and that its files go too", () => {
  const finished = {
    action: "done",
    mode: "worktree",
    tag: "v1.0.0",
    from: "1.1.0",
    place: "/tmp/a tree",
    wasInUse: false,
    previous: null,
    folder: "/f",
    isPatched: true,
    library: null,
    checks: [{ name: "works", detail: "yes" }],
    durationMs: 1000,
  } as const;
  const remove = "To remove it, with all files in it: git worktree remove --force '/tmp/a tree'\n";
  assertStringIncludes(renderDone({ ...finished, forward: null }), remove);
  assertEquals(renderDone({ ...finished, forward: "1.1.0" }).includes("git worktree"), false);
});
