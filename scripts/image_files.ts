import { dirname, join, resolve } from "node:path";
import { defineCommand, loadProgram } from "../lib/cli/mod.ts";
import { program } from "../cli.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { runScript } from "./_frame/run_script.ts";
import { HEALTH_PROBE } from "./_package/health_probe.ts";
import { launchFlags } from "./_package/launch_flags.ts";
import { shellLauncher } from "./_package/shell_launcher.ts";
import { writeBundle } from "./_package/write_bundle.ts";

/** The files that were written. */
interface ImageFiles {
  readonly folder: string;
  readonly files: readonly string[];
}

const BUNDLE = "usr/lib/civitai-dl/civitai-dl.js";
const LICENSE = "usr/share/doc/civitai-dl/LICENSE";
const LAUNCHER = "usr/bin/civitai-dl";
const PROBE = "usr/lib/civitai-dl/health-probe";
/** The folder of the volume; a new volume gets its owner. */
const VOLUME = "data";
/** Where the base of the image has Deno. */
const DENO = "/usr/bin/deno";

/** The `image-files` task: writes what the Dockerfile adds to its base. */
export const command = defineCommand({
  name: "image-files",
  summary: "Write the files that the container image adds to its base: bundle, launcher and the folder of the volume",
  description: "The Dockerfile starts it. The launcher gives each command the permissions of its task.",
  flags: [
    {
      name: "folder",
      type: "path",
      summary: "Root folder of the files",
      placeholder: "FOLDER",
      default: "dist/image",
    },
  ],
  examples: [{ command: "deno task image-files --folder /image", summary: "In the first stage of the build" }],
  exits: { 1: "The program could not be bundled" },
  async run({ flags, display, signal }): Promise<ImageFiles> {
    const root = requireCheckout("image-files");
    const folder = resolve(flags.folder);
    const files = [LAUNCHER, BUNDLE, PROBE, LICENSE];
    for (const file of files) await Deno.mkdir(join(folder, dirname(file)), { recursive: true });
    await Deno.mkdir(join(folder, VOLUME), { recursive: true });
    display.log("Bundling");
    await writeBundle({ root, file: join(folder, BUNDLE), signal });
    await Deno.copyFile(join(root, "LICENSE"), join(folder, LICENSE));
    const launcher = join(folder, LAUNCHER);
    await Deno.writeTextFile(
      launcher,
      shellLauncher({ deno: DENO, bundle: `/${BUNDLE}` }, launchFlags(await loadProgram(program))),
    );
    const probe = join(folder, PROBE);
    await Deno.writeTextFile(probe, HEALTH_PROBE);
    if (Deno.build.os !== "windows") { for (const path of [launcher, probe]) await Deno.chmod(path, 0o755); }
    return { folder, files };
  },
  render: ({ folder, files }: ImageFiles) => `${folder}: ${files.join(", ")}\n`,
});

if (import.meta.main) await runScript(command);
