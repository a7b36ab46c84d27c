import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { STABILITY_SCHEMA, type StabilitySettings } from "../../lib/stability/mod.ts";
import { resumedSettings } from "../../scripts/_stability/resumed_settings.ts";
import { sampleEvidence } from "../helpers/evidence/soak_evidence.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const SETTINGS: StabilitySettings = {
  toxics: "harsh",
  engine: "stable",
  lanes: 2,
  pace: 0.5,
  seed: 3,
  abortOn: ["integrity", "deadlocks"],
  delayAbort: 30_000,
};

/** Read the settings of a run, with some flags given. */
async function resume(folder: string, flags: Partial<StabilitySettings>, ...given: readonly string[]) {
  const path = join(folder, "a.json");
  await Deno.writeTextFile(path, JSON.stringify({ ...await sampleEvidence(), settings: SETTINGS }));
  const sourceOf = (flag: string) => given.includes(flag) ? "flag" : "default";
  const common = { json: false, quiet: false, verbose: false };
  return await resumedSettings(path, STABILITY_SCHEMA, { flags: { ...common, ...flags }, sourceOf });
}

Deno.test("resumedSettings() takes what is not given from the report, and accepts the same in any order", () =>
  inTempDir(async (folder) => {
    assertEquals(await resume(folder, { seed: 1, pace: 1 }), SETTINGS);
    assertEquals(await resume(folder, { abortOn: ["deadlocks", "integrity"] }, "abort-on"), SETTINGS);
  }));

Deno.test("resumedSettings() refuses a different setting by its flag and both values", () =>
  inTempDir(async (folder) => {
    for (
      const [flag, wish, said] of [
        ["seed", { seed: 4 }, "--seed is 4, and the run began with 3"],
        ["toxics", { toxics: "none" }, "--toxics is none, and the run began with harsh"],
        ["abort-on", { abortOn: ["integrity"] }, "--abort-on is integrity, and the run began with integrity,deadlocks"],
        ["delay-abort", { delayAbort: 1000 }, "--delay-abort is 1000, and the run began with 30000"],
      ] as const
    ) {
      const error = await assertRejects(() => resume(folder, wish, flag), KitError, said);
      assertEquals(error.code, "unsafe");
    }
  }));
