import { SteadyTicker } from "../../lib/monitor/steady_ticker.ts";

/** Ticks forever, and reports it on standard output. */
const encoder = new TextEncoder();
await new SteadyTicker({ intervalMs: 50 }).run(async (tick) => {
  await Deno.stdout.write(encoder.encode(`${JSON.stringify(tick)}\n`));
}, { signal: new AbortController().signal });
