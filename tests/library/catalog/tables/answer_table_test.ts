import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Catalog, openCatalog } from "../../../../lib/library/mod.ts";
import { FakeClock } from "../../../helpers/fake_clock.ts";
import { makeOldCatalog } from "../../_old_catalog.ts";
import { inTempDir } from "../../../helpers/temp_dir.ts";

const HOUR_MS = 3_600_000;

function withAnswers(
  maxAnswerBytes: number,
  test: (answers: Catalog["answers"], clock: FakeClock, raw: DatabaseSync) => void,
): Promise<void> {
  return inTempDir((folder) => {
    const clock = new FakeClock();
    const path = join(folder, "catalog.db");
    using catalog = openCatalog(path, { clock, maxAnswerBytes });
    using raw = new DatabaseSync(path);
    test(catalog.answers, clock, raw);
  });
}

/** A text that does not compress. */
function noise(bytes: number): string {
  return randomBytes(bytes / 2).toString("hex");
}

function bytesIn(raw: DatabaseSync): number {
  return raw.prepare("SELECT sum(length(body)) AS bytes FROM answers").get()!.bytes as number;
}

Deno.test("Catalog.answers returns what was stored, and the last value of a key", () =>
  withAnswers(1 << 20, (answers) => {
    assertEquals(answers.get("a"), null);
    answers.put("a", { etag: 'W/"1"', body: "語 😀" });
    answers.put("b", { etag: '"2"', body: "" });
    assertEquals([answers.get("a"), answers.get("b")], [{ etag: 'W/"1"', body: "語 😀" }, { etag: '"2"', body: "" }]);
    answers.put("a", { etag: "3", body: "new" });
    assertEquals(answers.get("a"), { etag: "3", body: "new" });
  }));

Deno.test("Catalog.answers stays below its limit and drops the least recently used", () =>
  withAnswers(1 << 20, (answers, clock, raw) => {
    const body = noise(16_384);
    const count = 400;
    for (let id = 0; id < count; id++) {
      answers.put(`${id}`, { etag: "e", body });
      clock.advance(HOUR_MS + 1);
      // One of the first is read again and again.
      if (id > 3) answers.get("3");
    }
    assertLessOrEqual(bytesIn(raw), 1.3 * (1 << 20));
    assertGreater(bytesIn(raw), 0.6 * (1 << 20));
    assert(answers.get("3") !== null && answers.get(`${count - 1}`) !== null);
    assertEquals([answers.get("2"), answers.get("5")], [null, null]);
  }));

Deno.test("Catalog.answers refuses an entry that would displace all others", () =>
  withAnswers(1 << 20, (answers) => {
    answers.put("a", { etag: "e", body: "small" });
    answers.put("b", { etag: "e", body: noise(300_000) });
    assertEquals([answers.get("a")?.body, answers.get("b")], ["small", null]);
  }));

/** Change the last byte to any other. */
const FLIPPED_END = "substr(body, 1, length(body) - 1) || CASE substr(body, -1) WHEN x'ff' THEN x'00' ELSE x'ff' END";

Deno.test("Catalog.answers ignores a damaged body", () =>
  withAnswers(1 << 20, (answers, _clock, raw) => {
    for (const spoil of ["x'00'", "substr(body, 1, 20)", FLIPPED_END]) {
      answers.put("a", { etag: "e", body: noise(1000) });
      raw.exec(`UPDATE answers SET body = CAST(${spoil} AS BLOB)`);
      assertEquals(answers.get("a"), null, spoil);
    }
  }));

Deno.test("openCatalog() adds the table of answers to an older catalog and keeps its rows", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    makeOldCatalog(path, 1);
    {
      using raw = new DatabaseSync(path);
      raw.exec("DROP TABLE answers; PRAGMA user_version = 1");
    }
    using catalog = openCatalog(path);
    catalog.answers.put("k", { etag: "e", body: "x" });
    assertEquals([catalog.note("layout"), catalog.answers.get("k")?.body], ["classic", "x"]);
  }));
