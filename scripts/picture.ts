import { fileURLToPath } from "node:url";
import { defineCommand } from "../lib/cli/mod.ts";
import { KitError } from "../lib/base/mod.ts";
import { type RecordedCommand, terminalSvg } from "./_docs/terminal_svg.ts";
import { runScript } from "./_frame/run_script.ts";

const CLI = fileURLToPath(new URL("../cli.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../deno.json", import.meta.url));

/** What the picture shows, in the order in which a new user would type it. */
const COMMANDS: readonly string[] = [
  "civitai-dl download --sandbox --user brambleforge --latest-only --no-images --dry-run",
  "civitai-dl download --sandbox --user brambleforge --latest-only --no-images --yes",
  "civitai-dl verify --deep --output sandbox_downloads",
  "civitai-dl list --output sandbox_downloads",
];

/** The `picture` task: records a real run on the sandbox as docs/images/terminal.svg. */
export const command = defineCommand({
  name: "picture",
  summary: "Record a run on the sandbox as the picture of the README, docs/images/terminal.svg",
  async run() {
    const folder = await Deno.makeTempDir({ prefix: "civitai-dl-picture-" });
    try {
      const recorded: RecordedCommand[] = [];
      for (const line of COMMANDS) recorded.push({ command: line, output: await record(line, folder) });
      const label = "A terminal: civitai-dl plans, fetches, verifies and lists the models of a creator";
      await Deno.writeTextFile("docs/images/terminal.svg", terminalSvg(recorded, { label }));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    return { file: "docs/images/terminal.svg", commands: COMMANDS };
  },
});

/** Run a command in a folder, and return what it printed as its result. */
async function record(line: string, folder: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      `--config=${CONFIG}`,
      "-P=library",
      CLI,
      ...line.split(" ").slice(1),
    ],
    cwd: folder,
    // The readers of the picture have an installed program.
    env: { XDG_CONFIG_HOME: folder, FORCE_COLOR: "1", COLUMNS: "96", NO_COLOR: "", CIVITAI_DL_COMMAND: "civitai-dl" },
  }).output();
  const text = new TextDecoder();
  if (success) return text.decode(stdout);
  throw new KitError("failed", `Cannot record "${line}": ${text.decode(stderr).trim()}`);
}

if (import.meta.main) await runScript(command);
