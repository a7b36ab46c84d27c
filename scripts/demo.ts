import { resolve } from "node:path";
import { formatCount, formatDuration, KitError } from "../lib/base/mod.ts";
import { defineCommand, withExit } from "../lib/cli/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { childCommand } from "./_frame/child.ts";
import { compareWithSandbox } from "./_frame/library/compare_with_sandbox.ts";
import { drawTree } from "./_draw_tree.ts";
import { requireLocalProgram } from "./_frame/program_form.ts";

interface DemoResult {
  readonly folder: string;
  readonly creators: readonly string[];
  readonly killedAfterFiles: number;
  readonly files: number;
  readonly wrong: number;
  readonly faults: number;
  readonly downloadHits: number;
  readonly durationMs: number;
  readonly tree: string;
}

/** The largest file crosses every size at which the engine takes another way. */
const LARGEST_BYTES = 96 << 20;
/** The download is killed in the middle of the largest file, which is fetched first. */
const KILL_AT_BYTES = 24_000_000;

/** Faults that the demo injects: about one request in eight fails, and larger files first arrive with a wrong byte. */
const TOXICS = [
  "reset,rate=0.05",
  "truncate,rate=0.03",
  "corrupt,rate=0.03,on=storage,first=1",
  "corrupt:1M,on=storage,first=1",
  "serverError,rate=0.02",
  "latency:15ms",
  // A rate at which several connections for the largest file pay off.
  "bandwidth:12M,on=storage",
];

/** The `demo` command: downloads from the sandbox, is killed, resumes, and compares every file with its source. */
export const command = defineCommand({
  name: "demo",
  group: "Program",
  permissions: "demo",
  summary: "Download, kill, resume and verify in half a minute, without a network",
  description:
    "Starts the built-in Civitai with faults enabled, fetches three creators, kills the download halfway, resumes it, " +
    "verifies every byte, and shows the files.",
  flags: [{
    name: "output",
    setting: "none",
    short: "o",
    type: "path",
    summary: "Folder to download to, new or empty; a new one in ./ by default",
    placeholder: "FOLDER",
  }],
  examples: [
    { command: "civitai-dl demo", summary: "In a new folder below this one" },
    { command: "civitai-dl demo --output /tmp/demo", summary: "In a folder of your choice" },
  ],
  exits: { 7: "A file differs from its source" },
  async run({ flags, display, signal }) {
    requireLocalProgram("demo");
    const { parseToxic, startSandbox } = await import("../lib/sandbox/mod.ts");
    const start = performance.now();
    const folder = resolve(flags.output ?? `civitai-dl-demo-${crypto.randomUUID().slice(0, 8)}`);
    const toxics = TOXICS.map((text) => parseToxic(text));
    await using sandbox = await startSandbox({
      toxics,
      fileBytes: { min: 20_000, max: 3_000_000 },
      fileSizes: [LARGEST_BYTES],
    });
    await makeEmptyFolder(folder);
    const creators = [...sandbox.catalog.creators().take(3)].map((creator) => creator.username);
    const words = ["--base-url", sandbox.apiOrigin, "-o", folder, "--files", "all", "--reserve", "0"];
    const args = ["download", ...words, "--yes", "--quiet", ...creators.flatMap((name) => ["--user", name])];
    const env = { CIVITAI_API_KEY: sandbox.token };
    display.log(`1. A local Civitai runs at ${sandbox.apiOrigin}; one request in eight goes wrong.`);
    display.log(`2. Fetching all of ${creators.join(", ")} into ${folder}`);
    const first = childCommand(args, { folder, env, origins: [sandbox.apiOrigin, sandbox.storageOrigin] }).spawn();
    const wasKilled = await killInTheMiddle(first, () => sandbox.log.storageBytes >= KILL_AT_BYTES, signal);
    if (!wasKilled) throw new KitError("failed", "Cannot finish the demo: the first run ended before it was killed");
    const killedAfterFiles = sandbox.log.downloadHits;
    display.log(`3. Killed in the middle (SIGKILL), ${killedAfterFiles} download links in.`);
    // The faults begin anew: what is resumed also arrives with a wrong byte.
    sandbox.setToxics(toxics);
    const second = await childCommand(args, { folder, env, origins: [sandbox.apiOrigin, sandbox.storageOrigin] })
      .output();
    const summary = new TextDecoder().decode(second.stdout).trimEnd();
    if (!second.success) {
      throw new KitError("failed", `Cannot finish the demo: the second run ended with ${second.code}`, {
        hint: summary,
      });
    }
    display.log("4. Started again, and resumed:");
    display.log(summary.replaceAll(/^/gm, "   "));
    const { files, wrong } = await compareWithSandbox(sandbox, folder, creators);
    display.log(`5. Compared with the source: ${formatCount(files, "model file")}, ${wrong} wrong.`);
    const result: DemoResult = {
      folder,
      creators,
      killedAfterFiles,
      files,
      wrong,
      faults: sandbox.log.requests.filter((request) => request.toxics.length > 0).length,
      downloadHits: sandbox.log.downloadHits,
      durationMs: performance.now() - start,
      tree: await drawTree(folder, { maxLines: 45, closed: [".civitai-dl", "logs"] }),
    };
    return withExit(result, wrong === 0 && files > 0 ? 0 : 7);
  },
  render: (result: DemoResult) =>
    `${result.tree}\n\n${
      formatCount(result.files, "model file")
    } of ${result.creators.length} creators, each compared byte for byte with its source: ` +
    `${result.wrong === 0 ? "all are right" : `${result.wrong} ARE WRONG`}.\n` +
    `It took ${formatDuration(result.durationMs)}. The files are in ${result.folder}; delete it when you are done.\n` +
    "Next: civitai-dl download --user NAME (see civitai-dl download --help)\n",
});

/** Make the folder. What is in one that has files would be mixed with invented ones, and deleted with them. */
async function makeEmptyFolder(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for await (const _ of Deno.readDir(folder)) {
    throw new KitError("unsafe", `Cannot use "${folder}" for the demo: it is not empty`, {
      hint: "Name a new folder, or leave -o out",
    });
  }
}

/**
 * Wait until a condition holds, then kill the child without warning, as a power cut would. Returns whether it still ran.
 */
async function killInTheMiddle(
  child: Deno.ChildProcess,
  isReached: () => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  let isRunning = true;
  const ended = child.output().then(() => isRunning = false);
  while (isRunning && !isReached()) {
    signal.throwIfAborted();
    await new Promise((wake) => setTimeout(wake, 5));
  }
  const wasKilled = isRunning;
  if (wasKilled) child.kill("SIGKILL");
  await ended;
  return wasKilled;
}

if (import.meta.main) await runScript(command);
