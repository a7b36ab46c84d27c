import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { ConfigError, Mistakes, readConfigText, readYaml } from "../../lib/config/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("readYaml() keeps the positions of keys and values", () => {
  const yaml = readYaml("limit: 5\nlist:\n  - name: a\n    rate: fast\n");
  assertEquals(yaml.value, { limit: 5, list: [{ name: "a", rate: "fast" }] });
  assertEquals(yaml.placeOf(["list", 0, "rate"]), { line: 4, column: 11 });
  assertEquals(yaml.placeOfKey(["list", 0, "rate"]), { line: 4, column: 5 });
  assertEquals(yaml.placeOf(["list", 0, "rate"], "st"), { line: 4, column: 13 });
  assertEquals(yaml.placeOf(["list", 3, "rate"]), { line: 3, column: 3 });
});

Deno.test("readYaml() accepts an empty text unless a required start is given", () => {
  for (const text of ["", "# only a comment\n"]) {
    assertEquals([readYaml(text).value, readYaml(text).mistakes], [null, []]);
    const [mistake] = readYaml(text, { begin: "groups:" }).mistakes;
    assertEquals([mistake?.message, mistake?.hint], ["the file is empty", "Begin with: groups:"]);
  }
});

Deno.test("readYaml() refuses anchors, aliases, tags, two documents and repeated keys", () => {
  const cases: readonly (readonly [text: string, line: number, says: string])[] = [
    ["a: &x 1\nb: *x\n", 1, "anchors (&name)"],
    ["a: 1\nb: !!binary aGk=\n", 2, "tags (!name)"],
    ["a: 1\n---\nb: 2\n", 2, "a second document"],
    ["a: 1\na: 2\n", 2, 'the key "a" appears twice'],
    ["a:\n\tb: 1\n", 2, "a tab indents the line"],
  ];
  for (const [text, line, says] of cases) {
    const { value, mistakes } = readYaml(text);
    assertEquals([value, mistakes[0]?.line], [undefined, line], text);
    assertStringIncludes(mistakes[0]!.message, says);
  }
});

Deno.test("ConfigError lists every error in the order of the file, with the hint of a single one", () => {
  const yaml = readYaml("a: 1\nb: 2\n");
  const mistakes = new Mistakes(yaml);
  mistakes.add(["b"], "too large", { hint: "Write 1" });
  const one = raised(mistakes);
  assertEquals([one.message, one.hint, one.exitCode], ["Cannot use my.yml:2:4: too large", "Write 1", 2]);
  mistakes.add(["a"], "too small");
  const two = raised(mistakes);
  assertEquals(two.message, "Cannot use my.yml:1:4: too small\nmy.yml:2:4: too large (Write 1)");
  assertEquals(two.hint, undefined);
});

Deno.test("readConfigText() reports an unreadable file before it is parsed", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "rules.yml");
    const hint = "Give --config";
    const missing = await assertRejects(() => readConfigText(path, { hint }), KitError, "no such file");
    assertEquals([missing.code, missing.hint], ["usage", hint]);
    await assertRejects(() => readConfigText(folder, { hint }), KitError, "it is a folder");
    await Deno.writeFile(path, Uint8Array.of(0x61, 0x3a, 0x20, 0xfc, 0x0a));
    const latin = await assertRejects(
      () => readConfigText(path, { hint }),
      ConfigError,
      ":1:4: the byte 0xfc is not valid UTF-8",
    );
    assertStringIncludes(latin.hint!, 'that byte is "ü"');
    await Deno.writeTextFile(path, "#".repeat(2 ** 20 + 1));
    await assertRejects(() => readConfigText(path, { hint }), ConfigError, "1048577 bytes");
    await Deno.writeTextFile(path, "\ufeffa: 1\n");
    assertEquals(await readConfigText(path, { hint }), "a: 1\n");
  }));

function raised(mistakes: Mistakes): ConfigError {
  try {
    mistakes.throwIfAny("my.yml");
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("nothing was raised");
}
