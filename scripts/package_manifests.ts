import { join, resolve } from "node:path";
import { KitError, writeAtomic } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { homebrewFormula, parseReleaseSums, parseReleaseVersion, scoopManifest } from "../lib/release/mod.ts";
import { runScript } from "./_frame/run_script.ts";

/** The `package-manifests` task: describes a release for package managers. */
export const command = defineCommand({
  name: "package-manifests",
  summary: "Write the Homebrew formula and the Scoop manifest of a release, beside its executables",
  description:
    "Reads SHA256SUMS of the folder, which must have all five executables, and writes civitai-dl.rb and civitai-dl.json " +
    "there. A preview is refused: package managers would give it to everybody.",
  args: [{ name: "TAG", summary: "Such as v1.1.0", required: true }],
  flags: [
    { name: "folder", type: "path", summary: "Folder of the executables", placeholder: "FOLDER", default: "dist" },
    {
      name: "repository",
      type: "string",
      summary: "Owner and name on GitHub",
      placeholder: "OWNER/NAME",
      default: "civitai-dl/civitai-dl",
    },
  ],
  examples: [{ command: "deno task package-manifests v1.1.0", summary: "After the executables were compiled" }],
  exits: { 1: "An executable has no checksum" },
  async run({ args, flags }) {
    const { stage, text: version } = parseReleaseVersion(args[0]!);
    if (stage !== "stable") {
      throw new KitError("usage", `Cannot describe ${args[0]} for package managers: it is a preview`, {
        hint: "Only releases such as v1.1.0 are installed by them",
      });
    }
    const { repository } = flags;
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
      throw new KitError("usage", `Cannot use repository "${repository}": it is not OWNER/NAME`);
    }
    const folder = resolve(flags.folder);
    const release = { version, repository, sums: parseReleaseSums(await readSums(folder)) };
    const files = { "civitai-dl.rb": homebrewFormula(release), "civitai-dl.json": scoopManifest(release) };
    for (const [name, text] of Object.entries(files)) await writeAtomic(join(folder, name), text);
    return { files: Object.keys(files).map((name) => join(folder, name)) };
  },
  render: ({ files }: { readonly files: readonly string[] }) => `Written: ${files.join(", ")}\n`,
});

async function readSums(folder: string): Promise<string> {
  const path = join(folder, "SHA256SUMS");
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new KitError("usage", `Cannot read "${path}": there is no such file`, {
      hint: "In the folder: sha256sum civitai-dl-* > SHA256SUMS",
      cause,
    });
  }
}

if (import.meta.main) await runScript(command);
