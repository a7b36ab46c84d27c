import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { createRedactor, KitError } from "../../../lib/base/mod.ts";
import { type DownloadEvent, openEventLog } from "../../../lib/downloader/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { plannedFile } from "../../helpers/library/kept_library.ts";

const redact = createRedactor(["s3cr3t-token"]);
const warning = (message: string): DownloadEvent => ({ type: "warning", message });

async function linesOf(path: string): Promise<readonly Record<string, unknown>[]> {
  return (await Deno.readTextFile(path)).trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("openEventLog() writes one line per event with time and level", () =>
  inTempDir(async (root) => {
    const folder = join(root, "new", "logs");
    {
      using log = openEventLog(folder, { redact, clock: new FakeClock(Date.UTC(2026, 0, 2)) });
      const item = plannedFile(1);
      log.write({ type: "plan", files: 1, bytes: 2 });
      log.write({ type: "bytes", key: item.key, count: 5 });
      log.write({ type: "page", target: "x", models: 1, files: 1 });
      log.write(warning("careful"));
      log.write({
        type: "end",
        item,
        host: "storage.example",
        outcome: "failed",
        bytes: 0,
        durationMs: 5,
        failure: "dns",
        message: "no",
      });
      log.write({
        type: "end",
        item,
        host: "storage.example",
        outcome: "done",
        bytes: 9,
        durationMs: 5,
        failure: null,
        message: null,
      });
    }
    const lines = await linesOf(join(folder, "download.log"));
    assertEquals(lines.map((line) => [line.type, line.level]), [
      ["plan", "INFO"],
      ["warning", "WARN"],
      ["end", "ERROR"],
      ["end", "INFO"],
    ]);
    assertEquals(lines[0]?.time, "2026-01-02T00:00:00.000Z");
  }));

Deno.test("openEventLog() removes secrets and signatures", () =>
  inTempDir(async (root) => {
    {
      using log = openEventLog(root, { redact });
      log.write(warning("with s3cr3t-token at https://x.example/f?X-Amz-Signature=abcdef123&a=1"));
    }
    const text = await Deno.readTextFile(join(root, "download.log"));
    assert(!text.includes("s3cr3t") && !text.includes("abcdef123"));
    assertStringIncludes(text, "[redacted]");
  }));

Deno.test("openEventLog() appends to the file of earlier runs", () =>
  inTempDir(async (root) => {
    for (const message of ["first", "second"]) {
      using log = openEventLog(root, { redact });
      log.write(warning(message));
    }
    assertEquals((await linesOf(join(root, "download.log"))).map((line) => line.message), ["first", "second"]);
  }));

/** The names of the logs, without the lock of the rotation. */
async function logsIn(folder: string): Promise<readonly string[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  return names.filter((name) => !name.endsWith(".lock")).toSorted();
}

Deno.test("openEventLog() rotates by size, keeps the configured number of files and splits no line", () =>
  inTempDir(async (root) => {
    {
      using log = openEventLog(root, { redact, maxBytes: 200, keep: 2 });
      for (let number = 1; number <= 9; number++) log.write(warning(`${number}${"x".repeat(80)}`));
    }
    const names = await logsIn(root);
    assertEquals(names, ["download.log", "download.log.1", "download.log.2"]);
    const messages = [];
    for (const name of names.toReversed()) {
      assert((await Deno.stat(join(root, name))).size <= 200);
      messages.push(...(await linesOf(join(root, name))).map((line) => String(line.message)[0]));
    }
    assertEquals(messages, ["7", "8", "9"]);
  }));

Deno.test("openEventLog() reports where it cannot write, with a hint", () =>
  inTempDir(async (root) => {
    const logs = join(root, "logs");
    await Deno.writeTextFile(logs, "a file");
    const error = assertThrows(() => openEventLog(logs, { redact }), KitError, `Cannot use "${logs}" as a folder`);
    assertEquals([error.code, error.hint !== undefined], ["usage", true]);
    await Deno.remove(logs);
    await Deno.mkdir(join(logs, "download.log"), { recursive: true });
    const other = assertThrows(() => openEventLog(logs, { redact }), KitError, `Cannot write a log to "${logs}"`);
    assertEquals([other.code, other.hint], ["unsafe", "Use another folder, or fix its permissions"]);
  }));
