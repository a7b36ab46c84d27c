import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { MODEL_TYPES } from "../../scripts/_frame/flags.ts";
import { call } from "../helpers/call.ts";
import { withBench } from "../helpers/library/download_bench.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("--type accepts the types that the API lists, and no other", () =>
  withBench({}, async ({ client }) => {
    assertEquals<readonly string[]>([...MODEL_TYPES].sort(), [...(await client.enums()).modelTypes].sort());
  }));

Deno.test("search, download, update and list ignore the case of --type", () =>
  withBench({ size: { creators: 2, modelsPerCreator: 4 } }, ({ sandbox }) =>
    inTempDir(async (folder) => {
      const network = ["--base-url", sandbox.apiOrigin];
      const library = ["-o", join(folder, "library")];
      const loras = [...sandbox.catalog.models()].filter(({ type }) => type === "LORA");
      const found = await call(["search", "--type", "lora,Lora", "--json", ...network]);
      assertEquals(found.code, 0, found.err);
      assertEquals(JSON.parse(found.out).models.length, loras.length);
      const fetched = ["--yes", "--json", "--no-images", "--reserve", "0", ...library, ...network];
      const downloaded = await call(["download", "--type", "lora", "--limit", "9", ...fetched]);
      assertEquals([downloaded.code, JSON.parse(downloaded.out).plan.models], [0, loras.length], downloaded.err);
      const updated = await call(["update", "--type", "loRA", ...fetched]);
      assertEquals(updated.code, 0, updated.err);
      const listed = await call(["list", "--type", "lora", "--json", ...library]);
      assertEquals(JSON.parse(listed.out).items.length > 0, true, listed.err);
    })));

for (const command of ["search", "download", "update", "list"]) {
  Deno.test(`${command} refuses an unknown --type with the known ones, and suggests the nearest`, async () => {
    const unknown = await call([command, "--type", "FOO"]);
    assertEquals(unknown.code, 2);
    assertStringIncludes(unknown.err, 'Cannot use "FOO" for --type: must be one of "Checkpoint"');
    assertStringIncludes((await call([command, "--type", "LORAS"])).err, 'Did you mean "LORA"?');
  });
}
