import { assertEquals } from "@std/assert";
import { matchesHashes } from "../../../lib/library/mod.ts";

const SHA = "ae883bbd572b3198a19a658009820f1fbad32140a8743749cb7ea15ac928b09b";
const OTHER = "0".repeat(64);
const ACTUAL = { sha256: SHA, blake3: "1".repeat(64), crc32: "0000beef" };

Deno.test("matchesHashes() compares the strongest kind that both sides have", () => {
  const table = [
    [{ SHA256: SHA.toUpperCase(), CRC32: "00000000" }, "match"],
    [{ SHA256: OTHER, BLAKE3: "1".repeat(64) }, "mismatch"],
    [{ BLAKE3: "1".repeat(64), AutoV2: "0".repeat(10) }, "match"],
    [{ AutoV2: "AE883BBD57", CRC32: "00000000" }, "match"],
    [{ AutoV2: "AE883BBD58" }, "mismatch"],
    [{ CRC32: "0000BEEF" }, "match"],
    [{ CRC32: "0000BEEE" }, "mismatch"],
  ] as const;
  for (const [expected, verdict] of table) assertEquals(matchesHashes(ACTUAL, expected), verdict);
});

Deno.test("matchesHashes() never trusts AutoV1 or AutoV3 alone, nor invalid hashes", () => {
  const useless = [{}, { AutoV1: SHA.slice(0, 8), AutoV3: SHA.slice(0, 12) }, { SHA256: "" }, { SHA256: "ae88" }, {
    CRC32: "zzzzzzzz",
  }];
  for (const expected of useless) assertEquals(matchesHashes(ACTUAL, expected), "unknown");
  assertEquals(matchesHashes({}, { SHA256: SHA }), "unknown");
  assertEquals(matchesHashes({ crc32: "0000beef" }, { SHA256: SHA, CRC32: "0000BEEF" }), "match");
});
