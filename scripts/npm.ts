import { join, resolve } from "node:path";
import { KitError, VERSION } from "../lib/base/mod.ts";
import { defineCommand, loadProgram, renderCompletions, SHELLS } from "../lib/cli/mod.ts";
import { ConfigError } from "../lib/config/mod.ts";
import { openRepository } from "../lib/git/mod.ts";
import { distTagOf, listVersionTags, newestStable } from "../lib/installation/mod.ts";
import { readBranchStrategy } from "./_branch/branch_strategy.ts";
import { program } from "../cli.ts";
import { runScript } from "./_frame/run_script.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { launchFlags } from "./_package/launch_flags.ts";
import { writeBundle } from "./_package/write_bundle.ts";

/** The package that was made. */
interface PackedProgram {
  readonly file: string;
  readonly bytes: number;
  /** The dist-tag that `npm publish` moves: `latest`, or another one for a preview or a fix of an older line. */
  readonly distTag: string;
}

/** Name of the completion script of each shell, as the shell expects it. */
const COMPLETIONS = { bash: "civitai-dl.bash", zsh: "_civitai-dl", fish: "civitai-dl.fish" } as const;

/** The `npm` task: packs the bundle with a launcher, which starts it with the Deno of the package `deno`. */
export const command = defineCommand({
  name: "npm",
  summary: "Pack the program for npm, so that npx civitai-dl works where only Node is installed",
  description:
    "The package has the bundle, a launcher, the manual page and completions, and depends on the package deno " +
    "of exactly the version that runs this task.",
  flags: [
    {
      name: "folder",
      type: "path",
      summary: "Folder of the package",
      placeholder: "FOLDER",
      default: "dist/npm",
    },
    { name: "repository", type: "string", summary: "Owner and name on GitHub", placeholder: "OWNER/NAME" },
  ],
  examples: [{
    command: "deno task npm && npm install -g dist/npm/civitai-dl-*.tgz",
    summary: "Install this checkout",
  }],
  exits: { 1: "npm is missing, or the package could not be made" },
  async run({ flags, display, signal }): Promise<PackedProgram> {
    const root = requireCheckout("npm");
    const folder = resolve(flags.folder);
    const staging = join(folder, "package");
    await Deno.remove(staging, { recursive: true }).catch(ignoreMissing);
    for (const name of ["bin", "completions"]) await Deno.mkdir(join(staging, name), { recursive: true });
    display.log("Bundling");
    await writeBundle({ root, file: join(staging, "civitai-dl.js"), signal });
    await Deno.copyFile(join(root, "docs", "civitai-dl.1"), join(staging, "civitai-dl.1"));
    const loaded = await loadProgram(program);
    for (const shell of SHELLS) {
      await Deno.writeTextFile(join(staging, "completions", COMPLETIONS[shell]), renderCompletions(loaded, shell));
    }
    for (const name of ["LICENSE", "CHANGELOG.md"]) await Deno.copyFile(join(root, name), join(staging, name));
    await Deno.copyFile(join(root, "packaging", "npm", "README.md"), join(staging, "README.md"));
    const launcher = join(staging, "bin", "civitai-dl.mjs");
    await Deno.copyFile(join(root, "packaging", "npm", "civitai-dl.mjs"), launcher);
    if (Deno.build.os !== "windows") await Deno.chmod(launcher, 0o755);
    await writeJson(join(staging, "permissions.json"), launchFlags(loaded));
    const distTag = distTagOf(VERSION, await readNewest(root));
    await writeJson(join(staging, "package.json"), {
      ...packageJson(flags.repository),
      publishConfig: { tag: distTag },
    });
    const file = join(folder, await pack(staging, folder, signal));
    return { file, bytes: (await Deno.stat(file)).size, distTag };
  },
  render: ({ file, bytes, distTag }: PackedProgram) =>
    `${file}: ${
      (bytes / 1e6).toFixed(1)
    } MB\nInstall it with: npm install -g ${file}\nPublished by npm publish, it would be the tag ${distTag}\n`,
});

/** The newest stable version that is tagged; `null` if there is none, or no repository. */
async function readNewest(root: string): Promise<string | null> {
  try {
    const { tagForms } = await readBranchStrategy(root);
    return newestStable(await listVersionTags(await openRepository(root), tagForms))?.version.text ?? null;
  } catch (error) {
    // Sources without their repository, or without git.
    if (error instanceof KitError && !(error instanceof ConfigError)) return null;
    throw error;
  }
}

/** The description of the package for npm. */
function packageJson(repository: string | undefined): Readonly<Record<string, unknown>> {
  return {
    name: "civitai-dl",
    version: VERSION,
    description: "Keep a local library of Civitai models and images: complete, verified, sorted",
    license: "MIT",
    keywords: ["civitai", "downloader", "stable-diffusion"],
    ...repository === undefined ? {} : { repository: { type: "git", url: `git+https://github.com/${repository}.git` } },
    type: "module",
    bin: { "civitai-dl": "bin/civitai-dl.mjs" },
    man: ["./civitai-dl.1"],
    // Not its later versions: the program is tested with this one.
    dependencies: { deno: Deno.version.deno },
    engines: { node: ">=20" },
  };
}

/** Run `npm pack`, and return the name of the file. */
async function pack(staging: string, folder: string, signal: AbortSignal): Promise<string> {
  // On Windows npm is a batch file, which only a shell starts.
  const [program, ...words] = Deno.build.os === "windows" ? ["cmd", "/c", "npm"] : ["npm"];
  const args = [...words, "pack", "--json", "--pack-destination", folder];
  try {
    const { success, stdout, stderr } = await new Deno.Command(program!, { args, cwd: staging, signal }).output();
    const text = new TextDecoder();
    if (success) return JSON.parse(text.decode(stdout))[0].filename;
    throw new KitError("failed", "Cannot make the package: npm pack failed", { hint: text.decode(stderr).trim() });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new KitError("failed", "Cannot make the package: npm is not installed", {
      hint: "Install Node",
      cause: error,
    });
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

if (import.meta.main) await runScript(command);
