/**
 * Measures the bandwidth limit for real: 20 MB/s over 10 s, with 1 and with 4 connections, against a server in a
 * process of its own. Bounds: within 5 % over the ten seconds, and the server could do more.
 * Takes half a minute: `deno run -q -P=acceptance tests/perf/limit_rate.ts`
 *
 * @module
 */
import { createFetchTransport, parseRateSchedule, RateLimiter } from "../../lib/transfer/mod.ts";
import { reportFigures } from "../helpers/report_figures.ts";

const SECONDS = 10;
const RATE = 20_000_000;

interface Figures {
  readonly connections: number;
  readonly bytesPerSecond: number;
  /** The slowest and the fastest single second. */
  readonly worst: readonly [number, number];
}

/** Take bytes over some connections for a while, paying for each. */
async function measure(url: string, rate: string, connections: number): Promise<Figures> {
  using transport = createFetchTransport();
  const limiter = new RateLimiter({ schedule: parseRateSchedule(rate) });
  const stop = new AbortController();
  let total = 0;
  const readers = Array.from({ length: connections }, async () => {
    await using response = await transport.send(url, { headers: {}, signal: stop.signal });
    const buffer = new Uint8Array(1024 * 1024);
    while (true) {
      const count = await response.read(buffer) ?? 0;
      await limiter.take(count, { signal: stop.signal });
      total += count;
    }
  });
  // The first second has the connects and the accumulated credit.
  await wait(1000);
  const start = performance.now();
  const before = total;
  const seconds: number[] = [];
  let last = before;
  let lastAt = start;
  while (seconds.length < SECONDS) {
    await wait(1000);
    const now = performance.now();
    seconds.push((total - last) / (now - lastAt) * 1000);
    last = total;
    lastAt = now;
  }
  const bytesPerSecond = (total - before) / (performance.now() - start) * 1000;
  stop.abort();
  await Promise.allSettled(readers);
  return { connections, bytesPerSecond, worst: [Math.min(...seconds), Math.max(...seconds)] };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

if (import.meta.main) {
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--allow-net=127.0.0.1", `${import.meta.dirname}/_stream_server.ts`],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const { value } = await server.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  const url = `http://127.0.0.1:${value!.trim()}/`;
  const figures: Figures[] = [];
  for (const connections of [1, 4]) figures.push(await measure(url, `${RATE}`, connections));
  const free = await measure(url, "0", 1);
  server.kill("SIGKILL");
  await server.status;
  reportFigures({ limited: figures, unlimited: free }, [
    ...figures.map(({ connections, bytesPerSecond }) => ({
      name: `${connections} connections within 5 %`,
      isMet: Math.abs(bytesPerSecond / RATE - 1) <= 0.05,
    })),
    { name: "the server could do more", isMet: free.bytesPerSecond > 1.5 * RATE },
  ]);
}
