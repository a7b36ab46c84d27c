import { assertEquals, assertThrows } from "@std/assert";
import { nameQueueTargets, parseQueueTargets, titleOf, toQueueTargets } from "../../../lib/app/queue/queue_targets.ts";
import { KitError } from "../../../lib/base/mod.ts";
import { parseTarget } from "../../../lib/civitai/mod.ts";
import type { PlanTarget } from "../../../lib/downloader/mod.ts";

const API = { baseUrl: "http://127.0.0.1:8080" };

const TARGETS: readonly (readonly [PlanTarget, string])[] = [
  [parseTarget("user:ann"), "user:ann"],
  [parseTarget("user:ann/models"), "user:ann/models"],
  [{ ...parseTarget("user:ann") as PlanTarget & { type: "user" }, sort: "Newest" }, "user:ann"],
  [parseTarget("model:5"), "model:5"],
  [parseTarget("version:6"), "version:6"],
  [parseTarget("https://civitai.com/api/download/models/6?fileId=7"), "version:6?fileId=7"],
  [parseTarget("https://civitai.com/models/5?modelVersionId=6"), "version:6"],
  [parseTarget("urn:air:sdxl:lora:civitai:5@6"), "version:6"],
  [parseTarget(`hash:${"ab".repeat(32)}`), `hash:${"ab".repeat(32)}`],
  [parseTarget("image:8"), "image:8"],
  [parseTarget("post:9"), "post:9"],
  [{ type: "search", query: { tag: "poses" } }, 'search {"tag":"poses"}'],
];

Deno.test("toQueueTargets() keeps every target, as a word where one says all of it", () => {
  const targets = TARGETS.map(([target]) => target);
  const stored = JSON.parse(JSON.stringify(toQueueTargets(targets)));
  assertEquals(JSON.stringify(parseQueueTargets(stored, API)), JSON.stringify(targets));
  assertEquals(stored.slice(0, 2), ["user:ann", "user:ann/models"]);
});

Deno.test("nameQueueTargets() names each target for people", () => {
  const stored = toQueueTargets(TARGETS.map(([target]) => target));
  const named = nameQueueTargets(stored).map((name) =>
    name.replace("https://civitai.com/api/download/models/", "version:")
  );
  assertEquals(named, TARGETS.map(([, name]) => name));
});

Deno.test("parseQueueTargets() takes links to the host of the API, and refuses others", () => {
  assertEquals(parseQueueTargets(["http://127.0.0.1:8080/models/5"], API), [parseTarget("model:5")]);
  assertThrows(() => parseQueueTargets(["https://example.com/models/5"], API), KitError, "is not Civitai");
});

Deno.test("titleOf() names the first targets and counts the others", () => {
  assertEquals(titleOf("download", ["model:1"]), "model:1");
  assertEquals(titleOf("verify", ["model:1", "model:2"], (id) => id === 1 ? "One" : null), "One, model:2");
  assertEquals(titleOf("download", ["model:1", "model:2", "model:3"]), "model:1, model:2, model:3");
  assertEquals(
    titleOf("download", ["model:1", "model:2", "model:3", "model:4"]),
    "model:1, model:2, model:3 and 1 other",
  );
  assertEquals(titleOf("download", Array.from({ length: 9 }, () => "user:a")), "user:a, user:a, user:a and 6 others");
  assertEquals([titleOf("download", []), titleOf("verify", [])], ["unfinished items", "all models of the library"]);
});
