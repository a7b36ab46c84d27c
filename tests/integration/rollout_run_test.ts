import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { type PartJournal, readJournal } from "../../lib/transfer/mod.ts";
import { serveRange, type StorageRequest } from "../helpers/servers/sandbox_storage.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { planOf } from "../rollout/_plans.ts";
import { runFailingCanary, withRollout } from "./scenarios/rollout_run.ts";

const HALF = planOf("{ setWeight: 50 }, { pause: until-promoted }, { setWeight: 100 }");
const ONE_FILE = { size: { creators: 1, modelsPerCreator: 1 }, fileBytes: { min: 2_000_000, max: 2_000_000 } };

for (const seed of [1, 2, 3]) {
  Deno.test(`download aborts a canary that fails 30 % of its requests, and completes every file (seed ${seed})`, () =>
    inTempDir(async (folder) => {
      const { state, canaryDownloads, canaryFailures, reason, files, done, wrong } = await runFailingCanary(
        folder,
        seed,
      );
      assertEquals([state, done, wrong], ["degraded", files, 0]);
      // The second or third failure decides, and nothing that ends after it counts.
      assert(canaryFailures === 2 || canaryFailures === 3, `${canaryFailures} failures`);
      assertLessOrEqual(canaryDownloads, 19);
      assertStringIncludes(reason, "canary downloads failed");
    }));
}

Deno.test("download counts the files of canary and baseline, and no others", () =>
  inTempDir((folder) =>
    withRollout({
      folder,
      plan: planOf("{ setWeight: 20 }, { pause: until-promoted }, { setWeight: 100 }"),
      sandbox: {
        size: { creators: 1, modelsPerCreator: 80 },
      },
    }, async ({ root, run, armOfFile }) => {
      const expected = { canary: 0, baseline: 0, rest: 0 };
      const { rollout, warnings } = await run();
      using library = await openLibrary(root, { command: "list", mustExist: true, readOnly: true });
      for (const { fileId } of library.catalog.items({ states: ["done"] })) expected[armOfFile(fileId!, 20)]++;
      assertEquals([rollout.arms.canary.ok, rollout.arms.baseline.ok], [expected.canary, expected.baseline]);
      assert(expected.canary > 5 && expected.baseline > 5 && expected.rest > 20, JSON.stringify(expected));
      // Files of a few kilobytes say nothing about the speed of an engine.
      assertEquals(rollout.arms.speed.comparisons, 0);
      assertEquals(warnings, []);
    })
  ));

Deno.test("download with an aborted rollout fetches one file after another; with a completed one, several at once", () =>
  inTempDir(async (folder) => {
    for (const [name, request, isSerial] of [["a", "abort", true], ["b", "deploy", false]] as const) {
      const sandbox = { size: { creators: 1, modelsPerCreator: 12 } };
      await withRollout({ folder: join(folder, name), plan: HALF, sandbox }, async ({ storage, store, run }) => {
        const deploy = { type: "set-weight", percentage: 100, override: "test" } as const;
        await store.request(request === "abort" ? { type: "abort" } : deploy);
        let active = 0;
        let peak = 0;
        storage.onRequest = (wanted) => {
          peak = Math.max(peak, ++active);
          const body = new ReadableStream<Uint8Array>({
            async start(controller) {
              // Several turns of the event loop, so that another request can overtake.
              for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve));
              active--;
              controller.enqueue(wanted.bytes.subarray(wanted.start));
              controller.close();
            },
          });
          return serveRange(wanted, wanted.bytes.length, body);
        };
        const { result, rollout } = await run();
        assertEquals(Object.keys(result.run!.outcomes), ["done"]);
        assertEquals(peak === 1, isSerial, `${peak} at once`);
        assertEquals(rollout.arms.canary.ok, 0);
      });
    }
  }));

Deno.test("a part that the canary left at 40 % is finished by the stable engine after an abort; its journal shows it", () =>
  inTempDir((folder) =>
    withRollout({ folder, plan: HALF, sandbox: ONE_FILE, wantsCanary: true }, async (place) => {
      const { sandbox, storage, root, store, run, armOfFile } = place;
      const [fact] = [...sandbox.facts()];
      assertEquals(armOfFile(fact!.fileId, 50), "canary");
      const stop = new AbortController();
      storage.onRequest = serveSlowly;
      let received = 0;
      await run({
        signal: stop.signal,
        onEvent(event) {
          if (event.type === "bytes") received += event.count;
          if (received >= 800_000) stop.abort(new Error("enough"));
        },
      }).catch(() => {});
      const path = await pathOf(root);
      const before = await readJournal(path);
      assertEquals(before?.decisions?.map(({ group, profile }) => `${group} ${profile}`), ["canary turbo"]);
      await store.request({ type: "abort" });
      let during: PartJournal | null = null;
      let resumedFrom = 0;
      storage.onRequest = (wanted) => {
        resumedFrom = wanted.start;
        const body = new ReadableStream<Uint8Array>({
          async start(controller) {
            for (let turn = 0; turn < 200 && (during?.decisions?.length ?? 0) < 2; turn++) {
              await new Promise((resolve) => setTimeout(resolve));
              during = await readJournal(path);
            }
            controller.enqueue(wanted.bytes.subarray(wanted.start));
            controller.close();
          },
        });
        return serveRange(wanted, wanted.bytes.length, body);
      };
      const { result } = await run();
      assertEquals(result.run?.outcomes, { done: 1 });
      assert(resumedFrom >= 700_000, `${resumedFrom}`);
      const shown = (during as PartJournal | null)?.decisions?.map(({ group, profile }) => `${group} ${profile}`);
      assertEquals(shown, ["canary turbo", "rest stable"]);
      assertEquals((during as PartJournal | null)?.decisions?.at(-1)?.fromBytes, resumedFrom);
      assertEquals(await sha256Of(path), await sandbox.sha256Of(fact!.fileId));
    })
  ));

Deno.test("an abort by another process interrupts the canary's file under way, and the stable engine finishes it", () =>
  inTempDir((folder) =>
    withRollout({ folder, plan: HALF, sandbox: ONE_FILE, wantsCanary: true }, async (place) => {
      const { sandbox, storage, root, store, run } = place;
      const [fact] = [...sandbox.facts()];
      const starts: number[] = [];
      storage.onRequest = (wanted) => {
        starts.push(wanted.start);
        if (starts.length > 1) return undefined;
        return serveSlowly(wanted);
      };
      let abort: Promise<unknown> | undefined;
      let received = 0;
      const { result, events } = await run({
        onEvent(event) {
          if (event.type === "bytes") received += event.count;
          if (received > 400_000) abort ??= store.request({ type: "abort", reason: "test" });
        },
      });
      await abort;
      assertEquals(result.run?.outcomes, { done: 1 });
      assertEquals(starts[0], 0);
      assert(starts.length === 2 && starts[1]! > 300_000, `${starts}`);
      const told = events.filter((event) => event.type === "rollout").map(({ action, to, by }) => [action, to, by]);
      assertEquals(told, [["follow", "running", "program"], ["abort", "degraded", "person"]]);
      assertEquals(await sha256Of(await pathOf(root)), await sandbox.sha256Of(fact!.fileId));
    })
  ));

/** Send 4 KB every 2 ms. */
function serveSlowly(wanted: StorageRequest): Response {
  let position = wanted.start;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      controller.enqueue(wanted.bytes.subarray(position, position += 4096));
      if (position >= wanted.bytes.length) controller.close();
    },
  });
  return serveRange(wanted, wanted.bytes.length, body);
}

async function pathOf(root: string): Promise<string> {
  using library = await openLibrary(root, { command: "list", mustExist: true, readOnly: true });
  return join(root, [...library.catalog.items({ kinds: ["file"] })][0]!.path);
}

async function sha256Of(path: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return new Uint8Array(digest).toHex().toUpperCase();
}
