import { assertEquals } from "@std/assert";
import { type MetadataFile, metadataJson } from "../../../lib/library/mod.ts";
import { sidecarFacts } from "../../helpers/library/facts.ts";

const FILE: MetadataFile = {
  isRemoved: false,
  path: "C:\\models\\loras\\lantern v1.0.safetensors",
  sizeBytes: 42,
  modifiedMs: 1_781_172_000_500,
  sha256: "AB".repeat(32),
  fileType: "Model",
  format: "SafeTensor",
  previewPath: null,
  previewNsfwLevel: 1,
};

Deno.test("metadataJson() has every key of Lora-Manager", async () => {
  const url = new URL("../fixtures/lantern_fields_xl_v2.metadata.json", import.meta.url);
  const theirs = JSON.parse(await Deno.readTextFile(url)) as Record<string, unknown>;
  const ours = metadataJson(sidecarFacts(), FILE);
  assertEquals(Object.keys(theirs).filter((key) => !(key in ours)), []);
  for (const [key, value] of Object.entries(theirs)) assertEquals(typeof ours[key], typeof value, key);
});

Deno.test("metadataJson() writes paths with slashes, the hash in lower case and the date in seconds", () => {
  const ours = metadataJson(sidecarFacts(), FILE);
  assertEquals(ours.file_path, "C:/models/loras/lantern v1.0.safetensors");
  assertEquals(ours.file_name, "lantern v1.0");
  assertEquals(ours.sha256, "ab".repeat(32));
  assertEquals(ours.modified, 1_781_172_000.5);
});

Deno.test("metadataJson() has the type of a checkpoint", () => {
  const facts = sidecarFacts({ modelType: "Checkpoint" });
  assertEquals(metadataJson(facts, FILE).sub_type, "checkpoint");
  assertEquals(metadataJson(facts, { ...FILE, format: "GGUF" }).sub_type, "diffusion_model");
  assertEquals("usage_tips" in metadataJson(facts, FILE), false);
});
