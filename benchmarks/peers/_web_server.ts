import { ensureDir } from "@std/fs";
import { join } from "node:path";
import { KitError, systemClock } from "../../lib/base/mod.ts";
import type { Certificate } from "./_certificate.ts";
import type { PeerBench } from "./target.ts";

/** Options of {@linkcode startWebServer}. */
export interface WebServerOptions {
  /** The folder to serve. */
  readonly root: string;
  /** Certificate for TLS; without one the server uses plain HTTP. */
  readonly certificate?: Certificate | undefined;
  /** Limit for each connection in nginx's notation: `50m` is 50 MiB/s. */
  readonly limitRate?: string | undefined;
  /** More parameters of the `listen` directive. */
  readonly listen?: string | undefined;
  /** Directives for the `http` block. */
  readonly http?: string | undefined;
  /** Directives for the `server` block. */
  readonly server?: string | undefined;
}

/** One request from the access log. */
export interface ServedRequest {
  readonly connection: string;
  /** Seconds since the epoch. */
  readonly endedAt: number;
  readonly seconds: number;
  /** Size of the sent body, including bytes that a disconnected client never read. */
  readonly sentBytes: number;
}

/** A running nginx. */
export interface WebServer extends AsyncDisposable {
  readonly origin: string;
  /** Read the requests that were logged since the last call. */
  takeRequests(): Promise<readonly ServedRequest[]>;
  /** Measure the server's processor time since the last call, in seconds; `null` where the system does not tell. */
  takeCpuSeconds(): Promise<number | null>;
}

let count = 0;

/** Start nginx as a single process, on a free port of this machine. Throws `inconclusive` if it does not answer. */
export async function startWebServer(
  bench: Pick<PeerBench, "tools" | "folder">,
  options: WebServerOptions,
): Promise<WebServer> {
  bench.tools.need("nginx");
  const base = join(bench.folder, `nginx-${++count}`);
  await ensureDir(base);
  const port = freePort();
  await Deno.writeTextFile(join(base, "nginx.conf"), configOf(base, port, options));
  const child = new Deno.Command("nginx", {
    args: ["-p", base, "-c", "nginx.conf", "-e", "error.log"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const stop = async () => {
    // nginx may have exited by itself, such as for an unknown directive.
    if (!hasEnded) child.kill("SIGTERM");
    await child.status;
  };
  let hasEnded = false;
  void child.status.then(() => hasEnded = true);
  if (!await waitForPort(port, () => hasEnded)) {
    await stop();
    const log = await Deno.readTextFile(join(base, "error.log")).catch(() => "");
    throw new KitError("inconclusive", `Cannot start nginx: it does not answer. ${log.slice(-300)}`);
  }
  let takenLines = 0;
  let takenSeconds = 0;
  return {
    origin: `${options.certificate === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    async takeRequests() {
      const lines = (await Deno.readTextFile(join(base, "access.log"))).split("\n").filter(Boolean);
      const fresh = lines.slice(takenLines).map(parseLine);
      takenLines = lines.length;
      return fresh;
    },
    async takeCpuSeconds() {
      const total = await readCpuSeconds(child.pid);
      if (total === null) return null;
      const fresh = total - takenSeconds;
      takenSeconds = total;
      return fresh;
    },
    [Symbol.asyncDispose]: stop,
  };
}

function configOf(base: string, port: number, options: WebServerOptions): string {
  const { root, certificate, limitRate, http = "", server = "", listen = "" } = options;
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${join(base, name)};`).join(" ");
  const tls = certificate === undefined
    ? ""
    : `ssl_certificate ${certificate.chain}; ssl_certificate_key ${certificate.key}; ssl_protocols TLSv1.2 TLSv1.3;`;
  return `daemon off; master_process off; pid nginx.pid; error_log error.log;
events { worker_connections 512; }
http {
  ${folders}
  default_type application/octet-stream; sendfile on; tcp_nopush on;
  keepalive_requests 10000000;
  log_format figures '$connection $msec $request_time $body_bytes_sent'; access_log access.log figures;
  ${http}
  server {
    listen 127.0.0.1:${port}${certificate === undefined ? "" : " ssl"} ${listen}; root ${root};
    ${tls} ${limitRate === undefined ? "" : `limit_rate ${limitRate};`}
    ${server}
  }
}
`;
}

function parseLine(line: string): ServedRequest {
  const [connection = "", endedAt, seconds, sentBytes] = line.split(" ");
  return { connection, endedAt: Number(endedAt), seconds: Number(seconds), sentBytes: Number(sentBytes) };
}

/** Clock ticks per second in /proc, which Linux fixes for programs. */
const TICKS = 100;

/** Read the processor time of a process, in user mode and system mode together. */
async function readCpuSeconds(pid: number): Promise<number | null> {
  if (Deno.build.os !== "linux") return null;
  // Deno itself opens this only with all permissions.
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/stat`], stdin: "null" }).output();
  const stat = new TextDecoder().decode(stdout);
  // The name of the program, in parentheses, may contain spaces; utime and stime are fields 14 and 15 of proc(5).
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13).map(Number) as [number, number];
  return (user + system) / TICKS;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function waitForPort(port: number, hasEnded: () => boolean): Promise<boolean> {
  for (let attempt = 0; attempt < 200 && !hasEnded(); attempt++) {
    try {
      using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
      return true;
    } catch {
      // Not listening yet.
      await systemClock.sleep(25);
    }
  }
  return false;
}
