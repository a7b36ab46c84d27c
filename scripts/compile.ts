import { basename, resolve } from "node:path";
import { KitError } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { parseEmbeddedFiles } from "./_embedded_files.ts";
import { runScript } from "./_frame/run_script.ts";
import { writeBundle } from "./_package/write_bundle.ts";
import { lastLines, runDeno } from "../checks/mod.ts";
import { requireCheckout } from "./_frame/program_form.ts";

/** The executable and its content. */
interface Compiled {
  readonly executable: string;
  readonly bytes: number;
  readonly embedded: readonly string[];
}

/**
 * Permissions of the executable, which are fixed when it is compiled. The network is not limited to hosts, because
 * alerts can be sent to any host that the user specifies.
 */
const BUILT_IN = [
  "--no-prompt",
  "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=20",
  ...["read", "write", "env", "sys", "net", "run"].map((name) => `--allow-${name}`),
];

/** The `compile` task: bundles the program, then compiles runtime and bundle into an executable. */
export const command = defineCommand({
  name: "compile",
  summary: "Compile the bundle into one executable in dist/, and check its content",
  flags: [
    {
      name: "target",
      type: "choice",
      summary: "Build for another system",
      choices: [
        "x86_64-unknown-linux-gnu",
        "aarch64-unknown-linux-gnu",
        "x86_64-pc-windows-msvc",
        "aarch64-pc-windows-msvc",
        "x86_64-apple-darwin",
        "aarch64-apple-darwin",
      ],
    },
    {
      name: "output",
      short: "o",
      type: "path",
      summary: "The executable, instead of dist/civitai-dl; the bundle is written beside it",
      placeholder: "FILE",
    },
  ],
  examples: [{ command: "deno task compile --target x86_64-pc-windows-msvc", summary: "For Windows" }],
  exits: { 1: "It could not be compiled, or contains something unexpected", 6: "The runtime could not be downloaded" },
  async run({ flags, display, signal }): Promise<Compiled> {
    const root = requireCheckout("compile");
    const executable = flags.output === undefined ? resolve(root, "dist", "civitai-dl") : resolve(flags.output);
    const bundle = `${executable.replace(/\.exe$/i, "")}.js`;
    const { target } = flags;
    display.log(`Bundling into ${bundle}`);
    await writeBundle({ root, file: bundle, signal });
    display.log("Compiling; the first time for a system, its runtime is downloaded");
    // With the configuration, every package of the lock file would be embedded, even those of tests and chart sources.
    const args = [
      "compile",
      "--no-config",
      "--no-lock",
      ...BUILT_IN,
      ...target === undefined ? [] : ["--target", target],
    ];
    const embedded = parseEmbeddedFiles(await deno([...args, "-o", executable, bundle], signal));
    if (embedded.length !== 1 || embedded[0] !== basename(bundle)) throw unexpectedContent(executable, embedded);
    const path = await findMade(executable);
    return { executable: path, bytes: (await Deno.stat(path)).size, embedded };
  },
  render: ({ executable, bytes, embedded }: Compiled) =>
    `${executable}: ${(bytes / 1e6).toFixed(1)} MB, with ${embedded.join(", ")} inside\n`,
});

async function deno(args: readonly string[], signal: AbortSignal): Promise<string> {
  const run = await runDeno(args, { signal });
  if (run.code === 0) return `${run.out}\n${run.err}`;
  const unreachable = /error sending request for url \((\S+)\)/.exec(run.err)?.[1];
  if (unreachable !== undefined) throw unreachableRuntime(unreachable);
  throw new KitError("failed", `Cannot make the executable: deno ${args[0]} ended with ${run.code}`, {
    hint: lastLines(run),
  });
}

function unreachableRuntime(url: string): KitError {
  return new KitError(
    "network",
    `Cannot download the runtime for the executable: ${new URL(url).host} does not answer`,
    {
      hint: `Download ${url} elsewhere, unpack it, and set DENORT_BIN to the file`,
    },
  );
}

function unexpectedContent(executable: string, embedded: readonly string[]): KitError {
  const state = embedded.length === 0
    ? "deno compile does not say what is inside"
    : `inside are ${embedded.join(", ")}`;
  return new KitError("failed", `Cannot accept "${executable}": ${state}`, {
    hint: "Only the bundle should be inside; report this with the version of Deno",
  });
}

/** `deno compile` adds `.exe` for Windows. */
async function findMade(executable: string): Promise<string> {
  const exists = await Deno.stat(executable).then(() => true, () => false);
  return exists ? executable : `${executable}.exe`;
}

if (import.meta.main) await runScript(command);
