import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import {
  journalPathOf,
  type PartJournal,
  partPathOf,
  readJournal,
  removePart,
  writeJournal,
} from "../../../lib/transfer/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const journal: PartJournal = { version: 1, identity: { fileId: 7 }, totalBytes: 9, etag: '"v1"', blocks: [1, 2] };

Deno.test("readJournal() restores what writeJournal() wrote", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.safetensors");
    await writeJournal(path, journal);
    assertEquals(await readJournal(path), journal);
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name), ["a.safetensors.part.json"]);
  }));

Deno.test("readJournal() restores the extents of a part with gaps", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a");
    await writeJournal(path, { ...journal, extents: [[0, 3], [5, 9]] });
    assertEquals((await readJournal(path))?.extents, [[0, 3], [5, 9]]);
  }));

Deno.test("readJournal() refuses a pipe instead of waiting for its writer", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a");
    await new Deno.Command("mkfifo", { args: [journalPathOf(path)] }).output();
    await assertRejects(() => readJournal(path), KitError, "a pipe");
  }));

Deno.test("readJournal() returns null without a journal", () =>
  inTempDir(async (folder) => assertEquals(await readJournal(join(folder, "a")), null)));

const UNSOUND: readonly [what: string, text: string][] = [
  ["that was cut", '{"version":1,"iden'],
  ["of nothing", ""],
  ["that is null", "null"],
  ["that is a text", '"x"'],
  ["of another version", JSON.stringify({ ...journal, version: 2 })],
  ["without identity", JSON.stringify({ ...journal, identity: null })],
  ["of a negative size", JSON.stringify({ ...journal, totalBytes: -1 })],
  ["of half a byte", JSON.stringify({ ...journal, totalBytes: 0.5 })],
  ["with a number for an ETag", JSON.stringify({ ...journal, etag: 1 })],
  ["with blocks that are texts", JSON.stringify({ ...journal, blocks: ["1"] })],
  ["with extents that overlap", JSON.stringify({ ...journal, extents: [[0, 4], [3, 6]] })],
  ["with extents that touch", JSON.stringify({ ...journal, extents: [[0, 4], [4, 6]] })],
  ["with extents beyond the file", JSON.stringify({ ...journal, extents: [[0, 10]] })],
  ["with extents that are empty", JSON.stringify({ ...journal, extents: [[2, 2]] })],
  ["with extents that are texts", JSON.stringify({ ...journal, extents: [["0", "4"]] })],
  ["without blocks", JSON.stringify({ ...journal, blocks: {} })],
];

for (const [what, text] of UNSOUND) {
  Deno.test(`readJournal() refuses a journal ${what}`, () =>
    inTempDir(async (folder) => {
      const path = join(folder, "a");
      await Deno.writeTextFile(journalPathOf(path), text);
      assertEquals(await readJournal(path), null);
    }));
}

Deno.test("removePart() removes part and journal, and accepts that either is missing", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a");
    await Deno.writeTextFile(partPathOf(path), "x");
    await writeJournal(path, journal);
    await removePart(path);
    await removePart(path);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));
