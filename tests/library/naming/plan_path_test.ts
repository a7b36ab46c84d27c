import { assert, assertEquals, assertLessOrEqual, assertNotEquals } from "@std/assert";
import { type LayoutName, LAYOUTS, planPath } from "../../../lib/library/mod.ts";
import { namingFacts } from "../../helpers/library/facts.ts";

Deno.test("planPath() uses the earlier tool's layout by default", () => {
  assertEquals(
    planPath(namingFacts()),
    "models/SDXL 1.0/STYLE/brambleforge_Lantern Fields XL_v2.0/lantern_fields_xl_v2.safetensors",
  );
});

Deno.test("planPath() sanitizes names that lead elsewhere", () => {
  const path = planPath(namingFacts({
    creator: "../..",
    modelName: "a/b",
    versionName: "..",
    baseModel: "..",
    fileName: "../../.bashrc",
  }));
  assertEquals(path, "models/Other/STYLE/__a_b_/_.._.bashrc");
});

Deno.test("planPath() names unnamed models and files", () => {
  const path = planPath(namingFacts({ creator: null, baseModel: "", fileName: "..", fileId: 7, tags: [] }));
  assertEquals(path, "models/Other/MISC/unknown_Lantern Fields XL_v2.0/file-7");
});

Deno.test("planPath() separates versions whose folder names are truncated", () => {
  const facts = namingFacts({ modelName: "語".repeat(300) });
  const one = planPath(facts);
  const two = planPath({ ...facts, versionId: 2 });
  assertNotEquals(one, two);
  const folder = two.split("/")[3]!;
  assert(folder.endsWith(" [2]"));
  assertLessOrEqual(new TextEncoder().encode(folder).length, 255);
});

Deno.test("planPath() puts each kind in the folder of each program", () => {
  const table: readonly (readonly [LayoutName, string, string, string])[] = [
    ["comfyui", "LORA", "Model", "models/loras"],
    ["comfyui", "Checkpoint", "VAE", "models/vae"],
    ["comfyui", "Checkpoint", "UNet", "models/diffusion_models"],
    ["comfyui", "TextualInversion", "Negative", "models/embeddings"],
    ["comfyui", "Workflows", "Workflow", "user/default/workflows"],
    ["comfyui", "Wildcards", "Model", "civitai/Wildcards"],
    ["a1111", "DoRA", "Model", "models/Lora"],
    ["a1111", "Checkpoint", "Model", "models/Stable-diffusion"],
    ["a1111", "TextEncoder", "Model", "civitai/TextEncoder"],
    ["a1111", "AestheticGradient", "Model", "embeddings"],
    ["forge", "Checkpoint", "Diffusion Model", "models/Stable-diffusion"],
    ["forge", "Checkpoint", "Text Encoder", "models/text_encoder"],
    ["invokeai", "Controlnet", "Model", "autoimport/controlnet"],
    ["invokeai", "Poses", "Model", "civitai/Poses"],
    ["forge", "A/B", "Model", "civitai/A_B"],
    ["forge", "constructor", "toString", "civitai/constructor"],
  ];
  for (const [layout, modelType, fileType, folder] of table) {
    const path = planPath(namingFacts({ modelType, fileType }), { layout });
    assertEquals(path, `${folder}/lantern_fields_xl_v2.safetensors`, `${layout} ${modelType} ${fileType}`);
  }
});

Deno.test("planPath() puts a config beside its checkpoint under the same base name", () => {
  const facts = namingFacts({ modelType: "Checkpoint", fileType: "Config", fileName: "x.yaml" });
  const beside = { ...facts, besidePath: "models/checkpoints/big [fp16].safetensors" };
  assertEquals(planPath(beside, { layout: "comfyui" }), "models/checkpoints/big [fp16].yaml");
  assertEquals(planPath(facts, { layout: "comfyui" }), "models/checkpoints/x.yaml");
});

Deno.test("planPath() keeps a template out of reserved folders", () => {
  const path = planPath(namingFacts({ creator: "Corrupted" }), { template: "{creator}/{file}" });
  assertEquals(path, "_Corrupted/lantern_fields_xl_v2.safetensors");
});

Deno.test("planPath() trims dots and spaces from each name, like the earlier tool", () => {
  for (const modelName of ["..Lantern Fields", " Lantern Fields ", "Lantern Fields...", ". Lantern Fields .\u200B "]) {
    const path = planPath(namingFacts({ modelName, creator: "brambleforge.", versionName: " v2.0. " }));
    assertEquals(path.split("/")[3], "brambleforge_Lantern Fields_v2.0", JSON.stringify(modelName));
  }
});

Deno.test("planPath() stays far below the length that Windows opens, and leaves room for the files beside it", () => {
  const long = "x".repeat(5000);
  const facts = namingFacts({
    creator: long,
    modelName: long,
    versionName: long,
    baseModel: long,
    fileName: `${long}.safetensors`,
    modelType: long,
  });
  for (const layout of ["classic", ...Object.keys(LAYOUTS)] as LayoutName[]) {
    const path = planPath(facts, { layout });
    assertLessOrEqual(path.length, 700, layout);
    // NTFS and exFAT allow 255 units in each name.
    for (const name of path.split("/")) assertLessOrEqual(name.length + ".metadata.json.civitai-dl.tmp".length, 255);
  }
});
