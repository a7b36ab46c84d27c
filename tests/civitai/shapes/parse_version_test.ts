import { assertEquals, assertThrows } from "@std/assert";
import { parseModel, parseVersion, parseVersionList } from "../../../lib/civitai/mod.ts";
import { fixture } from "../../helpers/servers/civitai_fixture.ts";

const BASE = { id: 5, modelId: 3 };

Deno.test("parseVersion() reads the shape of /model-versions", () => {
  const version = parseVersion(fixture("model_version.json"));
  assertEquals([version.id, version.modelId, version.name, version.baseModel], [
    2900011,
    3100010,
    "v3.0 XL",
    "SDXL 1.0",
  ]);
  assertEquals(version.files.map(({ primary }) => primary), [true, false, false, false]);
  assertEquals(version.files[0]?.sizeBytes, Math.round(6775430.35 * 1024));
  assertEquals(version.files[1]?.fp, "fp8");
  assertEquals(version.images.map(({ id, type }) => [id, type]), [[72000001, "image"], [72000002, "image"], [
    72000003,
    "video",
  ]]);
  assertEquals(version.raw["air"], "urn:air:sdxl:checkpoint:civitai:3100010@2900011");
});

Deno.test("parseVersion() of the nested shape needs its model", () => {
  assertEquals(parseVersion({ id: 5 }, { modelId: 3, index: 2 }).modelId, 3);
  assertEquals(parseVersion({ id: 5 }, { modelId: 3, index: 2 }).index, 2);
  assertThrows(() => parseVersion({ id: 5 }), SyntaxError, "it has no model id");
});

Deno.test("parseVersion() fills in keys that /models/{id} omits when empty", () => {
  const oldest = parseModel(fixture("model_full.json")).versions[2]!;
  assertEquals([oldest.images, oldest.trainedWords, oldest.description], [[], [], null]);
  assertEquals(oldest.files.map(({ primary }) => primary), [true]);
});

Deno.test("parseVersion() reads early access from any of its three places", () => {
  const until = (fields: Record<string, unknown>) => parseVersion({ ...BASE, ...fields }).earlyAccessUntil;
  const at = "2026-12-05T16:00:00.000Z";
  assertEquals(until({ paidAccess: { permanent: false, endsAt: at } }), at);
  assertEquals(until({ earlyAccessDeadline: "2026-12-05T17:00:00+01:00" }), at);
  assertEquals(until({ earlyAccessEndsAt: at }), at);
  assertEquals(until({ earlyAccessEndsAt: "soon" }), null);
  assertEquals(parseVersion(fixture("model_version_early_access.json")).earlyAccessUntil, at);
});

Deno.test("parseVersion() reads paid access without an end", () => {
  const version = parseVersion({
    ...BASE,
    paidAccess: { permanent: true, endsAt: null },
    earlyAccessDeadline: "2026-12-05T16:00:00Z",
  });
  assertEquals([version.permanentlyPaid, version.earlyAccessUntil], [true, null]);
});

Deno.test("parseVersion() reads the permitted uses of a version", () => {
  assertEquals(parseVersion(fixture("model_version_downloads_disabled.json")).usageControl, "Generation");
  assertEquals(parseVersion(BASE).usageControl, "Download");
});

const vaeFile = (id: number, query = "?type=VAE&format=SafeTensor") => ({
  id,
  name: "x.vae",
  type: "VAE",
  downloadUrl: `https://civitai.com/api/download/models/5${query}`,
});

Deno.test("parseVersion() requests a linked VAE by its query", () => {
  const linked = parseVersion({ id: 5, vaeId: 77, files: [vaeFile(1)] }, { modelId: 3, type: "Checkpoint" });
  assertEquals(linked.files[0]?.linkedQuery, { type: "VAE", format: "SafeTensor" });
  const told = parseVersion({ ...BASE, files: [{ ...vaeFile(1), modelVersionId: 77 }] });
  assertEquals(told.files[0]?.linkedQuery, { type: "VAE", format: "SafeTensor" });
  const alone = parseVersion({ ...BASE, model: { type: "Checkpoint" }, files: [vaeFile(1)] });
  assertEquals(alone.files[0]?.linkedQuery, { type: "VAE", format: "SafeTensor" });
});

Deno.test("parseVersion() requests its own files by id", () => {
  const none = (json: unknown, type?: string) =>
    parseVersion(json, type === undefined ? undefined : { modelId: 3, type }).files.every(({ linkedQuery }) =>
      linkedQuery === null
    );
  assertEquals(none({ id: 5, files: [vaeFile(1)] }, "Checkpoint"), true);
  assertEquals(none({ id: 5, vaeId: 77, files: [vaeFile(1)] }, "VAE"), true);
  assertEquals(none({ ...BASE, files: [{ ...vaeFile(1), modelVersionId: 5 }] }), true);
  assertEquals(none({ ...BASE, files: [vaeFile(1), vaeFile(2)] }), true, "two files share the query");
  assertEquals(none({ ...BASE, files: [vaeFile(1, "")] }), true);
});

Deno.test("parseVersion() removes a token from the query of a linked file", () => {
  const version = parseVersion({ id: 5, vaeId: 7, files: [vaeFile(1, "?type=VAE&token=secret")] }, { modelId: 3 });
  assertEquals(version.files[0]?.linkedQuery, { type: "VAE" });
});

Deno.test("parseVersion() accepts files with null metadata, no hashes and odd types", () => {
  const [file] =
    parseVersion({ ...BASE, files: [{ id: 1, metadata: null, hashes: null, sizeKB: "?", primary: null }, null, "x"] })
      .files;
  assertEquals(file, {
    id: 1,
    name: "1",
    type: "Model",
    sizeBytes: 0,
    format: null,
    fp: null,
    size: null,
    quantType: null,
    hashes: {},
    primary: false,
    pickleScan: null,
    virusScan: null,
    linkedQuery: null,
  });
});

Deno.test("parseVersionList() drops null entries and duplicates", () => {
  const list = fixture<unknown[]>("by_hash_post.json");
  assertEquals(parseVersionList([...list, ...list]).map(({ id }) => id), [2900101]);
});
