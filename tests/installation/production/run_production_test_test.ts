import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { type ProductionArtifact, runProductionTest } from "../../../lib/installation/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const sha256Of = (text: string) => createHash("sha256").update(text).digest("hex");

Deno.test("runProductionTest() seals the SHA-256 of a file that is the installed one before and after the checks", () =>
  inTempDir(async (folder) => {
    const file = join(folder, "civitai-dl.js");
    const sha256 = sha256Of("installed");
    // Nothing can be started, so each check fails at once.
    const program = join(folder, "nothing");
    const artifact: ProductionArtifact = { tag: "v1.0.0", sha: "a".repeat(40), form: "bundle", sha256, file, program };
    const ids: string[] = [];
    const run = (onClaim = () => {}) =>
      runProductionTest(artifact, {
        startPlace: () => Promise.reject(new Error("no place")),
        signal: new AbortController().signal,
        onClaim(claim) {
          ids.push(claim.id);
          onClaim();
        },
      });
    await Deno.writeTextFile(file, "installed");
    assertEquals((await run()).artifact, { tag: "v1.0.0", sha: "a".repeat(40), form: "bundle", sha256 });

    const during = await assertRejects(() => run(() => Deno.writeTextFileSync(file, "another")), KitError);
    assertEquals(during.code, "integrity");
    assertStringIncludes(during.message, `its SHA-256 is ${sha256Of("another")}, expected ${sha256}`);

    ids.length = 0;
    const before = await assertRejects(() => run(), KitError);
    assertEquals([before.code, before.message, ids], ["integrity", during.message, []]);
  }));
