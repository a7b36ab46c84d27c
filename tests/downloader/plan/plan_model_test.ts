import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import type { Model } from "../../../lib/civitai/mod.ts";
import { type Choice, DEFAULT_CHOICE, planModel, type SettledPlanning } from "../../../lib/downloader/mod.ts";
import { type Bench, NO_IMAGES, withBench } from "../../helpers/library/download_bench.ts";
import { put } from "../../helpers/library/kept_library.ts";
import { someFile, someImage, someModel, someVersion } from "../_models.ts";

function plan(bench: Bench, model: Model, changes: Partial<Choice> = {}): SettledPlanning {
  const context = bench.planContext({ choice: { ...DEFAULT_CHOICE, ...changes } });
  planModel(context, model);
  return context;
}

function paths(bench: Bench): readonly string[] {
  return [...bench.library.catalog.items()].map((item) => item.path);
}

/** Put the first file on disk as a download does. */
async function finish(bench: Bench): Promise<string> {
  const { library, firstItem } = bench;
  const item = firstItem();
  const path = await put(library, item.path, "weights");
  const mtimeMs = (await Deno.stat(path)).mtime!.getTime();
  library.catalog.markDone(item.key, { sha256: null, actualBytes: 7, mtimeMs, etag: null, outcome: "done" });
  return path;
}

Deno.test("planModel() creates rows for files and showcase images, and stores model and version", () =>
  withBench({}, (bench) => {
    const images = [someImage(7), someImage(8, { type: "video" }), someImage(9), someImage(10)];
    const { report } = plan(bench, someModel({ versions: [someVersion(1, { images })] }));
    assertEquals(paths(bench), [
      "models/SDXL 1.0/STYLE/brambleforge_Copper Fields_v1/file-10.safetensors",
      "models/SDXL 1.0/STYLE/brambleforge_Copper Fields_v1/file-10.preview.jpeg",
      "models/SDXL 1.0/STYLE/brambleforge_Copper Fields_v1/file-10.preview.2.mp4",
      "models/SDXL 1.0/STYLE/brambleforge_Copper Fields_v1/file-10.preview.3.jpeg",
    ]);
    assertEquals(report.data().wanted, { files: 1, images: 3, bytes: 1000 });
    assertEquals(bench.library.catalog.model(1)?.name, "Copper Fields");
    assertEquals(bench.library.catalog.version(1)?.baseModel, "SDXL 1.0");
    return Promise.resolve();
  }));

Deno.test("planModel() refuses a flagged file of an early-access version, which would be fetched later", () =>
  withBench({}, (bench) => {
    const files = [someFile(10, { name: "a.pt", primary: true, pickleScan: "Danger" })];
    const version = someVersion(1, { files, earlyAccessUntil: "2999-01-01T00:00:00.000Z" });
    const { report } = plan(bench, someModel({ versions: [version] }));
    const { state, outcome, notBefore } = bench.firstItem();
    assertEquals([state, outcome, notBefore], ["refused", "flagged", null]);
    assertEquals(report.data().flagged.length, 1);
    return Promise.resolve();
  }));

Deno.test("planModel() keeps the reason of a refusal when early access follows", () =>
  withBench({}, (bench) => {
    const versions = [
      someVersion(1, { usageControl: "Generation" }),
      someVersion(2, { earlyAccessUntil: "2999-01-01T00:00:00.000Z" }),
    ];
    const { refused, lastReason } = plan(bench, someModel({ versions })).report.countsSoFar();
    assertEquals(refused, 1);
    assertMatch(lastReason!, /its creator has disabled downloads$/);
    return Promise.resolve();
  }));

Deno.test("planModel() excludes images of other maturity levels", () =>
  withBench({}, (bench) => {
    const images = [someImage(7, { nsfwLevel: 4 }), someImage(8, { nsfwLevel: 32 }), someImage(9)];
    plan(bench, someModel({ versions: [someVersion(1, { images })] }), { levels: 1 });
    assertEquals(bench.library.catalog.totals({ kinds: ["preview"] }).count, 1);
    return Promise.resolve();
  }));

Deno.test("planModel() includes an unrated image only if every maturity level is selected", () =>
  withBench({}, (bench) => {
    const images = [someImage(7, { nsfwLevel: 0 }), someImage(8, { nsfwLevel: 1 })];
    const model = someModel({ versions: [someVersion(1, { images })] });
    assertEquals(plan(bench, model, { levels: 1 }).report.data().wanted.images, 1);
    assertEquals(plan(bench, model).report.data().wanted.images, 2);
    return Promise.resolve();
  }));

Deno.test("planModel() distinguishes files with the same name by their properties, and reports it", () =>
  withBench({}, (bench) => {
    const same = { name: "style.safetensors", size: null };
    const files = [someFile(1, { ...same, primary: true, fp: "fp16" }), someFile(2, { ...same, fp: "fp32" })];
    const { report } = plan(bench, someModel({ versions: [someVersion(1, { files })] }), { files: ["all"] });
    assertEquals(paths(bench).map((path) => path.split("/").at(-1)), ["style.safetensors", "style [fp32].safetensors"]);
    assertEquals(report.data().collisions, 1);
    assertMatch(report.data().collisionExamples[0]!, /style\.safetensors → .*style \[fp32\]\.safetensors$/);
    return Promise.resolve();
  }));

Deno.test("planModel() distinguishes files whose names differ only in case", () =>
  withBench({}, (bench) => {
    const files = [someFile(1, { name: "A.safetensors", primary: true }), someFile(2, { name: "a.safetensors" })];
    plan(bench, someModel({ versions: [someVersion(1, { files })] }), { files: ["all"] });
    assertEquals(new Set(paths(bench).map((path) => path.toLowerCase())).size, 2);
    return Promise.resolve();
  }));

Deno.test("planModel() gives two versions with the same name two folders", () =>
  withBench({}, (bench) => {
    const versions = [someVersion(1, { name: "final" }), someVersion(2, { name: "Final" })];
    plan(bench, someModel({ versions }));
    assertEquals(paths(bench).map((path) => path.split("/").at(-2)), [
      "brambleforge_Copper Fields_final",
      "brambleforge_Copper Fields_Final [2]",
    ]);
    return Promise.resolve();
  }));

Deno.test("planModel() keeps paths when names change or the plan is repeated", () =>
  withBench({}, (bench) => {
    plan(bench, someModel());
    const before = paths(bench);
    plan(bench, someModel({ name: "Renamed" }), { layout: "comfyui" });
    assertEquals(paths(bench), before);
    return Promise.resolve();
  }));

Deno.test("planModel() skips a finished file that is unchanged", () =>
  withBench({}, async (bench) => {
    plan(bench, someModel());
    await finish(bench);
    const { report } = plan(bench, someModel());
    assertEquals(bench.firstItem().state, "done");
    assertEquals(report.data().there, { count: 1, bytes: 7 });
  }));

Deno.test("planModel() plans a changed or missing file again", () =>
  withBench({}, async (bench) => {
    plan(bench, someModel());
    const path = await finish(bench);
    await Deno.writeTextFile(path, "edited by hand");
    plan(bench, someModel());
    assertEquals([bench.firstItem().state, bench.firstItem().reason], ["planned", "it is gone or changed on disk"]);
    await finish(bench);
    await Deno.remove(path);
    plan(bench, someModel());
    assertEquals(bench.firstItem().state, "planned");
  }));

Deno.test("planModel() plans a file again if its folder is now a file", () =>
  withBench({}, async (bench) => {
    plan(bench, someModel());
    await finish(bench);
    await Deno.remove(join(bench.library.root, "models"), { recursive: true });
    await Deno.writeTextFile(join(bench.library.root, "models"), "");
    plan(bench, someModel());
    assertEquals(bench.firstItem().state, "planned");
  }));

Deno.test("planModel() plans a file again if its published hash changed", () =>
  withBench({}, async (bench) => {
    plan(bench, someModel());
    await finish(bench);
    const files = [someFile(10, { primary: true, hashes: { SHA256: "f".repeat(64) } })];
    plan(bench, someModel({ versions: [someVersion(1, { files })] }));
    assertEquals(bench.firstItem().state, "planned");
  }));

Deno.test("planModel() requests new sidecars only if the texts of the version changed", () =>
  withBench({}, async (bench) => {
    plan(bench, someModel());
    await finish(bench);
    bench.library.catalog.setSidecarDigest(bench.firstItem().key, "of other texts");
    plan(bench, someModel());
    assertEquals(bench.firstItem().sidecarDigest, null);
  }));

Deno.test("planModel() marks a refused version and plans none of its images", () =>
  withBench({}, (bench) => {
    const versions = [someVersion(1, { usageControl: "Generation", images: [someImage(7)] })];
    const { report } = plan(bench, someModel({ versions }));
    assertEquals([bench.firstItem().state, bench.firstItem().outcome], ["refused", "disabled"]);
    assertEquals([paths(bench).length, report.data().refused], [1, { disabled: 1 }]);
    return Promise.resolve();
  }));

Deno.test("planModel() reports a refused version even if it has no files", () =>
  withBench({}, (bench) => {
    const { report } = plan(bench, someModel({ mode: "Archived", versions: [someVersion(1, { files: [] })] }));
    assertEquals([paths(bench), report.data().refused], [[], { archived: 1 }]);
    return Promise.resolve();
  }));

Deno.test("planModel() plans nothing for an excluded model", () =>
  withBench({}, (bench) => {
    const { report } = plan(bench, someModel(), { types: ["Checkpoint"] });
    assertEquals([paths(bench), report.data().versions, report.data().models], [[], 0, 1]);
    return Promise.resolve();
  }));

Deno.test("planModel() plans the named file, whatever the choice", () =>
  withBench({}, (bench) => {
    const files = [someFile(1, { primary: true }), someFile(2, { type: "Config", name: "a.yaml" })];
    const model = someModel({ versions: [someVersion(1, { files }), someVersion(2)] });
    planModel(bench.planContext({ choice: NO_IMAGES }), model, { versionId: 1, fileId: 2 });
    assertEquals([...bench.library.catalog.items()].map((item) => item.key), ["file:1:2"]);
    return Promise.resolve();
  }));

Deno.test("planModel() follows a path template", () =>
  withBench({}, (bench) => {
    plan(bench, someModel(), { template: "{type}/{creator}/{file}" });
    assertEquals(paths(bench), ["LORA/brambleforge/file-10.safetensors"]);
    return Promise.resolve();
  }));

Deno.test("planModel() plans no path outside the library", () =>
  withBench({}, (bench) => {
    const files = [someFile(1, { primary: true, name: "../../../etc/passwd" })];
    const versions = [someVersion(1, { files, name: "..", baseModel: "../.." })];
    plan(bench, someModel({ name: "../..", creator: "..", versions }));
    assert(paths(bench).every((path) => !path.split("/").includes("..") && !path.startsWith("/")));
    return Promise.resolve();
  }));

Deno.test("planModel() separates folders that some system treats as the same", () =>
  withBench({}, (bench) => {
    const names = ["Caf\u00e9?", "CAFE\u0301*", "café_ ."];
    names.forEach((name, index) => {
      const id = index + 1;
      plan(bench, someModel({ id, name, versions: [someVersion(id, { name: "v" })] }));
    });
    const folders = paths(bench).map((path) => path.split("/").at(-2)!);
    assertEquals(folders, ["brambleforge_Café__v", "brambleforge_CAFÉ__v [2]", "brambleforge_café__v [3]"]);
    plan(bench, someModel({ id: 2, name: names[1]!, versions: [someVersion(2, { name: "v" })] }), { files: ["all"] });
    assertEquals(paths(bench).length, 3);
    return Promise.resolve();
  }));

Deno.test("planModel() separates files whose sidecars some system treats as the same", () =>
  withBench({}, (bench) => {
    const files = [
      someFile(1, { name: "CON.safetensors", primary: true }),
      someFile(2, { name: "con.ckpt", size: null, fp: null }),
      someFile(3, { name: "CON.yaml", type: "Config" }),
    ];
    plan(bench, someModel({ versions: [someVersion(1, { files })] }), { files: ["all"] });
    const names = paths(bench).map((path) => path.split("/").at(-1));
    assertEquals(names, ["_CON.safetensors", "_con [2].ckpt", "_CON.yaml"]);
    return Promise.resolve();
  }));

Deno.test("planModel() separates the sidecars of two models that share a folder", () =>
  withBench({}, (bench) => {
    const version = (id: number, name: string) =>
      someVersion(id, { name: "v", files: [someFile(id * 10, { name, primary: true, size: null })] });
    plan(bench, someModel({ versions: [version(1, "style.safetensors")] }), { layout: "comfyui" });
    plan(bench, someModel({ id: 2, name: "Other", versions: [version(2, "Style.pt")] }), { layout: "comfyui" });
    assertEquals(paths(bench), ["models/loras/style.safetensors", "models/loras/Style [fp16].pt"]);
    return Promise.resolve();
  }));

Deno.test("planModel() puts a configuration beside its model under the same name", () =>
  withBench({}, (bench) => {
    const files = [
      someFile(11, { type: "Config", name: "settings.yaml" }),
      someFile(10, { name: "big.safetensors", primary: true }),
    ];
    plan(bench, someModel({ type: "Checkpoint", versions: [someVersion(1, { files })] }), {
      files: ["all"],
      layout: "comfyui",
      previews: 0,
    });
    assertEquals(paths(bench), ["models/checkpoints/big.safetensors", "models/checkpoints/big.yaml"]);
    return Promise.resolve();
  }));
