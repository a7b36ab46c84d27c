import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { systemClock } from "../../../lib/base/mod.ts";
import { AdaptiveLimit, type Permit } from "../../../lib/failsafe/mod.ts";
import {
  type ConnectionPermit,
  type ConnectionPermits,
  createFetchTransport,
  LineMemory,
  partPathOf,
  type Profile,
  PROFILES,
  readJournal,
  type TransferEvent,
  type TransferResult,
  UNLIMITED_PERMITS,
} from "../../../lib/transfer/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { type CappedOptions, type CappedServer, serveCapped } from "./_capped_server.ts";
import { someBytes } from "../../helpers/servers/file_server.ts";
import { PendingFiles } from "./_pending_files.ts";
import { type AloneOptions, transferAlone } from "../../helpers/transfer_alone.ts";

const BYTES = someBytes(24 << 20);
const MB = 1_000_000;

interface Bench {
  readonly server: CappedServer;
  readonly path: string;
  readonly events: TransferEvent[];
  readonly lines: LineMemory;
  run(profile: Profile, options?: Partial<AloneOptions> & { hash?: string | null }): Promise<TransferResult>;
}

async function withBench(
  options: CappedOptions & { readonly bytes?: Uint8Array<ArrayBuffer> },
  story: (bench: Bench) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  using transport = createFetchTransport();
  using files = new PendingFiles();
  const clock = new FakeClock();
  await using server = serveCapped(options.bytes ?? BYTES, { ...options, transport: transport.send, clock, files });
  const events: TransferEvent[] = [];
  const lines = new LineMemory();
  const path = join(folder, "style.safetensors");
  const run: Bench["run"] = (profile, { hash = server.sha256, ...more } = {}) =>
    transferAlone({
      path,
      identity: { fileId: 7 },
      sha256: hash,
      resolve: () => Promise.resolve({ url: server.url }),
    }, { transport: server.send, profile, lines, clock, onEvent: (event) => events.push(event), ...more });
  try {
    await story({ server, path, events, lines, run });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Record that the line limits each connection: segments start at once. */
function knowCapped({ lines, server }: Bench): void {
  lines.recordVerdict(new URL(server.url).host, "capped");
}

Deno.test("turbo measures a limit per connection and opens four", () =>
  withBench({ perConnection: 3 * MB }, async ({ server, events, lines, run }) => {
    const result = await run(PROFILES.turbo);
    assertEquals(result.sha256, server.sha256);
    assertEquals([server.peak(), server.ranges[0]?.open], [4, 1]);
    assert(result.fetchedBytes < BYTES.length + (4 << 20), `fetched ${result.fetchedBytes}`);
    assertEquals(events.find((event) => event.type === "connections")?.reason, "one connection is not enough");
    assertEquals(lines.verdict(new URL(server.url).host), "capped");
  }));

Deno.test("turbo returns the hash of a small file that arrives in segments", () =>
  withBench({ perConnection: 4 * MB, bytes: BYTES.slice(0, 6 << 20) }, async (bench) => {
    knowCapped(bench);
    assertEquals((await bench.run(PROFILES.turbo)).sha256, bench.server.sha256);
    assert(bench.server.peak() > 1);
  }));

Deno.test("turbo returns to one connection if more do not increase the rate", () =>
  withBench({ inAll: 7 * MB }, async ({ server, events, lines, run }) => {
    assertEquals((await run(PROFILES.turbo)).sha256, server.sha256);
    assertEquals(lines.verdict(new URL(server.url).host), "full");
    const told = events.filter((event) => event.type === "connections");
    assertEquals(told.at(-1)?.reason, "more connections did not increase the rate");
    const before = server.ranges.length;
    await run(PROFILES.turbo);
    assertEquals(server.ranges.length, before + 1);
  }));

Deno.test("turbo keeps one connection without a limit", () =>
  withBench({}, async ({ server, run }) => {
    // Nothing waits here, so the fake clock would stand still and the pilot would measure nothing.
    assertEquals((await run(PROFILES.turbo, { clock: systemClock })).sha256, server.sha256);
    assertEquals(server.ranges.length, 1);
  }));

Deno.test("a file that began with one connection gets more once the mode allows them", () =>
  withBench({ perConnection: 3 * MB }, async ({ server, run, events }) => {
    let mode = PROFILES.stable;
    const segments = (): number => mode.segments;
    const onEvent = (event: TransferEvent): void => {
      events.push(event);
      const fetched = events.reduce((sum, one) => sum + (one.type === "bytes" ? one.count : 0), 0);
      if (fetched > 6 * MB) mode = PROFILES.turbo;
    };
    assertEquals((await run(PROFILES.stable, { segments, onEvent })).sha256, server.sha256);
    assertEquals([server.peak(), server.ranges[1]!.start > 6 * MB], [4, true]);
  }));

for (const name of ["stable", "resilient", "parallel"] as const) {
  Deno.test(`${name} fetches a file over one connection, however slow it is`, () =>
    withBench({ perConnection: 16 * MB }, async (bench) => {
      knowCapped(bench);
      assertEquals((await bench.run(PROFILES[name])).sha256, bench.server.sha256);
      assertEquals(bench.server.ranges.length, 1);
    }));
}

Deno.test("turbo continues when single connections break, and fetches nothing twice", () =>
  withBench({
    perConnection: 16 * MB,
    fault: ({ index }) => index > 0 && index % 2 === 0 ? 600_000 : undefined,
  }, async (bench) => {
    knowCapped(bench);
    const result = await bench.run(PROFILES.turbo);
    assertEquals(result.sha256, bench.server.sha256);
    assert(result.fetchedBytes < BYTES.length + (4 << 20), `fetched ${result.fetchedBytes}`);
    assert(bench.events.some((event) => event.type === "connections" && event.reason.includes("ended: connection")));
  }));

Deno.test("turbo fetches bytes again that arrived but were not written, even without a hash", () =>
  withBench({ perConnection: 16 * MB }, async (bench) => {
    knowCapped(bench);
    const { write } = Deno.FsFile.prototype;
    let hasFailed = false;
    // A write error of the only connection ends the attempt; with several, the others continue.
    const hasHelpers = () => bench.events.some((event) => event.type === "connections" && event.count > 1);
    Deno.FsFile.prototype.write = function (bytes) {
      if (hasFailed || !hasHelpers()) return write.call(this, bytes);
      hasFailed = true;
      return Promise.reject(new Error("lost"));
    };
    try {
      const result = await bench.run(PROFILES.turbo, { hash: null });
      assertEquals([hasFailed, result.sizeBytes, result.sha256], [true, BYTES.length, bench.server.sha256]);
    } finally {
      Deno.FsFile.prototype.write = write;
    }
  }));

Deno.test("turbo keeps to one connection if the host refuses more", () =>
  withBench({
    perConnection: 16 * MB,
    fault: ({ open }) => open > 1 ? new Response("<Error/>", { status: 403 }) : undefined,
  }, async (bench) => {
    knowCapped(bench);
    const result = await bench.run(PROFILES.turbo);
    assertEquals([result.sha256, result.retries, bench.server.peak()], [bench.server.sha256, 0, 1]);
    assert(bench.server.ranges.length <= 4, `${bench.server.ranges.length} requests`);
  }));

Deno.test("turbo keeps to one connection if the server ignores ranges", () =>
  withBench({
    perConnection: 16 * MB,
    fault: ({ start }) => start > 0 ? new Response(BYTES, { headers: { etag: '"v1"' } }) : undefined,
  }, async (bench) => {
    knowCapped(bench);
    assertEquals((await bench.run(PROFILES.turbo)).sha256, bench.server.sha256);
  }));

Deno.test("turbo opens no more connections than it has permits", () =>
  withBench({ perConnection: 16 * MB }, async (bench) => {
    knowCapped(bench);
    let given = 0;
    const permits: ConnectionPermits = {
      acquire: UNLIMITED_PERMITS.acquire,
      tryAcquire: (host) => ++given > 1 ? null : UNLIMITED_PERMITS.tryAcquire(host),
    };
    assertEquals((await bench.run(PROFILES.turbo, { permits })).sha256, bench.server.sha256);
    assertEquals(bench.server.peak(), 2);
  }));

Deno.test("turbo passes a helper's permit to another file after its stripe", () =>
  withBench({ perConnection: 8 * MB }, async (bench) => {
    knowCapped(bench);
    const limit = new AdaptiveLimit("host", { ceiling: 2, start: 2 });
    const permitOf = (permit: Permit): ConnectionPermit => ({
      recordResponse() {},
      recordFlow() {},
      recordRefusal() {},
      recordFailure() {},
      [Symbol.dispose]: () => permit[Symbol.dispose](),
    });
    const permits: ConnectionPermits = {
      acquire: async (_host, options) => permitOf(await limit.acquire(options)),
      tryAcquire() {
        const permit = limit.tryAcquire();
        return permit === null ? null : permitOf(permit);
      },
    };
    let bytes = 0;
    let other: Promise<void> | undefined;
    let admittedAt = Infinity;
    const onEvent = (event: TransferEvent): void => {
      if (event.type === "bytes") bytes += event.count;
      if (event.type !== "connections" || event.count < 2) return;
      other ??= limit.acquire().then((permit) => {
        admittedAt = bytes;
        permit[Symbol.dispose]();
      });
    };
    assertEquals((await bench.run(PROFILES.turbo, { permits, onEvent })).sha256, bench.server.sha256);
    await other;
    assert(admittedAt < 20 << 20, `the other waited for ${admittedAt} bytes`);
  }));

for (const next of ["stable", "resilient", "parallel", "turbo"] as const) {
  Deno.test(`${next} finishes a stopped file of turbo, and fetches only what is missing`, () =>
    withBench({ perConnection: 8 * MB }, async (bench) => {
      knowCapped(bench);
      const stop = new AbortController();
      let seen = 0;
      const onEvent = (event: TransferEvent): void => {
        if (event.type === "bytes" && (seen += event.count) > 10 * MB) stop.abort(new Error("enough"));
      };
      await assertRejects(() => bench.run(PROFILES.turbo, { signal: stop.signal, onEvent }), Error, "enough");
      const journal = await readJournal(bench.path);
      assert(journal?.extents !== undefined && journal.extents.length > 1);
      const kept = journal.extents.reduce((total, [start, end]) => total + end - start, 0);
      const result = await bench.run(PROFILES[next]);
      assertEquals([result.sha256, result.resumedBytes], [bench.server.sha256, kept]);
      assert(result.fetchedBytes <= BYTES.length - kept + (4 << 20), `fetched ${result.fetchedBytes}`);
      await assertRejects(() => Deno.stat(partPathOf(bench.path)), Deno.errors.NotFound);
    }));
}

Deno.test("a part without gaps relies on its length again after a kill", () =>
  withBench({ perConnection: 8 * MB }, async (bench) => {
    knowCapped(bench);
    const stopAfter = async (profile: Profile, bytes: number): Promise<void> => {
      const stop = new AbortController();
      let seen = 0;
      const onEvent = (event: TransferEvent): void => {
        if (event.type === "bytes" && (seen += event.count) > bytes) stop.abort(new Error("enough"));
      };
      await assertRejects(() => bench.run(profile, { signal: stop.signal, onEvent }), Error, "enough");
    };
    await stopAfter(PROFILES.turbo, 6 * MB);
    assert((await readJournal(bench.path))?.extents !== undefined);
    await stopAfter(PROFILES.stable, 14 * MB);
    assertEquals((await readJournal(bench.path))?.extents, undefined);
    const { size } = await Deno.stat(partPathOf(bench.path));
    const result = await bench.run(PROFILES.stable);
    assertEquals([result.sha256, result.resumedBytes], [bench.server.sha256, size]);
  }));
