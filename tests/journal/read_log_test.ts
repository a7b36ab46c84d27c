import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { readLog } from "../../lib/journal/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

async function linesOf(path: string) {
  const lines: string[] = [];
  const reading = await readLog(path, { onLine: (line) => lines.push(line) });
  return { lines, ...reading };
}

Deno.test("readLog() reads the rotated files first, the oldest before all", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.log");
    await Deno.writeTextFile(`${path}.2`, "1\n2\n");
    await Deno.writeTextFile(`${path}.1`, "3\n");
    await Deno.writeTextFile(path, "4\r\n5");
    const all = await linesOf(path);
    assertEquals(all.lines, ["1", "2", "3", "4", "5"]);
    assertEquals(all.files.map(({ path, bytes }) => [path.slice(folder.length + 1), bytes]), [
      ["a.log.2", 4],
      ["a.log.1", 2],
      ["a.log", 4],
    ]);
  }));

Deno.test("readLog() reads nothing if there is no log, and what is left if only rotated files are", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.log");
    assertEquals((await linesOf(path)).files, []);
    await Deno.writeTextFile(`${path}.1`, "1\n");
    assertEquals((await linesOf(path)).lines, ["1"]);
  }));

function grow(path: string): void {
  Deno.writeTextFileSync(path, "more\n", { append: true });
}

Deno.test("readLog() ends although the log grows with each line that is read", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.log");
    await Deno.writeTextFile(path, "1\n2\n");
    const lines: string[] = [];
    await readLog(path, { onLine: (line) => void (lines.push(line), grow(path)) });
    assertEquals(lines, ["1", "2"]);
  }));

function rotate(path: string): void {
  Deno.renameSync(`${path}.1`, `${path}.2`);
  Deno.renameSync(path, `${path}.1`);
  Deno.writeTextFileSync(path, "3\n");
}

Deno.test("readLog() reads each line once if the log is rotated while it is read", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.log");
    await Deno.writeTextFile(`${path}.1`, "1\n");
    await Deno.writeTextFile(path, "2\n");
    const lines: string[] = [];
    const onLine = (line: string) => void (lines.push(line) === 1 && rotate(path));
    await readLog(path, { onLine });
    assertEquals(lines, ["1", "2"]);
  }));

Deno.test("readLog() counts lines that are too long, and goes on after them", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.log");
    await Deno.writeTextFile(path, `a\n${"x".repeat(10_000_000)}\nb\n`);
    const { lines, tooLong } = await linesOf(path);
    assertEquals([lines, tooLong], [["a", "b"], 1]);
  }));

Deno.test("readLog() shows the first bytes of each file, stops by its signal, and passes errors on", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.log");
    await Deno.writeTextFile(path, "abc\n");
    const heads: string[] = [];
    const onFile = (_path: string, head: Uint8Array) => void heads.push(new TextDecoder().decode(head));
    await readLog(path, { onFile, onLine() {} });
    assertEquals(heads, ["abc\n"]);
    const signal = AbortSignal.abort(new Error("stop"));
    await assertRejects(() => readLog(path, { signal, onLine() {} }), Error, "stop");
    await assertRejects(() => readLog(folder, { onLine() {} }), Error);
  }));

Deno.test("readLog() reads standard input for the path -, until it ends or the reader is stopped", async () => {
  const parts = ["one\ntw", "o\nthree"].map((text) => new TextEncoder().encode(text));
  const input = {
    read(buffer: Uint8Array): Promise<number | null> {
      const part = parts.shift();
      if (part !== undefined) buffer.set(part);
      return Promise.resolve(part?.length ?? null);
    },
  };
  const lines: string[] = [];
  const reading = await readLog("-", { input, onLine: (line) => lines.push(line) });
  assertEquals(lines, ["one", "two", "three"]);
  assertEquals(reading, { files: [{ path: "standard input", bytes: 13 }], tooLong: 0 });
  const stop = new AbortController();
  const silent = { read: () => new Promise<null>(() => {}) };
  const stopped = readLog("-", { input: silent, signal: stop.signal, onLine() {} });
  stop.abort(new Error("stopped"));
  await assertRejects(() => stopped, Error, "stopped");
});
