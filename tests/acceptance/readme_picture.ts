/**
 * Records a real run on the sandbox as the picture of the README, docs/images/terminal.svg:
 * `deno run -q -P=acceptance tests/acceptance/readme_picture.ts`
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type RecordedCommand, terminalSvg } from "./_terminal_svg.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What the picture shows, in the order in which a new user would type it. */
const COMMANDS: readonly string[] = [
  "civitai-dl download --sandbox --user brambleforge --latest-only --no-images --dry-run",
  "civitai-dl download --sandbox --user brambleforge --latest-only --no-images --yes",
  "civitai-dl verify --deep --output sandbox_downloads",
  "civitai-dl list --output sandbox_downloads",
];

/** Run a command in a folder, and return what it printed as its result. */
async function record(line: string, folder: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      `--config=${ROOT}deno.json`,
      "-P=library",
      `${ROOT}cli.ts`,
      ...line.split(" ").slice(1),
    ],
    cwd: folder,
    // The readers of the picture have an installed program.
    env: { XDG_CONFIG_HOME: folder, FORCE_COLOR: "1", COLUMNS: "96", NO_COLOR: "", CIVITAI_DL_COMMAND: "civitai-dl" },
  }).output();
  const text = new TextDecoder();
  if (success) return text.decode(stdout);
  throw new Error(`Cannot record "${line}": ${text.decode(stderr).trim()}`);
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-picture-" });
  try {
    const recorded: RecordedCommand[] = [];
    for (const command of COMMANDS) recorded.push({ command, output: await record(command, folder) });
    const label = "A terminal: civitai-dl plans, fetches, verifies and lists the models of a creator";
    await Deno.writeTextFile(`${ROOT}docs/images/terminal.svg`, terminalSvg(recorded, { label }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
