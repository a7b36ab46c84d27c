import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { openCatalog } from "../../../lib/library/mod.ts";
import { plannedItem } from "../../helpers/library/facts.ts";
import { repeatItem } from "../../helpers/library/repeat_item.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

Deno.test("Catalog.rememberItems() chooses items once, whatever becomes of them", () =>
  inTempDir((folder) => {
    using catalog = openCatalog(join(folder, "catalog.db"));
    for (let id = 1; id <= 3; id++) catalog.plan(plannedItem(id), 1);
    catalog.mark("file:1:1", { state: "failed", outcome: "failed", reason: "no network" });
    const none = catalog.rememberItems({ states: ["done"] });
    const failed = catalog.rememberItems({ states: ["failed"] });
    const all = catalog.rememberItems({});
    catalog.mark("file:1:1", { state: "planned", outcome: null, reason: null });
    catalog.plan(plannedItem(4), 1);
    const idsOf = (filter: Parameters<typeof catalog.items>[0]) =>
      [...catalog.items(filter)].map(({ fileId }) => fileId);
    assertEquals([idsOf({ within: none }), idsOf({ outside: none })], [[], [1, 2, 3, 4]]);
    assertEquals([idsOf({ within: failed }), idsOf({ outside: failed })], [[1], [2, 3, 4]]);
    assertEquals([idsOf({ within: all }), idsOf({ outside: all })], [[1, 2, 3], [4]]);
    assertEquals(idsOf({ within: all, outside: failed, kinds: ["file"] }), [2, 3]);
    assertEquals([...catalog.namedItems({ within: failed })].map(({ fileId }) => fileId), [1]);
    assertEquals(catalog.namedTotals({ outside: failed }).count, 3);
    const either = catalog.rememberItems({ keys: new Set(["file:2:2", "file:4:4"]) }, { within: failed }, {
      within: all,
    });
    assertEquals(idsOf({ within: either }), [1, 2, 3, 4]);
    assertEquals(idsOf({ within: catalog.rememberItems() }), []);
    return Promise.resolve();
  }));

Deno.test({
  name: "Catalog.rememberItems() keeps a large set in memory: a service cannot write to the folders of temporary files",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inTempDir(async (folder) => {
      const path = join(folder, "catalog.db");
      using catalog = openCatalog(path);
      catalog.plan(plannedItem(1), 1);
      repeatItem(path, 200_000);
      const set = catalog.rememberItems({});
      // Only a program that may do everything reads /proc itself.
      const { stdout } = await new Deno.Command("ls", { args: ["-l", `/proc/${Deno.pid}/fd`] }).output();
      const open = new TextDecoder().decode(stdout).split("\n");
      assert(open.some((line) => line.endsWith("/catalog.db")));
      assertEquals(open.filter((line) => line.includes("etilqs")), []);
      assertEquals(catalog.totals({ within: set }).count, 200_000);
    }),
});
