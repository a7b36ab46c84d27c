import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { VERSION } from "../../../lib/base/mod.ts";
import { openLibrary } from "../../../lib/downloader/mod.ts";
import { makeDebugDocuments, readCatalogFacts } from "../../../lib/health/mod.ts";
import { catalogFile } from "../../../lib/library/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { placeOf } from "../_health_place.ts";

Deno.test("readCatalogFacts() describes a catalog, and says why it cannot be read", () =>
  inTempDir(async (folder) => {
    const root = join(folder, "models");
    (await openLibrary(root, { command: "test" }))[Symbol.dispose]();
    const { plan, creators } = await readCatalogFacts(root);
    assertEquals([Object.keys(plan as object), creators], [["totals", "runs"], []]);
    await Deno.writeTextFile(catalogFile(root), "no database");
    const broken = await readCatalogFacts(root);
    assertMatch(JSON.stringify(broken.plan), /^\{"problem":"Cannot /);
  }));

Deno.test("makeDebugDocuments() describes the installation, and says of a document why it could not be made", () =>
  inTempDir(async (folder) => {
    const signal = AbortSignal.abort(new Error("stopped"));
    const documents = await makeDebugDocuments(placeOf(folder, { signal }), {
      plan: { totals: 1 },
      form: "executable",
    });
    assertEquals([...documents.keys()], ["health.json", "metrics.json", "plan.json", "versions.json"]);
    assertEquals(documents.get("plan.json"), { totals: 1 });
    assertEquals(documents.get("health.json"), { problem: "stopped" });
    const { program, form, deno } = documents.get("versions.json") as Record<string, unknown>;
    assertEquals([program, form, deno], [VERSION, "executable", Deno.version]);
  }));
