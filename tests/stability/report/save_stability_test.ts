import { assert, assertEquals, assertRejects } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { renderReportText } from "../../../lib/report/mod.ts";
import { openSoakFiles, type SoakFiles } from "../../../lib/soak/mod.ts";
import { saveStability } from "../../../lib/stability/report/save_stability.ts";
import { stabilityReport } from "../../../lib/stability/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { SAMPLE_FACTS, sampleEvidence } from "../../helpers/evidence/soak_evidence.ts";

async function withError(folder: string, error: Error): Promise<SoakFiles> {
  return { ...await openSoakFiles(join(folder, "a.json"), SAMPLE_FACTS), write: () => Promise.reject(error) };
}

Deno.test("saveStability() prints the evidence if the disk is full, and names the missing files", () =>
  inTempDir(async (folder) => {
    const full = Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
    using files = await withError(folder, full);
    await Deno.mkdir(join(folder, "a.md"));
    const report = await sampleEvidence();
    const { evidence, unsaved } = await saveStability(files, report);
    assertEquals(unsaved.map(({ path }) => path), [join(folder, "a.json"), join(folder, "a.md")]);
    assertEquals(unsaved[0]!.error, full);
    assertEquals(evidence.claims, report.claims);
    const text = renderReportText(stabilityReport(evidence));
    assert(/pass +duration/.test(text), text);
    assert(await exists(join(folder, "a.html")), "Each file is tried");
  }));

Deno.test("saveStability() rethrows program errors", () =>
  inTempDir(async (folder) => {
    using files = await withError(folder, new TypeError("undefined is not a function"));
    const report = await sampleEvidence();
    await assertRejects(() => saveStability(files, report), TypeError);
  }));
