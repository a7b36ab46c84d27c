import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { renameFile, renameFileSync } from "../../../lib/base/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const SHARING = "The process cannot access the file because it is being used by another process. (os error 32)";
const DENIED = "Access is denied. (os error 5)";

/** A rename that fails some times before it succeeds. */
function failing(times: number, message: string): { calls: number; readonly rename: () => void } {
  const state = {
    calls: 0,
    rename() {
      if (++state.calls <= times) throw new Error(message);
    },
  };
  return state;
}

Deno.test("renameFile() waits on Windows until a scanner or a reader has closed the file", async () => {
  for (const message of [SHARING, DENIED]) {
    const clock = new FakeClock();
    const state = failing(4, message);
    await renameFile("a.part", "a", { os: "windows", clock, rename: state.rename });
    assertEquals([state.calls, clock.sleeps], [5, [5, 10, 20, 40]]);
  }
});

Deno.test("renameFile() gives up after a second and throws the error of the system", async () => {
  const clock = new FakeClock();
  const state = failing(Infinity, SHARING);
  const rename = () => renameFile("a.part", "a", { os: "windows", clock, rename: state.rename });
  await assertRejects(rename, Error, "os error 32");
  assertEquals([clock.monotonic(), clock.sleeps.at(-1)! <= 100], [1000, true]);
});

Deno.test("renameFile() does not wait where a missing permission stays missing, nor for other errors", async () => {
  const cases = [
    ["linux", "Permission denied (os error 13)"],
    ["linux", "Operation not permitted (os error 1)"],
    ["linux", "Input/output error (os error 5)"],
    ["darwin", "Permission denied (os error 13)"],
    ["windows", "There is not enough space on the disk. (os error 112)"],
    ["windows", "The system cannot find the file specified. (os error 2)"],
  ] as const;
  for (const [os, message] of cases) {
    const clock = new FakeClock();
    const state = failing(1, message);
    await assertRejects(() => renameFile("a", "b", { os, clock, rename: state.rename }), Error, message);
    assertEquals([state.calls, clock.sleeps], [1, []], `${os}: ${message}`);
  }
});

Deno.test("renameFileSync() waits like renameFile()", () => {
  const waits: number[] = [];
  const block = (ms: number): void => void waits.push(ms);
  const state = failing(3, DENIED);
  renameFileSync("a", "b", { os: "windows", block, rename: state.rename });
  assertEquals([state.calls, waits], [4, [5, 10, 20]]);
  const never = failing(Infinity, SHARING);
  assertThrows(() => renameFileSync("a", "b", { os: "windows", block, rename: never.rename }), Error, "os error 32");
  assertEquals(waits.slice(3).reduce((sum, ms) => sum + ms), 1000);
  const linux = failing(1, "Permission denied (os error 13)");
  assertThrows(() => renameFileSync("a", "b", { os: "linux", block, rename: linux.rename }), Error, "os error 13");
  assertEquals(linux.calls, 1);
});

Deno.test("renameFile() and renameFileSync() replace a real file", () =>
  inTempDir(async (folder) => {
    for (const rename of [renameFile, renameFileSync]) {
      await Deno.writeTextFile(join(folder, "a.part"), "new");
      await Deno.writeTextFile(join(folder, "a"), "old");
      await rename(join(folder, "a.part"), join(folder, "a"));
      assertEquals((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name), ["a"]);
      assertEquals(await Deno.readTextFile(join(folder, "a")), "new");
    }
  }));
