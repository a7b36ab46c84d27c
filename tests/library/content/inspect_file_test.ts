import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type FileFormat, inspectFile, type Inspection } from "../../../lib/library/mod.ts";
import { gguf, pattern, safetensors, zip } from "../../helpers/library/file_bytes.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** Inspect bytes under a name. */
async function inspect(bytes: Uint8Array | string, name: string): Promise<Inspection> {
  let result: Inspection | undefined;
  await inTempDir(async (folder) => {
    const path = join(folder, "file.part");
    await Deno.writeFile(path, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
    result = await inspectFile(path, { name });
  });
  return result!;
}

/** Replace bytes at a position. */
function patch(bytes: Uint8Array, offset: number, values: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, offset);
  return copy;
}

Deno.test("inspectFile() accepts valid files", async () => {
  const table: readonly (readonly [Uint8Array | string, string, FileFormat])[] = [
    [safetensors(5000), "a.safetensors", "safetensors"],
    [safetensors(0), "a.sft", "safetensors"],
    [gguf(3), "a.gguf", "gguf"],
    [zip(), "a.zip", "zip"],
    [zip("a comment PK"), "a.ckpt", "zip"],
    [Uint8Array.of(0x80, 2, 0x2e), "a.pt", "pickle"],
    ["model:\n  x: 1\n", "a.yaml", "yaml"],
    ['{"a":1}', "a.json", "json"],
    ['{"a":1}', "a.civitai.info", "json"],
    [await Deno.readFile(new URL("../fixtures/pictures/still.png", import.meta.url)), "a.jpeg", "png"],
    [pattern(100), "a.bin", "unknown"],
    [safetensors(10), "a.bin", "safetensors"],
    ["<html>", "a.html", "html"],
  ];
  for (const [bytes, name, format] of table) assertEquals(await inspect(bytes, name), { format, problem: null }, name);
});

Deno.test("inspectFile() accepts the fixture, but not if it is one byte shorter or longer", async () => {
  const bytes = await Deno.readFile(new URL("../fixtures/tiny.safetensors", import.meta.url));
  assertEquals((await inspect(bytes, "tiny.safetensors")).problem, null);
  const short = await inspect(bytes.subarray(0, 423), "tiny.safetensors");
  assertEquals(short.problem, "it is truncated: 424 bytes expected, 423 found");
  const long = await inspect(Uint8Array.from([...bytes, 0]), "tiny.safetensors");
  assertEquals(long.problem, "it is too long: 424 bytes expected, 425 found");
});

Deno.test("inspectFile() detects a web page in place of a model", async () => {
  const pages = ["<!DOCTYPE html><title>Sign in</title>", "<?xml?><Error/>", '{"error":"Unauthorized"}'];
  for (const page of pages) {
    for (const name of ["a.safetensors", "a.ckpt", "a.gguf", "a.zip", "a.bin", "a.png", "a.mp4"]) {
      assertMatch((await inspect(page, name)).problem ?? "", /^it is an? (HTML or XML|JSON) page, not a file/, name);
    }
  }
});

Deno.test("inspectFile() names the format it found instead", async () => {
  assertEquals((await inspect(zip(), "a.safetensors")).problem, "it is zip, its name promises safetensors");
  assertEquals(
    (await inspect(safetensors(9), "a.ckpt")).problem,
    "it is safetensors, its name promises zip or pickle or tar",
  );
  assertEquals((await inspect(pattern(99), "a.safetensors")).problem, "it has no safetensors header");
  assertStringIncludes((await inspect(pattern(99), "a.gguf")).problem!, "it is of no known format");
  const still = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
  assertStringIncludes((await inspect(still, "a.mp4")).problem!, "it is jpeg, its name promises mp4");
  assertEquals((await inspect("", "a.safetensors")).problem, "it is empty");
  assertEquals((await inspect("", "a")).problem, "it is empty");
});

Deno.test("inspectFile() detects damage inside a safetensors header", async () => {
  const good = safetensors(10);
  const open = new TextEncoder().encode('{"w":');
  assertEquals(
    (await inspect(patch(good, 20, [0, 0, 0]), "a.safetensors")).problem,
    "its safetensors header is damaged",
  );
  assertStringIncludes((await inspect(good.subarray(0, 40), "a.safetensors")).problem!, "it ends inside its header");
  const swapped = new TextEncoder().encode(new TextDecoder().decode(good.subarray(8, -10)).replace("[0,10]", "[10,0]"));
  assertStringIncludes((await inspect(patch(good, 8, [...swapped]), "a.safetensors")).problem!, 'damaged at "weight"');
  const list = patch(good, 0, [9, 0, 0, 0, 0, 0, 0, 0, ...open, 0x5b, 0x5d, 0x7d, 0x20]);
  assertStringIncludes((await inspect(list, "a.safetensors")).problem!, 'damaged at "w"');
});

Deno.test("inspectFile() detects a ZIP without its end, or with a misplaced directory", async () => {
  const good = zip();
  for (const keep of [30, good.length - 22, good.length - 1]) {
    assertStringIncludes((await inspect(good.subarray(0, keep), "a.zip")).problem!, "it is truncated");
  }
  const outside = patch(good, good.length - 6, [0xff, 0xff, 0, 0]);
  assertStringIncludes((await inspect(outside, "a.pt")).problem!, "outside of the file");
  const zip64 = patch(good, good.length - 6, [0xff, 0xff, 0xff, 0xff]);
  assertEquals((await inspect(zip64, "a.pt")).problem, null);
});

Deno.test("inspectFile() recognizes the versions of GGUF in both byte orders", async () => {
  assertStringIncludes((await inspect(gguf(9), "a.gguf")).problem!, "GGUF version 9");
  assertStringIncludes((await inspect(gguf(3).subarray(0, 20), "a.gguf")).problem!, "ends inside its header");
  assertEquals((await inspect(patch(gguf(3), 4, [0, 0, 0, 3]), "a.gguf")).problem, null);
});

Deno.test("inspectFile() takes the name from the path by default, and requires a file", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.gguf");
    await Deno.writeFile(path, zip());
    assertStringIncludes((await inspectFile(path)).problem!, "promises gguf");
    await assertRejects(() => inspectFile(join(folder, "none")), Deno.errors.NotFound);
  }));

Deno.test("inspectFile() skips a safetensors header with hundreds of thousands of names", async () => {
  const tensor = '"t":{"data_offsets":[0,9]}';
  const header = `{${Array.from({ length: 400_000 }, () => tensor).join(",")}}`;
  const bytes = new Uint8Array(8 + header.length + 1);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  new TextEncoder().encodeInto(header, bytes.subarray(8));
  assertEquals(await inspect(bytes, "a.safetensors"), { format: "safetensors", problem: null });
});
