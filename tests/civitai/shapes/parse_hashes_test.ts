import { assertEquals } from "@std/assert";
import { parseHashes } from "../../../lib/civitai/mod.ts";
import { fixture } from "../../helpers/servers/civitai_fixture.ts";

Deno.test("parseHashes() lower-cases and keeps every known kind", () => {
  const { name: _, ...vector } = fixture<Record<string, string>[]>("hash_vectors.json")[1]!;
  assertEquals(parseHashes({ ...vector, AutoV3: "471FB943AA23", MD5: "00" }), {
    AutoV1: "ef463692",
    AutoV2: "4942bf8d51",
    AutoV3: "471fb943aa23",
    SHA256: "4942bf8d51cfd5ad4b05f4edc9515dc46ae85eec3d08f9d96cd31c12a3409665",
    CRC32: "3935206c",
    BLAKE3: "76febb313deb4de7a1d9228a51e76d40b4891ca1c7a7032f689d088501d60b91",
  });
});

Deno.test("parseHashes() truncates an AutoV3 of 64 characters to 12", () => {
  assertEquals(parseHashes({ AutoV3: "4D9F3F9323CF".padEnd(64, "0") }), { AutoV3: "4d9f3f9323cf" });
});

Deno.test("parseHashes() drops the hashes of empty input", () => {
  assertEquals(parseHashes({ AutoV1: "E3B0C442", AutoV3: "E3B0C44298FC" }), {});
  assertEquals(parseHashes({ AutoV3: "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855" }), {});
  assertEquals(parseHashes({ CRC32: "E3B0C442" }), { CRC32: "e3b0c442" });
});

Deno.test("parseHashes() drops invalid values", () => {
  assertEquals(parseHashes({ SHA256: "abc", AutoV2: 12, CRC32: null, BLAKE3: "g".repeat(64) }), {});
  for (const json of [null, undefined, [], "x"]) assertEquals(parseHashes(json), {});
});
