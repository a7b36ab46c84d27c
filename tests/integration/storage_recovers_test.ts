import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import type { DownloadEvent } from "../../lib/downloader/mod.ts";
import { type CatalogOptions, startSandbox } from "../../lib/sandbox/mod.ts";
import { followProgram } from "../acceptance/_follow_program.ts";
import { SilentPort } from "../acceptance/nights/_silent_port.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const PLAIN: CatalogOptions = {
  versionsPerModel: { min: 1, max: 1 },
  filesPerVersion: { min: 1, max: 1 },
  fileSizes: [4000],
  requireLogin: 0,
  outcomes: {},
};

Deno.test("download tries files again in the run that failed while the storage was silent", () =>
  inTempDir(async (folder) => {
    await using port = new SilentPort();
    await using sandbox = await startSandbox({
      size: { creators: 1, modelsPerCreator: 20 },
      ...PLAIN,
      storageOrigin: port.origin,
    });
    port.leadTo(Number(new URL(sandbox.imageOrigin).port));
    const failed = new Set<string>();
    const done = new Set<string>();
    let planned = 0;
    const see = (event: DownloadEvent): void => {
      if (event.type === "plan") planned = event.files;
      if (event.type !== "end") return;
      (event.outcome === "failed" ? failed : done).add(event.item.key);
      if (done.size === 1 && failed.size === 0) port.fallSilent();
      // Fewer than end the run, and as many as have used up their patience together.
      if (failed.size === 4) port.repair();
    };
    // The mode is given, so that no pause ends the run first.
    const extra = ["--engine", "parallel", "--patience", "3s", "--reserve", "0"];
    assertEquals(await followProgram({ sandbox, folder, extra, see }), 0);
    assert(failed.size >= 4, `${failed.size} failed`);
    assertEquals(done.size, planned);
  }));

Deno.test("download pauses after a silence of --patience, however few requests fail in it", () =>
  inTempDir(async (folder) => {
    await using port = new SilentPort();
    port.fallSilent();
    const size = { creators: 1, modelsPerCreator: 2 };
    await using sandbox = await startSandbox({ ...PLAIN, size, storageOrigin: port.origin });
    // Only the fastest allowed mode: `--engine` would hold it. The way down from a faster one takes a minute and a half.
    await Deno.writeTextFile(join(folder, "civitai-dl.yml"), "engine: stable\n");
    const steps: string[] = [];
    const see = (event: DownloadEvent): void => {
      if (event.type === "mode") steps.push(`${event.to}: ${event.reason}`);
    };
    const extra = ["--patience", "30s", "--reserve", "0"];
    assertEquals(await followProgram({ sandbox, folder, extra, see }), 6);
    assertEquals(steps, ["paused: no byte has arrived for 30s"]);
  }));
