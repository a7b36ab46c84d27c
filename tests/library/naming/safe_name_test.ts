import { assert, assertEquals, assertLessOrEqual, assertMatch } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { safeName } from "../../../lib/library/naming/safe_name.ts";
import { assertLinearTime } from "../../helpers/assert_linear_time.ts";

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

Deno.test("safeName() replaces characters that file systems forbid", () => {
  assertEquals(safeName('a<b>c:d"e/f\\g|h?i*j.pt'), "a_b_c_d_e_f_g_h_i_j.pt");
  assertEquals(safeName("a\u0000b\u001fc\u007fd\u0085e\u2028f"), "a_b_c_d_e_f");
});

Deno.test("safeName() never contains a folder or a parent", () => {
  assertEquals(safeName("../../etc/passwd"), "_.._etc_passwd");
  assertEquals(safeName("a/b"), "a_b");
  for (const text of ["", ".", "..", "...", "   ", " . . ", "\u200B", "\u202E."]) {
    assertEquals(safeName(text), "_", text);
  }
});

Deno.test("safeName() uses the fallback if nothing remains", () => {
  assertEquals(safeName("..", { fallback: "unknown" }), "unknown");
});

Deno.test("safeName() trims dots and spaces of any script at both ends", () => {
  assertEquals(safeName(" .hidden.pt. "), "hidden.pt");
  assertEquals(safeName("\u3000\u00a0name\u3000"), "name");
});

Deno.test("safeName() escapes the device names of Windows, with and without extension", () => {
  for (const name of ["CON", "prn", "Aux", "NUL", "COM1", "com9", "LPT1", "lpt9", "COM¹", "CONIN$", "conout$"]) {
    assertEquals(safeName(name), `_${name}`);
    assertEquals(safeName(`${name}.safetensors`), `_${name}.safetensors`);
    assertEquals(safeName(`${name}.tar.gz`), `_${name}.tar.gz`);
  }
  assertEquals(safeName("CON .txt"), "_CON .txt");
  for (const name of ["CONTROL", "COM0", "COM10", "console.pt", "my CON"]) assertEquals(safeName(name), name);
});

Deno.test("safeName() escapes a device name that truncation creates", () => {
  assertEquals(safeName(`CON${" ".repeat(300)}x.pt`), "_CON.pt");
});

Deno.test("safeName() truncates a long name and keeps its extension", () => {
  const name = safeName(`${"a".repeat(300)}.safetensors`);
  assertEquals(name.length, 200);
  assert(name.endsWith("a.safetensors"));
});

Deno.test("safeName() reserves space in 255 bytes for the suffixes of parts and sidecars", () => {
  const name = safeName(`${"語".repeat(300)}.safetensors`);
  assertLessOrEqual(bytesOf(name) + ".metadata.json.civitai-dl.tmp".length, 255);
  assert(name.endsWith("語.safetensors"));
});

Deno.test("safeName() never splits a grapheme", () => {
  const family = "👨‍👩‍👧‍👦";
  assertMatch(safeName(family.repeat(60)), new RegExp(`^(?:${family})+$`, "u"));
  assertMatch(safeName("e\u0323\u0302".repeat(200)), /^(?:ệ)+$/u);
});

Deno.test("safeName() drops a single grapheme longer than the limit", () => {
  assertEquals(safeName(`a${"\u0301".repeat(500)}`), "_");
});

Deno.test("safeName() normalizes Unicode", () => {
  assertEquals(safeName("caf\u0065\u0301"), safeName("caf\u00e9"));
});

Deno.test("safeName() removes bidirectional and zero-width characters, but keeps emoji whole", () => {
  assertEquals(safeName("model\u202Egnp.exe\u200B\u2066\uFEFF\u{E0041}"), "modelgnp.exe");
  assertEquals(safeName("a\u200Db"), "ab");
  assertEquals(safeName("❤️‍🔥"), "❤️‍🔥");
});

Deno.test("safeName() accepts an unpaired surrogate", () => {
  assertEquals(safeName("a\uD83Db"), "a_b");
});

Deno.test("safeName() treats an invalid extension as part of the name", () => {
  const long = safeName(`a.${"b".repeat(300)}`);
  assertEquals(long.length, 200);
});

Deno.test("safeName() is idempotent, within limits and safe for any text", () => {
  const random = seededRandom(7);
  const alphabet = [..."aZ9._ /\\:*?<>|\"'-[]{}$%é語😀\u202e\u200d\u0301\u0000\u3000CONcon", "e\u0301", "👩‍🚀", "\ud800"];
  for (let round = 0; round < 3000; round++) {
    const length = Math.floor(random() * (round % 10 === 0 ? 400 : 12));
    const text = Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
    const name = safeName(text);
    assertEquals(safeName(name), name, JSON.stringify(text));
    assertLessOrEqual(bytesOf(name), 215);
    assertLessOrEqual(name.length, 200);
    // deno-lint-ignore no-control-regex -- control characters are what it looks for
    assert(!/[<>:"/\\|?*\x00-\x1f]|^[.\s]|[.\s]$|^$/u.test(name), JSON.stringify([text, name]));
    assert(!/^(con)(\.|$)/i.test(name), name);
  }
});

Deno.test("safeName() takes linear time for names of any length and keeps their extension", async () => {
  for (const piece of [".", " ", "\u0301\u0323", "\u200d", "a.", "👩\u200d", "\ud800", "_"]) {
    await assertLinearTime((text) => safeName(`a${text}b.safetensors`), piece, { name: "safeName()" });
  }
  assertEquals(safeName(`a${"c".repeat(1_000_000)}.safetensors`).slice(-13), "c.safetensors");
});
