import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import type { Clock } from "../../../lib/base/mod.ts";
import { type Line, type PartJournal, readJournal, type TransferRequest } from "../../../lib/transfer/mod.ts";
import { HeldBytes } from "../../../lib/transfer/part/_held_bytes.ts";
import { TransferState } from "../../../lib/transfer/_transfer_state.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

const MIB = 1 << 20;
const TOTAL = 1000 * MIB;

interface Bench {
  readonly held: HeldBytes;
  readonly state: TransferState;
  readonly path: string;
  readonly clock: FakeClock;
}

/** Run a story on a part with a gap whose journal is on the disk. */
async function withGap(story: (bench: Bench) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const clock = new FakeClock();
  const path = join(folder, "a.safetensors");
  const request: TransferRequest = { path, identity: {}, resolve: () => Promise.reject(new Error("nobody asks")) };
  // The journal depends on no other option.
  const state = new TransferState(request, { clock: clock as Clock } as Line, {});
  const journal: PartJournal = { version: 1, identity: {}, totalBytes: TOTAL, etag: null, blocks: [] };
  state.journal = { ...journal, extents: [[0, MIB], [2 * MIB, 3 * MIB]] };
  state.saveJournal();
  await state.journalSaved();
  try {
    await story({ held: new HeldBytes(state, state.journal.extents!, TOTAL), state, path, clock });
  } finally {
    await state.journalSaved().catch(() => {});
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("HeldBytes requires a wait while the journal lags half a percent behind", () =>
  withGap(async ({ held, path }) => {
    held.add([3 * MIB, 8 * MIB]);
    assertEquals(held.caughtUp(), undefined);
    // No save can end before the wait.
    held.add([8 * MIB, 9 * MIB]);
    const wait = held.caughtUp();
    assert(wait !== undefined);
    await wait;
    assertEquals((await readJournal(path))?.extents, [[0, MIB], [2 * MIB, 9 * MIB]]);
    assertEquals(held.caughtUp(), undefined);
  }));

Deno.test("HeldBytes updates the journal after 50 ms or 2 MiB, whichever comes first", () =>
  withGap(async ({ held, state, path, clock }) => {
    const extents = async () => {
      await state.journalSaved();
      return (await readJournal(path))?.extents?.at(-1);
    };
    clock.advance(49);
    held.add([3 * MIB, 4 * MIB]);
    assertEquals(await extents(), [2 * MIB, 3 * MIB]);
    held.add([4 * MIB, 5 * MIB]);
    assertEquals(await extents(), [2 * MIB, 5 * MIB]);
    clock.advance(49);
    held.add([5 * MIB, 6 * MIB]);
    assertEquals(await extents(), [2 * MIB, 5 * MIB]);
    clock.advance(1);
    held.add([6 * MIB, 6 * MIB + 1]);
    assertEquals(await extents(), [2 * MIB, 6 * MIB + 1]);
  }));

Deno.test("HeldBytes rejects the wait if the journal cannot be written", () =>
  withGap(async ({ held, path }) => {
    await Deno.remove(`${path}.part.json`);
    await Deno.mkdir(`${path}.part.json`);
    held.add([3 * MIB, 90 * MIB]);
    await assertRejects(() => held.caughtUp()!);
  }));

Deno.test("HeldBytes relies on the length again without gaps", () =>
  withGap(async ({ held, state, path }) => {
    held.join(3 * MIB);
    assert(held.isScattered, "there is a gap");
    held.add([MIB, 2 * MIB]);
    held.join(4 * MIB);
    assert(held.isScattered, "something stands behind what is held");
    held.join(3 * MIB);
    assert(!held.isScattered);
    await state.journalSaved();
    assertEquals((await readJournal(path))?.extents, undefined);
    held.add([3 * MIB, 900 * MIB]);
    assertEquals(held.caughtUp(), undefined);
  }));

Deno.test("HeldBytes records extents again when connections are added", () =>
  withGap(async ({ held, path }) => {
    held.add([MIB, 2 * MIB]);
    held.join(3 * MIB);
    held.add([3 * MIB, 5 * MIB]);
    await held.scatter();
    assertEquals((await readJournal(path))?.extents, [[0, 5 * MIB]]);
  }));
