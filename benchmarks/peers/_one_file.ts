import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { type BenchSide, joinSamples, type Sample } from "../../lib/bench/mod.ts";
import type { Certificate } from "./_certificate.ts";
import { ownFolder } from "./_own_folder.ts";
import { programEnv, programWords } from "./_program_words.ts";
import type { ServedFile } from "./_random_file.ts";
import { runProgram } from "./_run_program.ts";
import type { PeerBench } from "./target.ts";
import type { ToolName } from "./_tools.ts";

/** Names of the sides, for criteria and reports. */
export const SIDE = {
  ours: "ours",
  flushed: "ours, flushed to disk",
  curl: "curl, then sha256sum",
  curlFlushed: "curl, sync, sha256sum",
  aria2: "aria2c -x4, verified",
  wget2: "wget2, then sha256sum",
  axel: "axel -n4, then sha256sum",
} as const;

/** Options of {@linkcode oneFileSides}. */
export interface OneFileOptions {
  /** Id of the target in lower case; also the name of its folder. */
  readonly id: string;
  readonly origin: string;
  readonly file: ServedFile;
  /** The authority that clients must trust, for a server with TLS. */
  readonly certificate?: Certificate | undefined;
  /** The peers to compare with. */
  readonly peers: readonly ("curl" | "aria2" | "wget2" | "axel")[];
  /** Whether to add a side of the engine, and one of curl, that flush to disk. */
  readonly withFlushed?: boolean | undefined;
}

/**
 * Build the sides that fetch one file, each until its SHA-256 is verified. Peers that are not installed become notes.
 */
export async function oneFileSides(
  bench: PeerBench,
  options: OneFileOptions,
): Promise<{ readonly sides: readonly BenchSide[]; readonly notes: readonly string[] }> {
  const { origin, file, certificate, peers, withFlushed = false } = options;
  const folder = await ownFolder(bench, options.id);
  const url = `${origin}/${file.name}`;
  const path = join(folder, "out.bin");
  const { bytes, sha256 } = file;
  const side = (name: string, run: (signal: AbortSignal) => Promise<Sample>): BenchSide => ({
    name,
    prepare: () => removeAll(folder),
    run: () => run(bench.signal),
    check: () => removeAll(folder),
  });
  const ours = (...more: readonly string[]) => (signal: AbortSignal) =>
    runProgram([...programWords("benchmarks/peers/transfer_one.ts"), url, sha256, path, bench.engine, ...more], {
      bytes,
      signal,
      cwd: folder,
      env: { ...programEnv(folder), ...certificate === undefined ? {} : { DENO_CERT: certificate.authority } },
    });
  const thenSum = (...commands: readonly (readonly string[])[]) => async (signal: AbortSignal) => {
    const fetched: Sample[] = [];
    for (const command of commands) fetched.push(await runProgram(command, { signal, cwd: folder }));
    const sum = await runProgram(["sha256sum", path], { signal });
    if (!sum.stdout.startsWith(sha256)) {
      throw new KitError("integrity", `Cannot accept the run of "${commands[0]![0]}": its file has another SHA-256`);
    }
    return joinSamples([...fetched, sum], bytes);
  };
  const trust = (flag: string) => certificate === undefined ? [] : [`${flag}=${certificate.authority}`];
  const authority = certificate === undefined ? [] : ["--cacert", certificate.authority];
  const curl = ["curl", "-q", "-sS", "-f", ...authority, "-o", path, url];
  const all: Record<string, { readonly tool: ToolName; readonly sides: readonly BenchSide[] }> = {
    curl: {
      tool: "curl",
      sides: [
        side(SIDE.curl, thenSum(curl)),
        ...withFlushed ? [side(SIDE.curlFlushed, thenSum(curl, ["sync", path]))] : [],
      ],
    },
    aria2: {
      tool: "aria2c",
      sides: [side(SIDE.aria2, (signal) =>
        runProgram([
          ...["aria2c", "--no-conf", "-q", "-x4", "-s4", "-k1M", "--allow-overwrite=true", "--file-allocation=none"],
          ...[...trust("--ca-certificate"), `--checksum=sha-256=${sha256}`, "-d", folder, "-o", "out.bin", url],
        ], { bytes, signal }))],
    },
    wget2: {
      tool: "wget2",
      sides: [side(
        SIDE.wget2,
        thenSum(["wget2", "--no-config", "-q", "--tries=1", ...trust("--ca-certificate"), "-O", path, url]),
      )],
    },
    axel: { tool: "axel", sides: [side(SIDE.axel, thenSum(["axel", "-q", "-n4", "-o", path, url]))] },
  };
  const sides = [side(SIDE.ours, ours()), ...withFlushed ? [side(SIDE.flushed, ours("flush"))] : []];
  const notes: string[] = [];
  for (const peer of peers.map((name) => all[name]!)) {
    if (!bench.tools.has(peer.tool)) notes.push(bench.tools.missing(peer.tool));
    else sides.push(...peer.sides);
  }
  return { sides, notes };
}

/** Empty a folder, including part files and control files. */
async function removeAll(folder: string): Promise<void> {
  for await (const entry of Deno.readDir(folder)) await Deno.remove(join(folder, entry.name), { recursive: true });
}
