import { assertEquals } from "@std/assert";
import { civitaiInfo, type JsonObject } from "../../../lib/library/mod.ts";
import { sidecarFacts } from "../../helpers/library/facts.ts";

Deno.test("civitaiInfo() has every key of Civitai Helper except those only in the response", async () => {
  const url = new URL("../fixtures/lantern_fields_xl_v2.civitai.info", import.meta.url);
  const theirs = JSON.parse(await Deno.readTextFile(url)) as Record<string, JsonObject>;
  const { model, creator: _creator, extensions, ...versionRaw } = theirs;
  const modelRaw = { ...model, creator: theirs.creator };
  const ours = civitaiInfo(sidecarFacts({ versionRaw, modelRaw, modelDescription: "<p>Invented sample.</p>" }));
  assertEquals(Object.keys(ours).sort(), Object.keys(theirs).sort());
  assertEquals(ours.model, model);
  assertEquals(Object.keys(ours.extensions as JsonObject), Object.keys(extensions!));
});

Deno.test("civitaiInfo() completes a response nested in a model", () => {
  const ours = civitaiInfo(sidecarFacts({ versionRaw: {}, modelRaw: {}, publishedAt: null }));
  assertEquals([ours.id, ours.modelId, ours.baseModel], [2900101, 3100001, "SDXL 1.0"]);
  assertEquals(ours.creator, { username: "brambleforge" });
  assertEquals(ours.extensions, {
    sd_civitai_helper: { version: "1.9.0", last_update: 0, skeleton_file: false },
  });
});

Deno.test("civitaiInfo() uses the API's date, so that one response gives one sidecar", () => {
  const { sd_civitai_helper } = civitaiInfo(sidecarFacts()).extensions as { sd_civitai_helper: JsonObject };
  assertEquals(sd_civitai_helper.last_update, Date.parse("2026-06-11T10:00:30Z") / 1000);
});

Deno.test("civitaiInfo() omits a missing creator", () => {
  assertEquals("creator" in civitaiInfo(sidecarFacts({ creator: null })), false);
});
