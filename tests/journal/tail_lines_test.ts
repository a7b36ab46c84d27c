import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { tailLines } from "../../lib/journal/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("tailLines() reads only the end of a file, and leaves out the line in which it begins", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.log");
    await Deno.writeTextFile(path, "first\nsecond\nthird\n");
    const read = async (maxBytes?: number) => {
      using file = await Deno.open(path);
      const lines = await Array.fromAsync(tailLines(file, { maxLineBytes: 100, chunkBytes: 4, maxBytes }));
      return lines.map((line) => line === null ? null : new TextDecoder().decode(line));
    };
    assertEquals(await read(), ["third", "second", "first"]);
    assertEquals(await read(10), ["third"]);
    // A hole of a terabyte is not read.
    await Deno.truncate(path, 2 ** 40);
    assertEquals(await read(20), []);
  }));

Deno.test("tailLines() stops at the next chunk when it is aborted, with the reason", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.log");
    await Deno.writeTextFile(path, "line\n".repeat(100));
    using file = await Deno.open(path);
    const stop = new AbortController();
    let lines = 0;
    const read = async () => {
      for await (const _ of tailLines(file, { maxLineBytes: 100, chunkBytes: 50, signal: stop.signal })) {
        if (++lines === 10) stop.abort(new Error("Ctrl-C"));
      }
    };
    await assertRejects(read, Error, "Ctrl-C");
    assert(lines < 20, `${lines} lines were read`);
  }));
