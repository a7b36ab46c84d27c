import { assert, assertEquals } from "@std/assert";
import { SidecarWriter } from "../../../lib/downloader/sidecars/sidecar_writer.ts";
import type { CatalogItem } from "../../../lib/library/mod.ts";
import { becomes } from "../../helpers/becomes.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { type Bench, withBench } from "../../helpers/library/download_bench.ts";
import { put } from "../../helpers/library/kept_library.ts";

/** A clock whose sleeps end when the test says so, or with their signal. */
class HeldClock extends FakeClock {
  #wake: (() => void) | undefined;

  override sleep(_ms: number, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wake = resolve;
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  }

  wake(): void {
    this.#wake?.();
  }
}

/** Files that are done, and a writer of their sidecars. */
async function withDone(
  count: number,
  story: (items: readonly CatalogItem[], writer: SidecarWriter, clock: HeldClock, bench: Bench) => Promise<void>,
): Promise<void> {
  await withBench({ size: { creators: 1, modelsPerCreator: count } }, async (bench) => {
    const { library, context } = bench;
    await bench.plan();
    const planned = [...library.catalog.items({ kinds: ["file"] })];
    for (const { key, path } of planned) {
      await put(library, path, "weights");
      library.catalog.markDone(key, {
        sha256: "a".repeat(64),
        actualBytes: 7,
        mtimeMs: 1,
        etag: null,
        outcome: "done",
      });
    }
    const clock = new HeldClock();
    const writer = new SidecarWriter({ ...context, clock }, { hasVersionFolders: true });
    await story(planned, writer, clock, bench);
  });
}

function countWritten({ library: { catalog } }: Bench, items: readonly CatalogItem[]): number {
  return items.filter(({ key }) => catalog.item(key)?.sidecarDigest !== null).length;
}

Deno.test("SidecarWriter writes what has come when its wait for a batch is over", () =>
  withDone(3, async (items, writer, clock, bench) => {
    for (const item of items) await writer.add(item);
    assertEquals(countWritten(bench, items), 0);
    clock.wake();
    assert(await becomes(() => countWritten(bench, items) === 3, 5000));
  }));

Deno.test("SidecarWriter waits no longer for a whole batch, or when the queue is flushed", () =>
  withDone(17, async (items, writer, _clock, bench) => {
    for (const item of items.slice(0, 16)) await writer.add(item);
    assert(await becomes(() => countWritten(bench, items) === 16, 5000));
    await writer.add(items[16]!);
    await writer.flush();
    assertEquals(countWritten(bench, items), 17);
  }));
