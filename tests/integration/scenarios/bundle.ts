import { join } from "node:path";
import { startSandbox } from "../../../lib/sandbox/mod.ts";
import { VERSION } from "../../../lib/base/mod.ts";
import { readBlock } from "../../helpers/pages/read_block.ts";
import { runPageScript } from "../../helpers/pages/run_page_script.ts";
import { linkCheckout } from "../../helpers/repository/linked_checkout.ts";
import { downloadWords } from "./download_words.ts";
import { LibraryCheck } from "./_library_check.ts";

/** The results of the bundle in a folder of its own. */
export interface BundleFigures {
  readonly bytes: number;
  readonly version: string;
  readonly isVersionRight: boolean;
  readonly helpLines: number;
  /** `null` if the demo was skipped. */
  readonly demo: { readonly code: number; readonly seconds: number; readonly lastLines: string } | null;
  readonly downloadCode: number;
  readonly verifyCode: number;
  /** The check of the library after every byte was read. */
  readonly verified: string;
  readonly files: number;
  readonly right: number;
  /** Words that are tasks of a checkout or subcommands of Deno, and their messages. */
  readonly refusals: readonly { readonly words: string; readonly code: number; readonly said: string }[];
  /** Errors of all runs together. */
  readonly stderr: string;
}

interface BundleOptions {
  /** Whether to run the demo, which takes some seconds. */
  readonly withDemo: boolean;
}

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bundle the program into an empty folder, and run it there without source tree, packages and cache. */
export async function tryBundle(options: BundleOptions): Promise<BundleFigures> {
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-bundle-" });
  try {
    const file = join(folder, "civitai-dl.js");
    const checkout = join(folder, "checkout");
    await linkCheckout(checkout);
    const bundling = await readBlock("docs/packaging.md", "deno task bundle\n");
    const made = await runPageScript(bundling, { cwd: checkout });
    const ownCache = { DENO_DIR: join(folder, "cache") };
    const direct = await readBlock("docs/packaging.md", "deno run -ERWSN dist/civitai-dl.js");
    const version = await runPageScript(direct, { cwd: checkout, env: ownCache });
    await Deno.rename(join(checkout, "dist", "civitai-dl.js"), file);
    await Deno.remove(checkout, { recursive: true });
    const bundle = (words: readonly string[], env = {}): Promise<Output> =>
      run(folder, ["run", "-q", "--no-prompt", "--cached-only", ...PERMISSIONS, file, ...words], {
        ...ownCache,
        ...env,
      });
    const launcher = await readBlock("docs/packaging.md", "#!/bin/sh", [
      { from: "/opt/civitai-dl.js", to: `'${file}'`, because: "only root can write there" },
    ]);
    await Deno.writeTextFile(join(folder, "launcher"), launcher);
    const help = await runPageScript("sh launcher --help", { cwd: folder, env: ownCache });
    const start = performance.now();
    const demo = options.withDemo ? await bundle(["demo", "-o", "demo"]) : null;
    const seconds = (performance.now() - start) / 1000;
    const fetched = await fetchFromSandbox(folder, bundle);
    const verify = await bundle(["verify", "--deep", "-o", "library"]);
    return {
      bytes: (await Deno.stat(file)).size,
      version: version.stdout.trim(),
      helpLines: linesOf(help.stdout),
      isVersionRight: version.stdout.includes(VERSION),
      demo: demo === null ? null : { code: demo.code, seconds, lastLines: demo.stdout.trimEnd().slice(-300) },
      ...fetched,
      verifyCode: verify.code,
      verified: verify.stdout,
      refusals: await Promise.all(NO_COMMANDS.map(async (words) => {
        const { code, stderr: said } = await bundle(words.split(" "));
        return { words, code, said };
      })),
      stderr: [made, version, help, demo].map((output) => output?.stderr ?? "").join("").slice(-500) + fetched.stderr,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const PERMISSIONS = [
  ...["--allow-read", "--allow-write", "--allow-net=127.0.0.1", "--allow-env", "--allow-sys", "--allow-run"],
];

/** Tasks of a checkout, and a subcommand of Deno. */
const NO_COMMANDS = ["gate --phase 1", "checks", "benchmark --peers", "stability --duration 2", "branch", "ok", "fmt"];

async function fetchFromSandbox(
  folder: string,
  bundle: (words: readonly string[], env: Record<string, string>) => Promise<Output>,
): Promise<Pick<BundleFigures, "downloadCode" | "files" | "right" | "stderr">> {
  // One file is large enough for the hash worker, whose source is inside the bundle.
  await using sandbox = await startSandbox({
    fileSizes: [10_000_000],
    fileBytes: { min: 1024, max: 200_000 },
    outcomes: {},
  });
  const words = downloadWords(sandbox, ["--files", "all", "--previews", "1", "--gallery", "1", "--max-images", "2"]);
  const { code, stderr } = await bundle([...words, "--quiet"], { CIVITAI_API_KEY: sandbox.token });
  const state = await new LibraryCheck(sandbox, join(folder, "library")).look();
  const files = [...sandbox.facts()].filter((fact) => fact.creator !== null).length;
  return { downloadCode: code, files, right: state.right.size, stderr: stderr.slice(-500) };
}

async function run(cwd: string, args: readonly string[], env: Record<string, string>): Promise<Output> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env,
    stdin: "null",
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

function linesOf(text: string): number {
  return text.split("\n").length;
}
