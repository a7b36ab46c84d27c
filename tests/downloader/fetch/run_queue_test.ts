import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { runQueue, type RunQueueOptions } from "../../../lib/downloader/mod.ts";
import { RETRY_POLICY } from "../../../lib/failsafe/mod.ts";
import { PROFILES, type Transport } from "../../../lib/transfer/mod.ts";
import { plannedFile } from "../../helpers/library/kept_library.ts";
import { type Bench, NO_IMAGES, outcomesOf, withBench } from "../../helpers/library/download_bench.ts";

const OPTIONS: RunQueueOptions = { reserveBytes: 0, hasVersionFolders: true };
const DAY_MS = 86_400_000;

function states({ library }: Bench): readonly string[] {
  return [...library.catalog.items({ kinds: ["file"] })].map((item) => item.state);
}

Deno.test("runQueue() fetches everything planned, with sidecars, and a second run sends no request", () =>
  withBench({}, async (bench) => {
    const { runId } = await bench.plan();
    const summary = await runQueue(bench.options(), { ...OPTIONS, runId });
    assertEquals([summary.outcomes, summary.failed, summary.stopped], [{ done: 3 }, [], null]);
    assertEquals(summary.fetchedBytes, bench.sandbox.log.storageBytes);
    for (const item of bench.library.catalog.items()) {
      const beside = join(bench.library.root, item.path.replace(/\.\w+$/, ".civitai.info"));
      assertEquals(JSON.parse(await Deno.readTextFile(beside)).id, item.versionId);
    }
    bench.sandbox.log.clear();
    const again = await bench.plan();
    assertEquals((await runQueue(bench.options(), { ...OPTIONS, runId: again.runId })).outcomes, {});
    assertEquals([bench.sandbox.log.downloadHits, bench.sandbox.log.storageBytes], [0, 0]);
  }));

Deno.test("runQueue() records the outcome of each file and stops for none", () =>
  withBench({
    size: { creators: 1, modelsPerCreator: 12 },
    outcomes: { removed: 0.08, noAccess: 0.08, region: 0.08, archived: 0.08, downloadsDisabled: 0.08 },
  }, async (bench) => {
    const { runId, report } = await bench.plan();
    const summary = await runQueue(bench.options(), { ...OPTIONS, runId });
    const named = { done: 7, removed: 1, forbidden: 1, region: 1, disabled: 1 };
    assertEquals(summary.outcomes, named);
    assertEquals(report.data().refused, { archived: 1 });
    assertEquals(summary.failed, []);
    assertEquals(outcomesOf(bench.events), named);
  }));

Deno.test("runQueue() counts failures beyond the ones it lists", () =>
  withBench({}, async (bench) => {
    const { catalog } = bench.library;
    catalog.transaction(() => {
      for (let id = 1; id <= 1200; id++) {
        const key = `image:${id}`;
        const path = `images/a/${id}.jpeg`;
        catalog.plan({ ...plannedFile(id), key, path, kind: "image", imageId: id, source: "no address" }, 1);
      }
    });
    const { outcomes, failed } = await runQueue(bench.options(), { ...OPTIONS, runId: 1 });
    assertEquals([outcomes, failed.length], [{ failed: 1200 }, 1000]);
  }));

Deno.test("runQueue() lists files that need a login, and how to fetch them", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 1 }, requireLogin: 1, token: "another" }, async (bench) => {
    await bench.plan();
    const { createClient } = await import("../../../lib/civitai/mod.ts");
    const { clock } = bench;
    const client = createClient({ baseUrl: bench.sandbox.apiOrigin, clock, downloadRate: Infinity });
    const summary = await runQueue(bench.options({ client }), OPTIONS);
    assertEquals([summary.outcomes, states(bench)], [{ login: 1 }, ["failed"]]);
    assertEquals(summary.failed.map(({ failure, target }) => [failure, target]), [
      [
        "login",
        `https://civitai.com/api/download/models/${bench.firstItem().versionId}?fileId=${bench.firstItem().fileId}`,
      ],
    ]);
  }));

Deno.test("runQueue() stops when the service fails file after file", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 9 } }, async (bench) => {
    await bench.plan();
    bench.sandbox.setToxics([{ type: "serverError", rate: 1, status: 503, on: ["download"] }]);
    const summary = await runQueue(bench.options({ maxRetries: 0 }), OPTIONS);
    assertEquals([summary.stopped?.code, summary.failed.length], ["network", 5]);
    assertEquals(states(bench).filter((state) => state === "planned").length, 4);
  }));

Deno.test("runQueue() names the preview in the sidecar as it is on disk", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 6 }, imagesPerVersion: { min: 1, max: 1 } }, async (bench) => {
    await bench.plan(bench.everything, { ...NO_IMAGES, previews: 1 });
    await runQueue(bench.options(), OPTIONS);
    const { catalog, root } = bench.library;
    const previews = [...catalog.items({ kinds: ["preview"], states: ["done"] })];
    assert(previews.some((item) => !item.path.endsWith(".jpeg")), "every preview is a JPEG: nothing is shown");
    for (const preview of previews) {
      const beside = join(root, preview.path.replace(/\.preview\.\w+$/, ".metadata.json"));
      assertEquals(JSON.parse(await Deno.readTextFile(beside)).preview_url, join(root, preview.path));
    }
  }));

Deno.test("runQueue() defers early access, and fetches it after its date", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 1 }, outcomes: { earlyAccess: 1 } }, async (bench) => {
    await bench.plan();
    assertEquals(states(bench), ["deferred"]);
    assertEquals((await runQueue(bench.options(), OPTIONS)).outcomes, {});
    assertEquals(bench.sandbox.log.downloadHits, 0);
    bench.clock.advance(15 * DAY_MS);
    bench.sandbox.advance(15 * DAY_MS);
    assertEquals([(await runQueue(bench.options(), OPTIONS)).outcomes, states(bench)], [{ done: 1 }, ["done"]]);
  }));

Deno.test("runQueue() stores the end of early access that the server returns", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 1 }, outcomes: { earlyAccess: 1 } }, async (bench) => {
    await bench.plan();
    const { key } = bench.firstItem();
    bench.library.catalog.mark(key, { state: "planned", outcome: null, reason: null });
    assertEquals((await runQueue(bench.options(), OPTIONS)).outcomes, { "early-access": 1 });
    const { state, notBefore } = bench.firstItem();
    assertEquals([state, (notBefore ?? 0) > bench.clock.now()], ["deferred", true]);
  }));

Deno.test("runQueue() permanently refuses paid files that never become free", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 1 }, outcomes: { permanentlyPaid: 1 } }, async (bench) => {
    await bench.plan();
    bench.library.catalog.mark(bench.firstItem().key, { state: "planned", outcome: null, reason: null });
    await runQueue(bench.options(), OPTIONS);
    assertEquals(states(bench), ["refused"]);
  }));

Deno.test("runQueue() stops when the daily download quota is used up", () =>
  withBench({ downloadQuota: 1 }, async (bench) => {
    await bench.plan();
    const summary = await runQueue(bench.options(), OPTIONS);
    assertEquals([summary.stopped?.code, summary.outcomes], ["network", { done: 1 }]);
    assertEquals(states(bench), ["done", "planned", "planned"]);
  }));

Deno.test("runQueue() rethrows unexpected errors", () =>
  withBench({}, async (bench) => {
    await bench.plan();
    const bug = new TypeError("a bug");
    const transport: Transport = () => Promise.reject(bug);
    const stop = AbortSignal.abort(bug);
    assertEquals(await runQueue(bench.options({ transport, signal: stop }), OPTIONS).catch((error) => error), bug);
  }));

Deno.test("runQueue() stops when five consecutive files find no connection", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 8 } }, async (bench) => {
    await bench.plan();
    const transport: Transport = () => Promise.reject(new Deno.errors.ConnectionRefused("refused"));
    const summary = await runQueue(bench.options({ transport, maxRetries: 0 }), OPTIONS);
    assertEquals(summary.stopped?.code, "network");
    assertEquals(states(bench).filter((state) => state === "failed").length, 5);
  }));

Deno.test("runQueue() retries temporary failures at the end", () =>
  withBench({}, async (bench) => {
    await bench.plan();
    bench.sandbox.setToxics([{ type: "serverError", status: 503, on: ["storage"], first: 1 }]);
    const summary = await runQueue(bench.options({ maxRetries: 0 }), OPTIONS);
    assertEquals([summary.outcomes, summary.failed], [{ done: 3 }, []]);
    assertEquals(bench.events.filter((event) => event.type === "pass"), [{
      type: "pass",
      number: 2,
      remaining: 3,
      leftOut: 0,
    }]);
  }));

Deno.test("runQueue() gives up after three passes and names what failed", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 1 } }, async (bench) => {
    await bench.plan();
    bench.sandbox.setToxics([{ type: "serverError", status: 500, on: ["storage"] }]);
    const summary = await runQueue(bench.options({ maxRetries: 0 }), OPTIONS);
    assertEquals([summary.outcomes, summary.failed.length, bench.firstItem().attempts], [{ failed: 1 }, 1, 3]);
  }));

const { passes, retries } = RETRY_POLICY.file;
for (const maxRetries of [0, 2, undefined]) {
  Deno.test(`runQueue() requests a failing file as often as the retry policy allows, with maxRetries ${maxRetries}`, () =>
    withBench({ size: { creators: 1, modelsPerCreator: 1 } }, async (bench) => {
      await bench.plan();
      let asked = 0;
      const transport: Transport = () => {
        asked++;
        return Promise.reject(new Deno.errors.ConnectionReset("reset"));
      };
      await runQueue(bench.options({ transport, maxRetries }), OPTIONS);
      // Every pass makes a first attempt and its retries.
      assertEquals(asked, passes * (1 + (maxRetries ?? retries)));
    }));
}

Deno.test("runQueue() sets aside permanently corrupt files and names each once", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 1 }, outcomes: { staleHash: 1 } }, async (bench) => {
    await bench.plan();
    const summary = await runQueue(bench.options(), OPTIONS);
    assertEquals([summary.outcomes, states(bench)], [{ corrupted: 1 }, ["corrupted"]]);
    assertEquals(summary.failed.map((item) => item.failure), ["integrity"]);
  }));

Deno.test("runQueue() stops with a hint about the disk if the folder is unusable", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 1 } }, async (bench) => {
    await bench.plan();
    // A file has the path of the model's folder.
    await Deno.writeTextFile(join(bench.library.root, bench.firstItem().path.split("/")[0]!), "");
    const summary = await runQueue(bench.options(), OPTIONS);
    assertEquals(summary.stopped?.code, "unsafe");
    assertStringIncludes(summary.stopped!.message, "Stopped:");
  }));

Deno.test("runQueue() stops with a hint about the disk if the library disappears", () =>
  withBench({}, async (bench) => {
    await bench.plan();
    const { root } = bench.library;
    const away = `${root}-away`;
    const context = bench.options();
    const onEvent: typeof context.onEvent = (event) => {
      context.onEvent(event);
      if (event.type === "end") Deno.renameSync(root, away);
    };
    try {
      const summary = await runQueue(bench.options({ profile: PROFILES.stable, onEvent }), OPTIONS);
      assertEquals([summary.outcomes, summary.stopped?.code], [{ done: 1 }, "unsafe"]);
      assertStringIncludes(summary.stopped!.message, "is gone: nothing is there now");
      assertStringIncludes(summary.stopped!.hint!, "Mount its disk");
      assertEquals(await Deno.stat(root).catch((error) => error.name), "NotFound");
    } finally {
      await Deno.rename(away, root);
    }
  }));

Deno.test("runQueue() writes sidecars that a killed run did not write", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 1 } }, async (bench) => {
    await bench.plan();
    await runQueue(bench.options(), OPTIONS);
    const info = join(bench.library.root, bench.firstItem().path.replace(/\.\w+$/, ".civitai.info"));
    await Deno.remove(info);
    bench.library.catalog.setSidecarDigest(bench.firstItem().key, null);
    await runQueue(bench.options(), OPTIONS);
    assert((await Deno.stat(info)).isFile);
  }));

Deno.test("runQueue() stops with the name of a due sidecar that the disk does not give", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 1 } }, async (bench) => {
    await bench.plan();
    await runQueue(bench.options(), OPTIONS);
    const { key, path } = bench.firstItem();
    const info = path.replace(/\.\w+$/, ".civitai.info");
    await Deno.remove(join(bench.library.root, info));
    await Deno.mkdir(join(bench.library.root, info));
    bench.library.catalog.setSidecarDigest(key, null);
    const { stopped } = await runQueue(bench.options(), OPTIONS);
    assertEquals([stopped?.code, stopped?.failure], ["unsafe", "disk"]);
    assertStringIncludes(stopped!.message, `Cannot read "${info}"`);
  }));

Deno.test("runQueue() reports a sidecar that it left unchanged because the user edited it", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 1 } }, async (bench) => {
    await bench.plan();
    const info = join(bench.library.root, bench.firstItem().path.replace(/\.\w+$/, ".civitai.info"));
    await Deno.mkdir(join(info, ".."), { recursive: true });
    await Deno.writeTextFile(info, "not JSON: mine");
    await runQueue(bench.options(), OPTIONS);
    assertEquals(await Deno.readTextFile(info), "not JSON: mine");
    assert(bench.events.some((event) => event.type === "warning" && event.message.includes(".civitai.info")));
  }));

Deno.test("runQueue() takes only items that its run has planned", () =>
  withBench({}, async (bench) => {
    await bench.plan(bench.everything.slice(0, 2));
    const second = await bench.plan(bench.everything.slice(2));
    assertEquals((await runQueue(bench.options(), { ...OPTIONS, runId: second.runId })).outcomes, { done: 1 });
    assertEquals((await runQueue(bench.options(), OPTIONS)).outcomes, { done: 2 });
  }));
