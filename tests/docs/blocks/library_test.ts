import { assertEquals, assertStringIncludes } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "node:path";
import { endsWith, runBlock } from "../../helpers/pages/run_block.ts";
import { inLibraryPlace, type LibraryPlace } from "./_library_place.ts";

const IS_WINDOWS = Deno.build.os === "windows";

// One reader, who follows the pages with one library: each page has what the ones before have left there.
Deno.test({
  name: "the pages about a library can be followed, from the first key to a rollout",
  ignore: IS_WINDOWS,
  fn: () =>
    inLibraryPlace(async (place) => {
      await startWithAnAccount(place);
      await followTheReadme(place);
      await moveFromLoraManager(place);
      await fetchWhatHasFailed(place);
      await troubleshoot(place);
      await controlTheFailsafe(place);
      await exportMetrics(place);
      await beginARollout(place);
    }),
});

async function startWithAnAccount(place: LibraryPlace): Promise<void> {
  const { sandbox, name, folder } = place;
  const ends = ["", "4 model files and 4 images to fetch", "done                       8"];
  const input = `${sandbox.token}\n`;
  await runBlock(place, "docs/guide/start.md", "(umask 077", ends, { replaced: [name], input });
  assertEquals((await Deno.stat(join(folder, "api_key.md"))).mode! & 0o777, 0o600);
  await Deno.remove(join(folder, "api_key.md"));
}

async function followTheReadme(place: LibraryPlace): Promise<void> {
  const { sandbox, name, withKey } = place;
  const key = { from: "…", to: sandbox.token, because: "the key of the sandbox" };
  const first = ["", "already there: 8", "Fetched nothing"];
  await runBlock(place, "README.md", "export CIVITAI_API_KEY", first, { replaced: [key, name] });
  const later = ["nothing is unfinished", "Fetched nothing", "8 files: 8 ok", "Nothing is marked as broken"];
  await runBlock(place, "README.md", "deno task download          # resume", later, withKey);
}

/** `~` is the home of the place, with files there that LoRA Manager has sorted in its way. */
async function moveFromLoraManager(place: LibraryPlace): Promise<void> {
  const { folder, withKey } = place;
  const loras = join(folder, "ComfyUI/models/loras");
  await Deno.mkdir(loras, { recursive: true });
  for await (const { name, path } of walk(join(folder, "downloads"), { exts: [".safetensors"] })) {
    await Deno.copyFile(path, join(loras, name));
  }
  const ends = ["Rebuilt: 4 of 4 model files", "already there: 4", "already there              4"];
  await runBlock(place, "docs/guide/moving.md", "civitai-dl verify --rebuild -o ~/ComfyUI", ends, withKey);
}

/** The storage answers with errors, and later works again. */
async function fetchWhatHasFailed(place: LibraryPlace): Promise<void> {
  const { sandbox, name, folder, env, withKey } = place;
  const { modelId } = [...sandbox.facts()].find(({ creator }) => creator !== name.to)!;
  sandbox.setToxics([{ type: "serverError", on: ["storage"] }]);
  const script = `civitai-dl download model:${modelId} --latest-only --no-images --max-retries 0 --yes`;
  const run = new Deno.Command("sh", { args: ["-c", script], cwd: folder, env: { ...env, ...withKey.env } });
  const { code, stderr } = await run.output();
  assertEquals(code, 6, new TextDecoder().decode(stderr));
  sandbox.setToxics([]);
  const ends = ["done                       ", "server: Cannot fetch from"];
  await runBlock(place, "docs/guide/creator.md", "civitai-dl download --from downloads/failed.txt", ends, withKey);
}

async function troubleshoot(place: LibraryPlace): Promise<void> {
  const { folder, withKey } = place;
  const minutes = ["", "checks: 0 failed", "Fetched nothing"];
  await runBlock(place, "docs/troubleshooting.md", "export CIVITAI_DL_DISABLE_EXPERIMENTAL=1", minutes, withKey);
  const errors = ["server: Cannot fetch from", "Written: errors.html"];
  await runBlock(place, "docs/troubleshooting.md", "civitai-dl analyze-errors --timerange", errors);
  const morning = { from: "2026-11-25T06:00:00Z", to: new Date().toISOString(), because: "the metrics are of now" };
  const changes = ["error_rate", "Written: day.html"];
  await runBlock(place, "docs/troubleshooting.md", "civitai-dl analyze-metrics", changes, { replaced: [morning] });
  const waits = { host: "b2.civitai.com", limitMs: 60_000, spanMs: 300_000, waits: [[800, 690], [14_000, 10]] };
  const line = { time: "2026-11-25T10:00:00.000Z", outcome: "ok", operation: "transfer", phase: "headers", ...waits };
  await place.write("logs/timeouts.log", `${JSON.stringify(line)}\n`);
  const proposals = ["--apply would write", "--apply would write", "b2.civitai.com headers 21s"];
  await runBlock(place, "docs/troubleshooting.md", "civitai-dl tune-timeouts", proposals);
  const settings = await Deno.readTextFile(join(folder, ".config/civitai-dl/civitai-dl.yml"));
  assertStringIncludes(settings, "b2.civitai.com headers 21s");
}

async function controlTheFailsafe(place: LibraryPlace): Promise<void> {
  const host = {
    from: "b2.civitai.com",
    to: new URL(place.sandbox.storageOrigin).host,
    because: "the storage that the runs have used",
  };
  const ends = [
    "Mode: turbo",
    "The mode is held at stable",
    "Mode: turbo",
    `${host.to} is open`,
    `${host.to} is closed`,
    "All breakers are closed",
  ];
  await runBlock(place, "docs/failsafe.md", "civitai-dl failsafe ", ends, { replaced: [host] });
}

async function exportMetrics(place: LibraryPlace): Promise<void> {
  const collected = { from: "/var/lib/prometheus/node-exporter", to: ".", because: "the folder needs root" };
  const options = { replaced: [collected] };
  const ends = ["Written: ./civitai_dl.prom"];
  await runBlock(place, "docs/metrics.md", "civitai-dl collect-metrics --window 5m", ends, options);
  assertStringIncludes(await Deno.readTextFile(join(place.folder, "civitai_dl.prom")), "\ncivitai_dl_error_rate ");
}

/** The judge refuses to go on: it has seen no download. */
async function beginARollout(place: LibraryPlace): Promise<void> {
  const ends = [
    '"turbo" is at 10 %',
    "rollout turbo: running, 10 %",
    endsWith(3, "next: civitai-dl download"),
    endsWith(3, "inconclusive: 0/50 samples"),
    endsWith(3, "inconclusive: 0/50 samples"),
    '"turbo" was aborted: everything uses stable',
  ];
  await runBlock(place, "docs/rollout.md", "civitai-dl canary --percentage 10", ends, place.withKey);
}

Deno.test({
  name: "the settings of the guide for a NAS are right, and can be tried",
  ignore: IS_WINDOWS,
  fn: () =>
    inLibraryPlace(async (place) => {
      const { name, folder, withKey } = place;
      const home = { from: "/srv/civitai", to: join(folder, "srv"), because: "only root can make that folder" };
      const user = { from: "sudo -u civitai ", to: "", because: "only root can make that user" };
      const [, settings] = /^```yaml\n([^]*?)^```$/m.exec(await Deno.readTextFile("docs/guide/nas.md"))!;
      await place.write("srv/civitai-dl.yml", settings!.replaceAll(home.from, home.to));
      await place.write("srv/users.txt", `${name.to}\n`);
      const ends = [
        "",
        "civitai-dl.yml: no mistake found",
        "checks: 0 failed",
        "4 model files and 4 images to fetch",
      ];
      await runBlock(place, "docs/guide/nas.md", "cd /srv/civitai", ends, { ...withKey, replaced: [home, user] });
    }),
});
