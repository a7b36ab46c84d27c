/**
 * P1 of the engine's targets against curl, aria2 and wget2, in one interleaved run: one large file over plain HTTP from
 * nginx on loopback, the clock stops when its SHA-256 is known and right.
 *
 *     deno run --allow-read --allow-write --allow-run --allow-net=127.0.0.1 --allow-env tests/perf/peers.ts [GiB] [RUNS]
 *
 * `ours` promises what the peers do; `oursDurable` also flushes file and folder to disk, as the program does by default.
 * The order turns in each round, the first round is dropped, and medians are printed as JSON.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";

const GIB = Number(Deno.args[0] ?? 2);
const RUNS = Number(Deno.args[1] ?? 5);
const folder = await Deno.makeTempDir({ prefix: "civitai-dl-perf-" });
// The workers of a server that root started are another user.
await Deno.chmod(folder, 0o755);
const www = join(folder, "www");
await Deno.mkdir(www);
const sha256 = await makeFile(join(www, "big.bin"), GIB);
const port = freePort();
const url = `http://127.0.0.1:${port}/big.bin`;
const out = join(folder, "out.bin");
const nginx = startNginx();

const permissions = ["--allow-read", "--allow-write", "--allow-net=127.0.0.1"];
const engine = [Deno.execPath(), "run", "-q", ...permissions, join(import.meta.dirname!, "transfer_one.ts")];

type Contender = () => Promise<void>;
const contenders: Record<string, Contender> = {
  ours: () => run([...engine, url, sha256, out]),
  oursDurable: () => run([...engine, url, sha256, out, "durable"]),
  curl: async () => {
    await run(["curl", "-s", "-o", out, url]);
    await run(["sha256sum", out]);
  },
  aria2: () =>
    run([
      "aria2c",
      "-q",
      "-x4",
      "-s4",
      "-k1M",
      "--allow-overwrite=true",
      "--file-allocation=none",
      `--checksum=sha-256=${sha256}`,
      "-d",
      folder,
      "-o",
      "out.bin",
      url,
    ]),
  wget2: async () => {
    await run(["wget2", "-q", "-O", out, url]);
    await run(["sha256sum", out]);
  },
};
const times: Record<string, number[]> = {};
try {
  for (let round = 0; round <= RUNS; round++) {
    const order = Object.entries(contenders);
    if (round % 2 === 1) order.reverse();
    for (const [name, contender] of order) {
      await Deno.remove(out).catch(() => {});
      const start = performance.now();
      await contender();
      if (round > 0) (times[name] ??= []).push((performance.now() - start) / 1000);
    }
  }
} finally {
  nginx.kill("SIGTERM");
  await nginx.status;
  await Deno.remove(folder, { recursive: true });
}
const medians = Object.fromEntries(
  Object.entries(times).map((
    [name, values],
  ) => [name, values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!]),
);
const ratios = Object.fromEntries(
  Object.entries(medians).map(([name, value]) => [`ours/${name}`, medians.ours! / value]),
);
await Deno.stdout.write(
  new TextEncoder().encode(`${JSON.stringify({ gib: GIB, runs: RUNS, medians, ratios, times }, null, 2)}\n`),
);

async function makeFile(path: string, gib: number): Promise<string> {
  using file = await Deno.open(path, { write: true, create: true });
  const hash = createHash("sha256");
  const block = new Uint8Array(1 << 20);
  for (let i = 0; i < gib * 1024; i++) {
    for (let at = 0; at < block.length; at += 65536) crypto.getRandomValues(block.subarray(at, at + 65536));
    hash.update(block);
    await file.write(block);
  }
  return hash.digest("hex");
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function startNginx(): Deno.ChildProcess {
  const config = join(folder, "nginx.conf");
  Deno.writeTextFileSync(
    config,
    `daemon off; pid ${folder}/nginx.pid; error_log stderr crit; worker_processes 1; events {}
     http { access_log off; sendfile on; server { listen 127.0.0.1:${port}; root ${www}; } }`,
  );
  return new Deno.Command("nginx", {
    args: ["-e", "stderr", "-p", folder, "-c", config],
    stdout: "null",
    stderr: "null",
  }).spawn();
}

async function run(words: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(words[0]!, {
    args: words.slice(1),
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`"${words[0]}" failed: ${new TextDecoder().decode(stderr).slice(0, 400)}`);
}
