import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { createRedactor } from "../../lib/base/mod.ts";
import { redactedLines } from "../../lib/health/bundle/redacted_lines.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const { signal } = new AbortController();

async function read(path: string, tailBytes: number, redact = createRedactor()): Promise<string> {
  return (await Array.fromAsync(redactedLines(path, { tailBytes, redact, signal }))).join("");
}

Deno.test("redactedLines finds a secret that lies across two chunks", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.log");
    const secret = "s3cr3t-0123456789";
    // The secret begins just before the end of the first chunk of 256 KiB.
    await Deno.writeTextFile(path, `${"x".repeat((1 << 18) - 8)}${secret}\n`);
    const text = await read(path, Infinity, createRedactor([secret]));
    assertEquals([text.includes("s3cr3t"), text.endsWith("[redacted]\n")], [false, true]);
  }));

Deno.test("redactedLines keeps characters that lie across two chunks, and a last line without an end", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.log");
    const text = `${"y".repeat((1 << 18) - 1)}日本\nlast`;
    await Deno.writeTextFile(path, text);
    assertEquals(await read(path, Infinity), text);
  }));

Deno.test("redactedLines leaves a cut line and an endless one out", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.log");
    await Deno.writeTextFile(path, "first line with a secret\nsecond\n");
    assertEquals(await read(path, 12), "[5 characters of a line are left out]\nsecond\n");
    await Deno.writeTextFile(path, `a\n${"z".repeat(3 << 20)}\nb\n`);
    assertEquals(
      await read(path, Infinity),
      `a\n[${3 << 20} characters of a line are left out]\nb\n`.replace(`${3 << 20}`, `${(3 << 20) + 1}`),
    );
  }));
