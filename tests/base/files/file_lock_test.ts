import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { acquireLock, type FileLock, KitError, type LockHolder } from "../../../lib/base/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("acquireLock() refuses a second holder, names the first and reports no wait", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "lock");
    using _held = await acquireLock(path, { command: "download" });
    const seen: (LockHolder | undefined)[] = [];
    const error = await assertRejects(
      () => acquireLock(path, { command: "verify", onWait: (holder) => seen.push(holder) }),
      KitError,
    );
    assertEquals(error.exitCode, 4);
    assertStringIncludes(error.message, `"download" (process ${Deno.pid}`);
    assertEquals([seen, error.hint], [[], "Wait for it to end, or stop it"]);
    const queued = await assertRejects(() => acquireLock(path, { command: "verify", waitMs: 0 }), KitError);
    assertStringIncludes(queued.hint ?? "", "--wait");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("acquireLock() takes the lock when the holder releases it during the wait", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "lock");
    const held = await acquireLock(path, { command: "first" });
    using lock = await acquireLock(path, {
      command: "second",
      waitMs: 1000,
      onWait: () => held[Symbol.dispose](),
      clock: new FakeClock(),
    });
    assertEquals(JSON.parse(await Deno.readTextFile(lock.path)).command, "second");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("acquireLock() takes no lock on a file that its holder has removed during the wait", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "lock");
    for (const mustExist of [false, true]) {
      const held = await acquireLock(path, { command: "first" });
      const taking = acquireLock(path, {
        command: "second",
        mustExist,
        waitMs: 1000,
        onWait: () => removeHeld(held),
        clock: new FakeClock(),
      });
      if (mustExist) {
        await assertRejects(() => taking, Deno.errors.NotFound);
        continue;
      }
      using _taken = await taking;
      const error = await assertRejects(() => acquireLock(path, { command: "third" }), KitError);
      assertStringIncludes(error.message, `"second" (process`);
    }
  }));

/** Remove a lock file as its holder does: before the lock is released. */
function removeHeld(lock: FileLock): void {
  Deno.removeSync(lock.path);
  lock[Symbol.dispose]();
}

Deno.test("acquireLock() creates no file that must exist", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "lock");
    await assertRejects(() => acquireLock(path, { command: "clean up", mustExist: true }), Deno.errors.NotFound);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    (await acquireLock(path, { command: "a" }))[Symbol.dispose]();
    using lock = await acquireLock(path, { command: "clean up", mustExist: true });
    assertEquals(lock.path, path);
  }));

Deno.test("acquireLock() shows no invalid or active content of a lock file", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "lock");
    using _held = await acquireLock(path, { command: "first" });
    const refuse = async (text: string): Promise<string> => {
      await Deno.writeTextFile(path, text);
      return (await assertRejects(() => acquireLock(path, { command: "second" }), KitError)).message;
    };
    assertEquals(
      await refuse(JSON.stringify({ pid: 7, command: "a\x1b[2J\nb", since: "2026-01-01T00:00:00.000Z\r" })),
      `Cannot lock "${path}": held by "a b" (process 7, since 2026-01-01T00:00:00.000Z)`,
    );
    for (const holder of [{ pid: 7 }, { pid: "7", command: "a", since: "b" }, { pid: 7, command: {}, since: "b" }]) {
      assertEquals(await refuse(JSON.stringify(holder)), `Cannot lock "${path}": held by another process`);
    }
  }));

Deno.test("acquireLock() takes a lock at once that was released while another thread starts children", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "lock");
    // Until its program begins, a child has copies of all files that its parent has open.
    const worker = new Worker(new URL("./_child_starter.ts", import.meta.url), { type: "module" });
    try {
      const ended = new Promise((resolve) => worker.addEventListener("message", resolve, { once: true }));
      let isEnded = false;
      void ended.then(() => isEnded = true);
      while (!isEnded) {
        // By this clock, no grace lasts.
        using _lock = await acquireLock(path, { command: "test", clock: new FakeClock() });
      }
    } finally {
      worker.terminate();
    }
  }));
