import { assertEquals } from "@std/assert";
import { join } from "node:path";
import type { ActiveHost } from "../../../lib/library/mod.ts";
import { readActive } from "../../../lib/monitor/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const NOW = Date.UTC(2026, 0, 2);

const document = (pid: number, ageMs = 0): Readonly<Record<string, unknown>> => ({
  schema: "civitai-dl/active",
  version: 1,
  time: new Date(NOW - ageMs).toISOString(),
  pid,
  bytesPerSecond: 5,
  downloads: [{ path: "a", host: null, bytes: 1, totalBytes: 2, bytesPerSecond: 5, connections: 1 }],
});

Deno.test("readActive() returns live processes only", () =>
  inTempDir(async (folder) => {
    const write = (name: string, value: unknown) => Deno.writeTextFile(join(folder, name), JSON.stringify(value));
    await write("20.json", document(20, 14_000));
    await write("3.json", document(3));
    await write("4.json", document(4, 16_000));
    // Written before the clock was set back.
    await write("5.json", document(5, -3_600_000));
    assertEquals((await readActive(folder, { now: NOW })).map((process) => process.pid), [3, 20]);
  }));

Deno.test("readActive() skips invalid files", () =>
  inTempDir(async (folder) => {
    const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
    await write("1.json", JSON.stringify(document(1)).slice(0, 40));
    await write("2.json", "null");
    await write("3.json", JSON.stringify({ ...document(3), version: 2 }));
    await write("4.json", JSON.stringify({ ...document(4), downloads: "many" }));
    await write("5.json", JSON.stringify(document(5)));
    await write("6.json", JSON.stringify({ ...document(6), time: "yesterday" }));
    await write("9.json", JSON.stringify({ ...document(9), downloads: [{ path: 7 }] }));
    await write("7.json", `"${"x".repeat(2 * 1024 * 1024)}"`);
    await write("8.json.civitai-dl.tmp", JSON.stringify(document(8)));
    const found = await readActive(folder, { now: NOW });
    assertEquals(found.map((process) => process.pid), [5]);
    assertEquals(found[0]!.downloads, [
      { path: "a", host: null, bytes: 1, totalBytes: 2, bytesPerSecond: 5, connections: 1, waiting: null },
    ]);
    assertEquals(found[0]!.run, null);
    assertEquals(await readActive(join(folder, "nowhere"), { now: NOW }), []);
  }));

Deno.test("readActive() skips the file of another user", () =>
  inTempDir(async (folder) => {
    for (const pid of [1, 2]) await Deno.writeTextFile(join(folder, `${pid}.json`), JSON.stringify(document(pid)));
    const path = join(folder, "1.json");
    await Deno.chmod(path, 0o000);
    // Root may read every file.
    const isReadable = await Deno.readTextFile(path).then(() => true, () => false);
    const found = await readActive(folder, { now: NOW });
    assertEquals(found.map((process) => process.pid), isReadable ? [1, 2] : [2]);
  }));

Deno.test("readActive() reads the hosts that ActiveSnapshot wrote", () =>
  inTempDir(async (folder) => {
    const host = {
      host: "storage.example",
      speed: { kind: "bytes", ratio: 0.01, usual: 900, current: 9 },
      slowSince: "2026-01-01T23:50:00.000Z",
      limit: { value: 1, ceiling: 4, reason: "refused", changedAt: "2026-01-01T23:51:00.000Z" },
    };
    await Deno.writeTextFile(join(folder, "1.json"), JSON.stringify({ ...document(1), hosts: [host] }));
    const [process] = await readActive(folder, { now: NOW });
    assertEquals(process?.hosts, [host] as ActiveHost[]);
  }));
