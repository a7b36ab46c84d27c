/**
 * The socket transport against the fetch transport, in one interleaved run: one large file from nginx on loopback, plain
 * and over TLS, read only and through the engine. Seconds, and CPU seconds of the client alone.
 *
 *     deno run --allow-read --allow-write --allow-run --allow-net=127.0.0.1 tests/perf/transports.ts [GiB] [RUNS]
 *
 * The order turns in each round, the first round is dropped, and medians and ratios are printed as JSON.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";

const GIB = Number(Deno.args[0] ?? 2);
const RUNS = Number(Deno.args[1] ?? 5);
const folder = await Deno.makeTempDir({ prefix: "civitai-dl-perf-" });
// The workers of a server that root started are another user.
await Deno.chmod(folder, 0o755);
const sha256 = await makeFile(join(folder, "big.bin"), GIB);
await makeCertificate();
const ports = [freePort(), freePort()];
const nginx = startNginx();
const out = join(folder, "out.bin");
const urls = { plain: `http://127.0.0.1:${ports[0]}/big.bin`, tls: `https://127.0.0.1:${ports[1]}/big.bin` };
const engine = ["run", "-q", "--allow-read", "--allow-write", "--allow-net=127.0.0.1"];
engine.push(join(import.meta.dirname!, "transfer_one.ts"));

interface Sample {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const samples: Record<string, Sample[]> = {};
const works = Object.entries(urls).flatMap(([name, url]) =>
  ["read", "file"].flatMap((work) => ["socket", "fetch"].map((transport) => ({ name, url, work, transport })))
);
try {
  for (let round = 0; round <= RUNS; round++) {
    for (const { name, url, work, transport } of round % 2 === 0 ? works : works.toReversed()) {
      await Deno.remove(out).catch(() => {});
      const sample = await measure([...engine, url, sha256, out, work, transport]);
      if (round > 0) (samples[`${name} ${work} ${transport}`] ??= []).push(sample);
    }
  }
} finally {
  nginx.kill("SIGTERM");
  await nginx.status;
  await Deno.remove(folder, { recursive: true });
}
const medians = Object.fromEntries(
  Object.entries(samples).map(([name, all]) => [name, {
    seconds: median(all.map((sample) => sample.seconds)),
    cpuSeconds: median(all.map((sample) => sample.cpuSeconds)),
  }]),
);
const ratios = Object.fromEntries(
  Object.keys(medians).filter((name) => name.endsWith(" socket")).map((name) => {
    const [ours, theirs] = [medians[name]!, medians[name.replace("socket", "fetch")]!];
    const ratio = { seconds: ours.seconds / theirs.seconds, cpuSeconds: ours.cpuSeconds / theirs.cpuSeconds };
    return [name.replace("socket", "socket/fetch"), ratio];
  }),
);
const report = { gib: GIB, runs: RUNS, medians, ratios, samples };
await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(report, null, 2)}\n`));

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** `time -p` of the shell knows what the child alone has used. */
async function measure(args: string[]): Promise<Sample> {
  const { success, stderr } = await new Deno.Command("bash", {
    args: ["-c", 'time -p "$0" "$@"', Deno.execPath(), ...args],
    env: { DENO_CERT: join(folder, "ca.pem"), LC_ALL: "C" },
    ...{ stdout: "null", stderr: "piped" },
  }).output();
  const text = new TextDecoder().decode(stderr);
  if (!success) throw new Error(text.slice(0, 400));
  const read = (name: string): number => Number(new RegExp(`^${name} ([0-9.]+)$`, "m").exec(text)?.[1]);
  return { seconds: read("real"), cpuSeconds: read("user") + read("sys") };
}

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

/** An authority and a certificate by it. */
async function makeCertificate(): Promise<void> {
  const curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
  await Deno.writeTextFile(join(folder, "ext"), "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n");
  const calls = [
    `req -x509 ${curve} -keyout ca.key -out ca.pem -days 2 -subj /CN=Test`,
    `req ${curve} -keyout key.pem -out leaf.csr -subj /CN=127.0.0.1`,
    `x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out cert.pem`,
  ];
  for (const call of calls) {
    const { success, stderr } = await new Deno.Command("openssl", { args: call.split(" "), cwd: folder }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  }
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
     http { access_log off; sendfile on; root ${folder}; ssl_certificate ${folder}/cert.pem;
     ssl_certificate_key ${folder}/key.pem; server { listen 127.0.0.1:${ports[0]}; }
     server { listen 127.0.0.1:${ports[1]} ssl; } }`,
  );
  return new Deno.Command("nginx", {
    args: ["-e", "stderr", "-p", folder, "-c", config],
    ...{ stdout: "null", stderr: "null" },
  }).spawn();
}
