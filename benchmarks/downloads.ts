/**
 * One run of a side of `benchmark-compare --downloads`: the side's own benchmarks, then whole downloads by the side's
 * program. The working directory is the checkout of the side, and the arguments are the command of its benchmarks; a
 * first argument `--only=["NAME"]` selects downloads by their names.
 *
 * @module
 */
import { parseBenchOutput } from "../lib/bench/mod.ts";
import { measureDownloads } from "./downloads/measure_downloads.ts";

const ONLY = "--only=";

if (import.meta.main) {
  const [first = ""] = Deno.args;
  const only: readonly string[] = first.startsWith(ONLY) ? JSON.parse(first.slice(ONLY.length)) : [];
  const [program, ...args] = only.length === 0 ? Deno.args : Deno.args.slice(1);
  const { code, stdout } = await new Deno.Command(program!, { args, stdin: "null", stderr: "inherit" }).output();
  if (code !== 0) throw new Error(`Cannot measure: the benchmarks ended with exit code ${code}`);
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-downloads-" });
  try {
    const own = parseBenchOutput(new TextDecoder().decode(stdout));
    const scale = Number(Deno.env.get("CIVITAI_DL_BENCH_SCALE") ?? 1);
    const downloads = await measureDownloads({ root: Deno.cwd(), folder, scale, only });
    await Deno.stdout.write(new TextEncoder().encode(JSON.stringify({ benchmarks: [...own, ...downloads] })));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
