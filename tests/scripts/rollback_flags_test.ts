import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { refuseUnusedFlags, type RollbackUse } from "../../scripts/_installation/refuse_unused_flags.ts";
import { command } from "../../scripts/rollback.ts";
import { callCommand } from "../helpers/call_command.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** Why flags are refused; `null` if they are not. */
function refusal(use: RollbackUse, given: readonly string[]): string | null {
  const flags = { library: given.includes("library") ? "downloads" : undefined, stopRun: given.includes("stop-run") };
  try {
    refuseUnusedFlags(use, { flags, isGiven: (name) => given.includes(name) });
    return null;
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    assertEquals(error.code, "usage");
    return `${error.message}; ${error.hint}`;
  }
}

Deno.test("refuseUnusedFlags() refuses a flag of another mode, and names the mode", () => {
  assertEquals(
    refusal("install", ["folder"]),
    "Cannot use --folder to roll back by install: it is for --mode worktree; Add --mode worktree, or leave --folder out",
  );
  for (const use of ["install", "worktree"] as const) {
    assertEquals(refusal(use, ["mode", "library", "stop-run", "dry-run"]), null);
  }
  assertEquals(refusal("worktree", ["mode", "folder"]), null);
});

Deno.test("refuseUnusedFlags() refuses --stop-run without a library, and flags of a rollback where none is begun", () => {
  assertStringIncludes(String(refusal("install", ["stop-run"])), "without a library");
  for (const use of ["list", "status", "continue", "undo"] as const) {
    assertStringIncludes(String(refusal(use, ["library"])), "it means nothing there; Leave --library out");
    assertEquals(refusal(use, []), null);
    assertEquals(refusal(use, ["dry-run"]) === null, use === "continue" || use === "undo");
  }
});

Deno.test("rollback refuses a prefix that is a file, whatever is asked for", () =>
  inTempDir(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    for (const prefix of [file, join(file, "below")]) {
      for (const word of ["v1.0.0", "--list", "status", "undo"]) {
        const { code, err } = await callCommand(command, [word, "--prefix", prefix]);
        assertEquals(code, 2, err);
        assertStringIncludes(
          err,
          `Cannot use "${prefix}" for installed versions: it, or a part of its path, is a file`,
        );
      }
    }
  }));

Deno.test("rollback refuses a version with --list, which does not go there", async () => {
  const { code, err } = await callCommand(command, ["v1.0.0", "--list"], { HOME: "/nowhere" });
  assertEquals(code, 2, err);
  assertStringIncludes(err, "it shows all versions");
});
