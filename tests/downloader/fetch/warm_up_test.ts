import { assert, assertEquals } from "@std/assert";
import { parseHostTimeout } from "../../../lib/base/mod.ts";
import { runQueue } from "../../../lib/downloader/mod.ts";
import { HostTimeouts } from "../../../lib/failsafe/mod.ts";
import { createSocketTransport, PROFILES, type SocketTransport } from "../../../lib/transfer/mod.ts";
import { withBench } from "../../helpers/library/download_bench.ts";

const OPTIONS = { reserveBytes: 0, hasVersionFolders: true };

Deno.test("runQueue() opens connections ahead to the hosts of the last files, within its limit", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 12 } }, async (bench) => {
    using transport = createSocketTransport({ userAgent: "test/1" });
    const warmed: string[] = [];
    const warm: typeof transport.warm = async (url, request) => {
      warmed.push(url);
      await transport.warm(url, request);
    };
    const context = bench.options({ transport: transport.send, warm, profile: PROFILES.turbo });
    await bench.plan(bench.everything.slice(0, 6));
    assertEquals((await runQueue(context, OPTIONS)).outcomes, { done: 6 });
    assertEquals(warmed, []);
    await bench.plan(bench.everything.slice(6));
    assertEquals((await runQueue(context, OPTIONS)).outcomes, { done: 6 });
    assert(warmed.length > 0 && warmed.length <= 4, `${warmed.length} warmed`);
    assertEquals(new Set(warmed), new Set([bench.sandbox.storageOrigin]));
    const peak = bench.sandbox.log.peakConnections.storage;
    assert(peak <= 4, `${peak} connections`);
  }));

Deno.test("runQueue() connects ahead with the timeouts of the host", () =>
  withBench({}, async (bench) => {
    const { host } = new URL(bench.sandbox.storageOrigin);
    const limits: unknown[] = [];
    const warm: SocketTransport["warm"] = (_url, { connectTimeoutMs, tlsTimeoutMs } = {}) => {
      limits.push([connectTimeoutMs, tlsTimeoutMs]);
      return Promise.resolve();
    };
    bench.library.catalog.setNote("storage-origin", bench.sandbox.storageOrigin);
    await bench.plan();
    const hostTimeouts = new HostTimeouts([`${host} connect 7s`, `${host} tls 8s`].map(parseHostTimeout));
    await runQueue(bench.options({ warm, hostTimeouts, profile: PROFILES.parallel }), OPTIONS);
    assertEquals(limits[0], [7000, 8000]);
  }));

Deno.test("runQueue() fails no item if connecting ahead fails", () =>
  withBench({}, async (bench) => {
    const warm = () => Promise.reject(new Error("no way"));
    bench.library.catalog.setNote("storage-origin", "http://127.0.0.1:9");
    await bench.plan();
    const summary = await runQueue(bench.options({ warm, profile: PROFILES.parallel }), OPTIONS);
    assertEquals(summary.outcomes, { done: 3 });
  }));

Deno.test("runQueue() does not wait at its end for a host that does not respond", () =>
  withBench({}, async (bench) => {
    let waited = false;
    const warm = (_url: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<void> =>
      new Promise((_resolve, reject) => {
        const late = setTimeout(() => {
          waited = true;
          reject(new Error("late"));
        }, 10_000);
        signal?.addEventListener("abort", () => {
          clearTimeout(late);
          reject(signal.reason);
        });
      });
    bench.library.catalog.setNote("storage-origin", "http://127.0.0.1:9");
    await bench.plan();
    const summary = await runQueue(bench.options({ warm, profile: PROFILES.parallel }), OPTIONS);
    assertEquals(summary.outcomes, { done: 3 });
    assert(!waited);
  }));

Deno.test("runQueue() connects ahead to no stored host that is not an origin", () =>
  withBench({}, async (bench) => {
    bench.library.catalog.setNote("storage-origin", "null");
    await bench.plan();
    const warm = () => Promise.resolve();
    const summary = await runQueue(bench.options({ warm, profile: PROFILES.parallel }), OPTIONS);
    assertEquals(summary.outcomes, { done: 3 });
  }));
