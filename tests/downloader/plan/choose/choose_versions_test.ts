import { assertEquals } from "@std/assert";
import { type Choice, chooseVersions, DEFAULT_CHOICE } from "../../../../lib/downloader/mod.ts";
import { someModel, someVersion } from "../../_models.ts";

const model = someModel({
  versions: [
    someVersion(1, { index: 2, baseModel: "SD 1.5", publishedAt: "2024-01-01T00:00:00.000Z" }),
    someVersion(3, { index: 0, baseModel: "Pony", nsfwLevel: 28, publishedAt: null }),
    someVersion(2, { index: 1, baseModel: "SDXL 1.0", nsfwLevel: 0, name: "v2 beta" }),
  ],
});

function chosen(changes: Partial<Choice>, versionId: number | null = null): readonly number[] {
  return chooseVersions(model, { ...DEFAULT_CHOICE, ...changes }, { versionId }).map((version) => version.id);
}

Deno.test("chooseVersions() selects all in the creator's order", () => assertEquals(chosen({}), [3, 2, 1]));

Deno.test("chooseVersions() selects the first remaining version as the latest", () => {
  assertEquals(chosen({ versions: "latest" }), [3]);
  assertEquals(chosen({ versions: "latest", baseModels: ["sd"] }), [2]);
});

Deno.test("chooseVersions() matches base models by substring, in any letter case", () => {
  assertEquals(chosen({ baseModels: ["sdxl", "PONY"] }), [3, 2]);
  assertEquals(chosen({ baseModels: ["Flux"] }), []);
});

Deno.test("chooseVersions() selects versions published since a date, and none without a date", () =>
  assertEquals(chosen({ since: "2025-06-01T00:00:00.000Z" }), [2]));

Deno.test("chooseVersions() selects unrated versions only if every level is selected", () => {
  assertEquals(chosen({ levels: 1 }), [1]);
  assertEquals(chosen({ levels: 31 }), [3, 2, 1]);
});

Deno.test("chooseVersions() excludes by version, model and tag", () => {
  assertEquals(chosen({ exclude: ["*beta"] }), [3, 1]);
  assertEquals(chosen({ exclude: ["copper"] }), []);
  assertEquals(chosen({ exclude: ["STYLE"] }), []);
});

Deno.test("chooseVersions() matches model types in any letter case", () => {
  assertEquals(chosen({ types: ["lora"] }), [3, 2, 1]);
  assertEquals(chosen({ types: ["Checkpoint"] }), []);
});

Deno.test("chooseVersions() prefers a named version to every filter", () => {
  assertEquals(chosen({ types: ["Checkpoint"], exclude: ["copper"], levels: 1 }, 3), [3]);
  assertEquals(chosen({}, 99), []);
});

Deno.test("chooseVersions() selects of a model in the library what it has and what is newer", () => {
  const since = (held: readonly { id: number; publishedAt: string | null }[], versions: Choice["versions"] = "all") =>
    chooseVersions(model, { ...DEFAULT_CHOICE, versions }, { held }).map((version) => version.id);
  const [third, first, second] = model.versions.toSorted((a, b) => a.index - b.index);
  assertEquals([third!.id, first!.id, second!.id], [3, 2, 1]);
  assertEquals(since([]), [3, 2, 1]);
  assertEquals(since([{ id: 2, publishedAt: first!.publishedAt }]), [3, 2]);
  assertEquals(since([{ id: 3, publishedAt: null }]), [3], "one without a date is compared by its id");
  assertEquals(since([{ id: 1, publishedAt: second!.publishedAt }, { id: 3, publishedAt: null }]), [3, 1]);
  assertEquals(since([{ id: 1, publishedAt: second!.publishedAt }], "latest"), [3]);
  // A draft from before the held version may be published after it; a version that is gone still counts.
  assertEquals(since([{ id: 9, publishedAt: "2024-06-01T00:00:00.000Z" }]), [2]);
});

Deno.test("chooseVersions() leaves out what is excepted by id, even if it is named, and nothing takes its place", () => {
  const except = (more: Partial<Choice["except"]>) => ({ except: { ...DEFAULT_CHOICE.except, ...more } });
  assertEquals(chosen(except({ versions: [2] })), [3, 1]);
  assertEquals(chosen(except({ versions: [2] }), 2), []);
  assertEquals(chosen({ versions: "latest", ...except({ versions: [3] }) }), []);
  assertEquals(chosen(except({ models: [model.id] })), []);
  assertEquals(chosen(except({ models: [model.id] }), 2), []);
  assertEquals(chosen(except({ models: [model.id + 1] })), [3, 2, 1]);
});
