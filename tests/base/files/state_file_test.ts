import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { KitError, NewerStateError, StateFile } from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

interface Count {
  readonly count: number;
}

function fileIn(folder: string): StateFile<Count> {
  return new StateFile(join(folder, "count.json"), {
    schema: "example/count",
    version: 1,
    parse: ({ count }) => {
      if (typeof count === "number") return { count };
      throw new SyntaxError('"count" is not a number');
    },
    loss: "counting starts again",
  });
}

function unexpected(message: string): void {
  throw new Error(message);
}

Deno.test("StateFile restores what was written, and is null before", () =>
  inTempDir(async (folder) => {
    const file = fileIn(folder);
    assertEquals([await file.read(), await file.open(unexpected)], [null, null]);
    await file.write({ count: 7 });
    assertEquals(await file.read(), { count: 7 });
    assertEquals(await Deno.readTextFile(file.path), '{"schema":"example/count","version":1,"count":7}\n');
    if (Deno.build.os !== "windows") assertEquals((await Deno.stat(file.path)).mode! & 0o777, 0o600);
  }));

const DAMAGED = [
  { text: "", says: "JSON" },
  { text: '{"schema":"example/count","ver', says: "JSON" },
  { text: "\0\0\0\0\nmore", says: "JSON" },
  { text: "[]", says: "the file is not an object" },
  { text: "{}", says: 'it is no "example/count" of version 1' },
  { text: '{"schema":"example/other","version":1,"count":7}', says: "it is no" },
  { text: '{"schema":"example/count","version":0,"count":7}', says: "it is no" },
  { text: '{"schema":"example/count","version":1,"count":"7"}', says: '"count" is not a number' },
];

Deno.test("StateFile.open() moves each damaged file aside with a line, and read() changes nothing", () =>
  inTempDir(async (folder) => {
    const file = fileIn(folder);
    for (const [index, { text, says }] of DAMAGED.entries()) {
      const aside = `${file.path}.corrupt${index === 0 ? "" : `-${index + 1}`}`;
      await Deno.writeTextFile(file.path, text);
      assertStringIncludes((await assertRejects(() => file.read(), SyntaxError)).message, says);
      assertEquals(await file.readText(), text);
      const warnings: string[] = [];
      assertEquals(await file.open((message) => warnings.push(message)), null);
      assertEquals([warnings.length, warnings[0]!.includes("\n")], [1, false]);
      assertStringIncludes(warnings[0]!, says);
      assertStringIncludes(warnings[0]!, `moved to "${aside}", and counting starts again`);
      assertEquals([await file.readText(), await Deno.readTextFile(aside)], [null, text]);
    }
  }));

Deno.test("StateFile refuses a file of a later version, whatever is in it, and leaves it alone", () =>
  inTempDir(async (folder) => {
    const file = fileIn(folder);
    const text = '{"schema":"example/news","version":2}';
    await Deno.writeTextFile(file.path, text);
    for (const use of [() => file.read(), () => file.open(unexpected)]) {
      assertEquals((await assertRejects(use, NewerStateError)).code, "unsafe");
    }
    assertThrows(() => file.parse(text), NewerStateError);
    assertEquals(await Deno.readTextFile(file.path), text);
  }));

Deno.test("StateFile follows no link, and takes a lock beside itself", () =>
  inTempDir(async (folder) => {
    const file = fileIn(folder);
    await Deno.writeTextFile(join(folder, "other.json"), '{"schema":"example/count","version":1,"count":7}');
    await Deno.symlink(join(folder, "other.json"), file.path);
    await assertRejects(() => file.read(), KitError);
    using lock = await file.lock({ command: "test" });
    assertEquals(lock.path, join(folder, "count.lock"));
    assert((await assertRejects(() => file.lock({ command: "test" }), KitError)).message.includes("held by"));
  }));

Deno.test("StateFile reads, writes and moves aside synchronously too", () =>
  inTempDir(async (folder) => {
    const file = fileIn(folder);
    assertEquals([file.readSync(), file.openSync(unexpected)], [null, null]);
    file.writeSync({ count: 7 });
    assertEquals([file.readSync(), await file.read()], [{ count: 7 }, { count: 7 }]);
    await Deno.writeTextFile(file.path, "{");
    assertThrows(() => file.readSync(), SyntaxError);
    const warnings: string[] = [];
    assertEquals(file.openSync((message) => warnings.push(message)), null);
    assertStringIncludes(warnings.join(), `moved to "${file.path}.corrupt", and counting starts again`);
    assertEquals(file.readSync(), null);
  }));
