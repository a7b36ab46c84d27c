import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dispatch, parseReceiverUrl } from "../../../lib/alerts/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { alertOf, manyAlerts, notificationOf, START } from "../_notifications.ts";
import { sendOnce } from "../_send.ts";

async function linesOf(path: string): Promise<readonly Record<string, unknown>[]> {
  return (await Deno.readTextFile(path)).trimEnd().split("\n").map((line) => JSON.parse(line));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

Deno.test("file receiver appends one JSON object per line and creates the folder", () =>
  inTempDir(async (root) => {
    const path = join(root, "new folder", "alerts.jsonl");
    const url = pathToFileURL(path).href;
    await sendOnce(url, { clock: new FakeClock(START) });
    await sendOnce(url, { clock: new FakeClock(START + 1000) }, notificationOf({ status: "resolved" }));
    const lines = await linesOf(path);
    assertEquals(lines[0], {
      schema: "civitai-dl/notification",
      version: 1,
      time: "2026-01-01T00:00:00.000Z",
      ...notificationOf(),
      alerts: [{ ...alertOf(), startsAt: "2026-01-01T00:00:00.000Z" }],
    });
    assertEquals([lines.length, lines[1]?.status, lines[1]?.time], [2, "resolved", "2026-01-01T00:00:01.000Z"]);
  }));

Deno.test({
  name: "file receiver creates a file that no other user can read, also when it is rotated",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (root) => {
      const path = join(root, "alerts.jsonl");
      for (let index = 0; index < 4; index++) await sendOnce(`${pathToFileURL(path).href}?maxsize=1K&keep=1`);
      for (const name of await namesIn(root)) {
        assertEquals((await Deno.stat(join(root, name))).mode! & 0o777, 0o600, name);
      }
      assert((await namesIn(root)).includes("alerts.jsonl.1"));
    }),
});

Deno.test("file receiver rotates by size, keeps the configured number of files and splits no line", () =>
  inTempDir(async (root) => {
    const path = join(root, "alerts.jsonl");
    const url = `${pathToFileURL(path).href}?maxsize=2K&keep=2`;
    for (let index = 0; index < 20; index++) await sendOnce(url, {}, notificationOf({ groupKey: `${index}` }));
    assertEquals(await namesIn(root), ["alerts.jsonl", "alerts.jsonl.1", "alerts.jsonl.2", "alerts.jsonl.lock"]);
    const kept = [];
    for (const name of ["alerts.jsonl.2", "alerts.jsonl.1", "alerts.jsonl"]) {
      assert((await Deno.stat(join(root, name))).size <= 2048);
      kept.push(...(await linesOf(join(root, name))).map((line) => Number(line.groupKey)));
    }
    assertEquals(kept, Array.from({ length: kept.length }, (_, index) => 20 - kept.length + index));
  }));

Deno.test("file receiver accepts concurrent notifications without mixing lines", () =>
  inTempDir(async (root) => {
    const path = join(root, "alerts.jsonl");
    const url = `${pathToFileURL(path).href}?maxsize=100K`;
    const receivers = Array.from({ length: 8 }, () => parseReceiverUrl(url));
    const results = await dispatch(notificationOf({ alerts: manyAlerts(20) }), receivers, { timeoutMs: 60_000 });
    assert(results.every(({ ok }) => ok));
    assertEquals((await linesOf(path)).length, 8);
  }));

Deno.test("file receiver reports the error of the disk", () =>
  inTempDir(async (root) => {
    await Deno.mkdir(join(root, "folder"));
    const disk = await assertRejects(() => sendOnce(pathToFileURL(join(root, "folder")).href), FailureError);
    assertEquals([disk.failure, disk.retryable], ["disk", false]);
  }));
