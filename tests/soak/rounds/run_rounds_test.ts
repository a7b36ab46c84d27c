import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { EvidenceError, KitError, openEvidence } from "../../../lib/base/mod.ts";
import { readRounds, type RoundsPlace, type RoundsReport, type RoundWork, runRounds } from "../../../lib/soak/mod.ts";
import type { RoundsForm } from "../../../lib/soak/rounds/run_rounds.ts";
import { judgeClaim } from "../../../lib/judge/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { workerHostOf } from "../../helpers/worker_host.ts";

interface Settings {
  readonly seed: number;
  readonly size: number;
}

interface Round {
  readonly round: number;
  readonly lane: number;
}

type Form = RoundsForm<Settings, Round, { readonly note: string }>;
type Report = RoundsReport<Settings, Round>;

const SCHEMA = "civitai-dl/example";
const work: RoundWork<Round> = (round, { lane }) => Promise.resolve({ round, lane });

/** Three rounds that count themselves; the claim is that there are three. */
function formOf(changes: Partial<Form> = {}): Form {
  return {
    command: "example",
    schema: SCHEMA,
    settings: { seed: 1, size: 2 },
    rounds: 3,
    lanes: 1,
    open: () => Promise.resolve(work),
    judge: ({ length: trials }) => [
      judgeClaim({ id: "all", kind: "amount", unit: "", estimate: 0, trials, requirement: { op: "=", value: 0 } }, {
        minCount: 3,
      }),
    ],
    factsOf: (rounds) => ({ note: `${rounds.length} done` }),
    ...changes,
  };
}

async function inPlace(test: (place: RoundsPlace, work: string) => Promise<void>): Promise<void> {
  await inTempDir(async (folder) => {
    const workFolder = join(folder, "work");
    await test({ path: join(folder, "example.json"), isResumed: false, workFolder }, workFolder);
  });
}

Deno.test("runRounds() is stopped after a round, keeps it, and goes on with the next one", () =>
  inPlace(async (place, workFolder) => {
    const stop = new AbortController();
    const host = workerHostOf<{ readonly done: readonly Round[] }>({
      signal: stop.signal,
      onProgress: ({ done }) => done.length === 1 && stop.abort(new Error("enough")),
    });
    const first = await runRounds(host, formOf(), place);
    assertEquals([first.verdict, first.end], ["aborted", { type: "signal", reason: "Error: enough" }]);
    assertEquals([first.rounds, first.claims[0]!.trials, first.note], [[{ round: 0, lane: 0 }], 1, "1 done"]);
    // Nothing is left of the round that was under way.
    assertEquals(await Array.fromAsync(Deno.readDir(workFolder)), []);

    const whole = await runRounds(workerHostOf(), formOf(), { ...place, isResumed: true });
    assertEquals([whole.verdict, whole.end, whole.sittings.map(({ rounds }) => rounds)], [
      "pass",
      { type: "planned" },
      [1, 2],
    ]);
    assertEquals(whole.startedAt, first.startedAt);
    const written: unknown = openEvidence(await Deno.readTextFile(place.path), { schema: SCHEMA });
    assertEquals(written, whole);
  }));

Deno.test("runRounds() neither replaces a report nor continues one that is complete or of another run", () =>
  inPlace(async (place) => {
    await runRounds(workerHostOf(), formOf(), place);
    const resumed = { ...place, isResumed: true };
    const commit = { sha: "", isDirty: false, ref: "main" };
    await assertRejects(() => runRounds(workerHostOf(), formOf(), place), KitError, "belongs to an earlier run");
    await assertRejects(() => runRounds(workerHostOf(), formOf(), resumed), KitError, "complete after 3 rounds");
    await assertRejects(
      () => runRounds(workerHostOf({ commit }), formOf(), resumed),
      KitError,
      "the run was started with commit 4f1d2c0",
    );
    await assertRejects(
      () => runRounds(workerHostOf(), formOf({ rounds: 4, settings: { seed: 1, size: 3 } }), resumed),
      KitError,
      "different settings",
    );
    assertEquals((await readRounds<Report>(place.path, SCHEMA)).rounds.length, 3);
  }));

Deno.test("runRounds() does several rounds at a time, and lists them by their number", () =>
  inPlace(async (place) => {
    const isLast = Promise.withResolvers<void>();
    const open = () =>
      Promise.resolve<RoundWork<Round>>(async (round, { lane }) => {
        // The first round is done only when the last one is.
        if (round === 0) await isLast.promise;
        if (round === 2) isLast.resolve();
        return { round, lane };
      });
    const { rounds } = await runRounds(workerHostOf(), formOf({ lanes: 2, open }), place);
    assertEquals(rounds, [{ round: 0, lane: 0 }, { round: 1, lane: 1 }, { round: 2, lane: 1 }]);
  }));

Deno.test("runRounds() ends all lanes if one breaks, closes the work, and throws its error", () =>
  inPlace(async (place, workFolder) => {
    let isClosed = false;
    const open: Form["open"] = ({ stack }) => {
      stack.defer(() => void (isClosed = true));
      return Promise.resolve(async (round, { signal }) => {
        if (round === 1) throw new RangeError("no such round");
        return await new Promise<Round>((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        });
      });
    };
    await assertRejects(
      () => runRounds(workerHostOf(), formOf({ lanes: 2, open }), place),
      RangeError,
      "no such round",
    );
    assertEquals([isClosed, await Array.fromAsync(Deno.readDir(workFolder))], [true, []]);
  }));

Deno.test("runRounds() begins nothing without the space that it needs", () =>
  inPlace(async (place) => {
    const form = formOf({ neededBytes: 2 ** 60 });
    await assertRejects(() => runRounds(workerHostOf(), form, place), KitError, "1048576.00 TiB wanted");
  }));

Deno.test("readRounds() refuses what is not the report of such a run", () =>
  inPlace(async ({ path }) => {
    await assertRejects(() => readRounds(path, SCHEMA), KitError, "Cannot resume");
    await Deno.writeTextFile(path, `{"schema": "${SCHEMA}", "version": 1}`);
    await assertRejects(() => readRounds(path, SCHEMA), EvidenceError);
  }));
