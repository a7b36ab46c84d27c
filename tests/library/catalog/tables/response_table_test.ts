import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Catalog, openCatalog } from "../../../../lib/library/mod.ts";
import { FakeClock } from "../../../helpers/fake_clock.ts";
import { inTempDir } from "../../../helpers/temp_dir.ts";

const HOUR_MS = 3_600_000;

function withResponses(
  maxResponseBytes: number,
  test: (responses: Catalog["responses"], clock: FakeClock, raw: DatabaseSync) => void,
): Promise<void> {
  return inTempDir((folder) => {
    const clock = new FakeClock();
    const path = join(folder, "catalog.db");
    using catalog = openCatalog(path, { clock, maxResponseBytes });
    using raw = new DatabaseSync(path);
    test(catalog.responses, clock, raw);
  });
}

/** A text that does not compress. */
function noise(bytes: number): string {
  return randomBytes(bytes / 2).toString("hex");
}

function bytesIn(raw: DatabaseSync): number {
  return raw.prepare("SELECT sum(length(body)) AS bytes FROM responses").get()!.bytes as number;
}

Deno.test("Catalog.responses returns what was stored, and the last value of a key", () =>
  withResponses(1 << 20, (responses) => {
    assertEquals(responses.get("a"), null);
    responses.put("a", { etag: 'W/"1"', body: "語 😀" });
    responses.put("b", { etag: '"2"', body: "" });
    assertEquals([responses.get("a"), responses.get("b")], [{ etag: 'W/"1"', body: "語 😀" }, {
      etag: '"2"',
      body: "",
    }]);
    responses.put("a", { etag: "3", body: "new" });
    assertEquals(responses.get("a"), { etag: "3", body: "new" });
  }));

Deno.test("Catalog.responses stays below its limit and drops the least recently used", () =>
  withResponses(1 << 20, (responses, clock, raw) => {
    const body = noise(16_384);
    const count = 400;
    for (let id = 0; id < count; id++) {
      responses.put(`${id}`, { etag: "e", body });
      clock.advance(HOUR_MS + 1);
      // One of the first is read again and again.
      if (id > 3) responses.get("3");
    }
    assertLessOrEqual(bytesIn(raw), 1.3 * (1 << 20));
    assertGreater(bytesIn(raw), 0.6 * (1 << 20));
    assert(responses.get("3") !== null && responses.get(`${count - 1}`) !== null);
    assertEquals([responses.get("2"), responses.get("5")], [null, null]);
  }));

Deno.test("Catalog.responses refuses an entry that would displace all others", () =>
  withResponses(1 << 20, (responses) => {
    responses.put("a", { etag: "e", body: "small" });
    responses.put("b", { etag: "e", body: noise(300_000) });
    assertEquals([responses.get("a")?.body, responses.get("b")], ["small", null]);
  }));

/** Change the last byte to any other. */
const FLIPPED_END = "substr(body, 1, length(body) - 1) || CASE substr(body, -1) WHEN x'ff' THEN x'00' ELSE x'ff' END";

Deno.test("Catalog.responses ignores a damaged body", () =>
  withResponses(1 << 20, (responses, _clock, raw) => {
    for (const spoil of ["x'00'", "substr(body, 1, 20)", FLIPPED_END]) {
      responses.put("a", { etag: "e", body: noise(1000) });
      raw.exec(`UPDATE responses SET body = CAST(${spoil} AS BLOB)`);
      assertEquals(responses.get("a"), null, spoil);
    }
  }));
