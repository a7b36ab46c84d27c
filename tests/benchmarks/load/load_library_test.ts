import { assert, assertRejects } from "@std/assert";
import { openLoadLibrary } from "../../../benchmarks/load/load_library.ts";
import { KitError } from "../../../lib/base/mod.ts";

const STORAGE = { storageOrigin: "http://127.0.0.1:1", onLink() {} };

Deno.test("openLoadLibrary() has at least the files and bytes that were asked for", async () => {
  await using library = await openLoadLibrary({ creators: 3, files: 30, bytes: 20e6, seed: 1, runs: 1 }, STORAGE);
  assert(library.facts.length >= 30, `${library.facts.length} files`);
  assert(library.bytes >= 20e6, `${library.bytes} bytes`);
});

Deno.test("openLoadLibrary() refuses a seed whose catalogs are all too small, instead of measuring less", async () => {
  const settings = { creators: 1, files: 1, bytes: 3e6, seed: 6, runs: 1 };
  await assertRejects(() => openLoadLibrary(settings, STORAGE), KitError, "this seed gives 2 files with");
});
