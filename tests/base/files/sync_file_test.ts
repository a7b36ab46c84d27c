import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { syncFile } from "../../../lib/base/mod.ts";
import { syncFileSync } from "../../../lib/base/files/sync_file.ts";

/** A file whose flushes fail with these messages; `null` lets one succeed. */
function fileWith(sync: string | null, data: string | null) {
  const calls: string[] = [];
  const call = (name: string, message: string | null): void => {
    calls.push(name);
    if (message !== null) throw new Error(message);
  };
  return {
    calls,
    syncSync: () => call("sync", sync),
    syncDataSync: () => call("data", data),
    sync: () => Promise.try(() => call("sync", sync)),
    syncData: () => Promise.try(() => call("data", data)),
  };
}

const REFUSALS = [
  ["darwin", "Operation not supported (os error 45)"],
  ["darwin", "Inappropriate ioctl for device (os error 25)"],
  ["darwin", "Invalid argument (os error 22)"],
  ["linux", "Invalid argument (os error 22)"],
  ["windows", "The request is not supported. (os error 50)"],
] as const;

Deno.test("syncFile() flushes the data alone where the file system refuses a full flush", async () => {
  for (const [os, message] of REFUSALS) {
    const half = fileWith(message, null);
    assertEquals([await syncFile(half, os), half.calls], [true, ["sync", "data"]], message);
    assertEquals(syncFileSync(fileWith(message, null), os), true);
  }
});

Deno.test("syncFile() goes on without a flush where the file system has none", async () => {
  for (const [os, message] of REFUSALS) {
    assertEquals(await syncFile(fileWith(message, message), os), false, message);
    assertEquals(syncFileSync(fileWith(message, message), os), false, message);
  }
});

Deno.test("syncFile() throws if bytes could not be written, and does not try to flush them again", async () => {
  const lost = [
    ["linux", "Input/output error (os error 5)"],
    ["linux", "No space left on device (os error 28)"],
    ["darwin", "Disc quota exceeded (os error 69)"],
    ["windows", "There is not enough space on the disk. (os error 112)"],
  ] as const;
  for (const [os, message] of lost) {
    const file = fileWith(message, null);
    await assertRejects(() => syncFile(file, os), Error, message);
    assertThrows(() => syncFileSync(file, os), Error, message);
    assertEquals(file.calls, ["sync", "sync"]);
    await assertRejects(() => syncFile(fileWith("Invalid argument (os error 22)", message), os), Error);
  }
});
