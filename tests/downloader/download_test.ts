import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { walk } from "@std/fs";
import { join } from "node:path";
import { createClient } from "../../lib/civitai/mod.ts";
import { Interruption } from "../../lib/cli/mod.ts";
import {
  type Choice,
  DEFAULT_CHOICE,
  type DownloadEvent,
  type DownloadOptions,
  type DownloadResult,
  openLibrary,
  type PlanTarget,
  type SizedPlan,
} from "../../lib/downloader/mod.ts";
import { PROFILES } from "../../lib/transfer/mod.ts";
import { openFront } from "../helpers/servers/api_front.ts";
import { type Bench, NO_IMAGES, withBench } from "../helpers/library/download_bench.ts";

const FAST = { modelRate: 0, imageRate: 0, downloadRate: 0 };

async function filesBelow(root: string): Promise<readonly string[]> {
  return (await Array.fromAsync(walk(root, { includeDirs: false }))).map((entry) => entry.path).sort();
}

/** Abort at the first event of a type, like Ctrl-C. */
function stopAt(type: DownloadEvent["type"]): { signal: AbortSignal; onEvent: (event: DownloadEvent) => void } {
  const stop = new AbortController();
  return {
    signal: stop.signal,
    onEvent: (event) => event.type === type && stop.abort(new Interruption("SIGINT")),
  };
}

Deno.test("download() plans, shows the plan, fetches and ends its run", () =>
  withBench({}, async (bench) => {
    const plans: SizedPlan[] = [];
    const { plan, run } = await bench.download({ approve: (shown) => Promise.resolve(plans.push(shown) > 0) });
    assertEquals(plans, [plan]);
    assertEquals([plan.wanted.files, plan.resumes, run?.outcomes], [3, false, { done: 3 }]);
    const [last] = bench.library.catalog.lastRuns(1);
    assertEquals([last?.command, last?.engine, last?.endedAt === null], ["download", "resilient", false]);
    assertEquals((last?.summary as { failed: number }).failed, 0);
  }));

Deno.test("download() discards a declined plan and plans it again later", () =>
  withBench({ galleryPerVersion: 4, imagesPerVersion: { min: 1, max: 1 } }, async (bench) => {
    const choice = { ...NO_IMAGES, previews: 1, gallery: 2 };
    const [first, ...others] = bench.everything;
    await bench.download({ targets: [first!], choice, ...stopAt("end") });
    const { catalog } = bench.library;
    const states = () => [...catalog.items()].map((item) => `${item.key} ${item.state}`);
    const before = states();
    const declined = await bench.download({ targets: others, choice, approve: () => Promise.resolve(false) });
    assert(declined.plan.wanted.files === 2 && declined.plan.wanted.images > 2);
    assertEquals(states(), before);
    assertEquals(catalog.lastRuns(1)[0]?.summary, { declined: true });
    const rest = await bench.download({ targets: [], choice });
    assertEquals(rest.plan.wanted.files, 0);
    const asked = await bench.download({ targets: others, choice });
    assertEquals(asked.plan.wanted, declined.plan.wanted);
  }));

Deno.test("download() does not fetch a missing file whose plan was declined, unless it is named again", () =>
  withBench({}, async (bench) => {
    await bench.download();
    await Deno.remove(join(bench.library.root, bench.firstItem().path));
    await bench.download({ approve: () => Promise.reject(new Interruption("SIGINT")) }).catch(() => {});
    assertEquals([bench.firstItem().state, bench.firstItem().outcome], ["refused", "declined"]);
    assertEquals((await bench.download({ targets: [] })).plan.wanted.files, 0);
    assertEquals((await bench.download()).run?.outcomes, { done: 1 });
  }));

for (const outcome of ["archived", "removed", "downloadsDisabled", "noAccess", "region"] as const) {
  Deno.test(`download() reports a named model that is refused (${outcome}) as unavailable`, () =>
    withBench({ size: { creators: 1, modelsPerCreator: 1 }, outcomes: { [outcome]: 1 } }, async (bench) => {
      const { plan, refused } = await bench.download();
      assertEquals([...plan.problems, ...refused].map((one) => one.target), [
        `model:${bench.sandbox.catalog.modelAt(0).id}`,
      ]);
      const listed = await bench.download({ targets: [{ type: "search", query: {} }] });
      assertEquals([...listed.plan.problems, ...listed.refused], []);
    }));
}

Deno.test("download() defers a named model in early access without calling it refused", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 1 }, outcomes: { earlyAccess: 1 } }, async (bench) => {
    const { plan, refused } = await bench.download();
    assertEquals([plan.problems, refused, plan.refused], [[], [], { "early-access": 1 }]);
  }));

Deno.test("download() with a scratch library changes nothing on disk", () =>
  withBench({}, async (bench) => {
    await bench.download({ targets: bench.everything.slice(0, 1) });
    const before = await filesBelow(bench.library.root);
    using scratch = await openLibrary(bench.library.root, { command: "download", scratch: true });
    const { plan } = await bench.download({ library: scratch, approve: () => Promise.resolve(false) });
    assertEquals([plan.wanted.files, plan.there.count], [2, 1]);
    assertEquals(await filesBelow(bench.library.root), before);
    assertEquals(bench.library.catalog.totals().count, 1);
  }));

Deno.test("download() resumes an interrupted run of the same targets", () =>
  withBench({}, async (bench) => {
    const first = await bench.download(stopAt("end"));
    assertEquals([first.run?.stopped?.code, first.run?.outcomes], ["interrupted", { done: 1 }]);
    const second = await bench.download();
    assertEquals([second.plan.runId, second.plan.resumes], [first.plan.runId, true]);
    assertEquals([second.run?.outcomes, second.run?.stopped], [{ done: 2 }, null]);
    const third = await bench.download();
    assertEquals([third.plan.resumes, third.plan.there.count], [false, 3]);
  }));

Deno.test("download() lists again after a run that left a queue, and adds what is new to it", () =>
  withBench({}, async (bench) => {
    const { sandbox, library: { catalog } } = bench;
    const { id, creator } = sandbox.catalog.modelAt(2);
    for (const targets of [[{ type: "search", query: {} }], [{ type: "user", username: creator!.username }]] as const) {
      sandbox.setAbsent([id]);
      const monday = await bench.download({ targets, maxTimeMs: -1 });
      assertEquals([monday.plan.wanted.files, monday.run?.stopped?.code], [2, "inconclusive"]);
      sandbox.setAbsent([]);
      const tuesday = await bench.download({ targets, maxTimeMs: -1 });
      assertEquals([tuesday.plan.runId, tuesday.plan.resumes], [monday.plan.runId, true]);
      assertEquals([tuesday.plan.models, tuesday.plan.wanted.files, catalog.totals().count], [3, 3, 3]);
      const hits = sandbox.log.downloadHits;
      const wednesday = await bench.download({ targets });
      assertEquals([wednesday.run?.outcomes, sandbox.log.downloadHits - hits], [{ done: 3 }, 3]);
      for (const item of [...catalog.items()]) {
        await Deno.remove(join(bench.library.root, item.path));
        catalog.remove(item.key);
      }
    }
  }));

Deno.test("download() keeps what an earlier run planned although it is no longer listed", () =>
  withBench({}, async (bench) => {
    const targets = [{ type: "search", query: {} }] as const;
    await bench.download({ targets, maxTimeMs: -1 });
    const { id } = bench.sandbox.catalog.modelAt(2);
    await using front = openFront(bench.sandbox.apiOrigin, (url) => {
      // Only the listing has lost the model.
      if (url.pathname === "/api/v1/models") bench.sandbox.setAbsent([id]);
      else bench.sandbox.setAbsent([]);
      return undefined;
    });
    const client = createClient({ baseUrl: front.origin, token: bench.sandbox.token, clock: bench.clock, ...FAST });
    const { plan, run } = await bench.download({ targets, client });
    assertEquals([plan.wanted.files, run?.outcomes], [3, { done: 3 }]);
  }));

Deno.test("download() continues a listing that broke off, and starts it anew a day later", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 20 } }, async (bench) => {
    const targets = [{ type: "search", query: { limit: 1 } }] as const;
    const pages = () => bench.sandbox.log.counts.get("GET /api/v1/models") ?? 0;
    const stopAtPage = (number: number) => {
      let seen = 0;
      const stop = new AbortController();
      const onEvent = (event: DownloadEvent) =>
        event.type === "page" && ++seen === number && stop.abort(new Interruption("SIGINT"));
      return bench.download({ targets, signal: stop.signal, onEvent });
    };
    await assertRejects(() => stopAtPage(3), Interruption);
    bench.sandbox.log.clear();
    await assertRejects(() => stopAtPage(1), Interruption);
    const [next] = bench.sandbox.log.requests.filter(({ target }) => target.startsWith("/api/v1/models"));
    assertMatch(next?.target ?? "", /cursor=/);
    bench.clock.advance(25 * 3_600_000);
    bench.sandbox.log.clear();
    const { plan, run } = await bench.download({ targets });
    assertEquals([plan.resumes, plan.models, pages(), run?.outcomes], [true, 20, 20, { done: 20 }]);
  }));

Deno.test("download() still reports what it could not read of a listing that broke off", () =>
  withBench({}, async (bench) => {
    const { sandbox: { apiOrigin, token }, clock } = bench;
    const { metadata } = await (await fetch(`${apiOrigin}/api/v1/models?limit=1&nsfw=true`)).json();
    await using front = openFront(apiOrigin, (url) => {
      const isFirst = url.pathname === "/api/v1/models" && !url.searchParams.has("cursor");
      return isFirst
        ? Response.json({ items: [{ id: "odd" }], metadata: { nextCursor: metadata.nextCursor } })
        : undefined;
    });
    const client = createClient({ baseUrl: front.origin, token, clock, ...FAST });
    const targets = [{ type: "search", query: {} }] as const;
    await assertRejects(() => bench.download({ client, targets, ...stopAt("page") }), Interruption);
    front.asked.length = 0;
    const { plan } = await bench.download({ client, targets });
    assertMatch(front.asked.find((path) => path.startsWith("/api/v1/models")) ?? "", /cursor=/);
    assertEquals([plan.resumes, plan.unreadable.count, plan.wanted.files], [true, 1, 2]);
  }));

Deno.test("download() lists again with a limit, and keeps within it", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 6 } }, async (bench) => {
    const targets = [{ type: "search", query: { sort: "Newest" } }] as const;
    const choice = { ...NO_IMAGES, limit: 2 };
    const order = [...bench.sandbox.catalog.models()].toSorted((a, b) =>
      b.versions[0]!.publishedAtMs - a.versions[0]!.publishedAtMs
    );
    bench.sandbox.setAbsent([order[0]!.id]);
    const first = await bench.download({ targets, choice, maxTimeMs: -1 });
    bench.sandbox.setAbsent([]);
    const second = await bench.download({ targets, choice, maxTimeMs: -1 });
    // Two of the first listing, and one that the second listing has besides.
    assertEquals([first.plan.models, second.plan.models, second.plan.wanted.files], [2, 3, 3]);
  }));

/** A sandbox whose versions have pictures and several files. */
const RICH = {
  imagesPerVersion: { min: 2, max: 2 },
  galleryPerVersion: 4,
  filesPerVersion: { min: 3, max: 3 },
  versionsPerModel: { min: 2, max: 2 },
};

function updateOf({ library: { catalog } }: Bench, given: readonly (keyof Choice)[] = []): PlanTarget {
  const ids = new Set([...catalog.items({ kinds: ["file"] })].map(({ modelId }) => modelId!));
  return { type: "models", ids: [...ids], given };
}

Deno.test("download() updates each model with the choice of its last download, unless a field is given", () =>
  withBench(RICH, async (bench) => {
    const [bare, whole, pictured] = bench.everything;
    const pictures = { ...NO_IMAGES, previews: 1 };
    await bench.download({ targets: [bare!], choice: { ...NO_IMAGES, versions: "latest" } });
    await bench.download({ targets: [whole!], choice: { ...NO_IMAGES, files: ["all"] } });
    await bench.download({ targets: [pictured!], choice: pictures });
    const { byState } = bench.library.catalog.totals();
    assertEquals(byState.done.count, 1 + 6 + 4);
    const decline = () => Promise.resolve(false);
    const update = { choice: DEFAULT_CHOICE, command: "update", approve: decline };
    const same = await bench.download({ ...update, targets: [updateOf(bench)] });
    assertEquals([same.plan.wanted, same.plan.there.count], [{ files: 0, images: 0, bytes: 0 }, 1 + 6 + 4]);
    const given = await bench.download({
      ...update,
      targets: [updateOf(bench, ["previews"])],
      choice: { ...DEFAULT_CHOICE, previews: 2 },
    });
    // Five versions have two previews each; one of the last model's is missing in each version.
    assertEquals(given.plan.wanted.images, 5 * 2 - 2);
  }));

Deno.test("download() leaves out what is excepted by id, and an update leaves it out too, with what it excepts itself", () =>
  withBench(RICH, async (bench) => {
    const { id: modelId, versions } = bench.sandbox.catalog.modelAt(0);
    const target = { type: "model", modelId, versionId: null } as const;
    const [first, second] = versions;
    const files = { ...NO_IMAGES, files: ["all"] };
    const keyOf = (index: number): string => `file:${first!.id}:${first!.files[index]!.id}`;
    const except = { models: [], versions: [second!.id], files: [keyOf(0)] };
    const { counts } = await bench.download({ targets: [target], choice: { ...files, except } });
    assertEquals(counts.done, 2);
    const update = { command: "update", approve: () => Promise.resolve(false), targets: [updateOf(bench)] };
    const same = await bench.download({ ...update, choice: files });
    assertEquals([same.plan.wanted.files, same.plan.there.count], [0, 2]);
    const less = { ...files, except: { models: [], versions: [], files: [keyOf(1)] } };
    assertEquals((await bench.download({ ...update, choice: less })).plan.there.count, 1);
    const none = { ...files, except: { models: [modelId], versions: [], files: [] } };
    const { plan } = await bench.download({ targets: [target], choice: none });
    assertEquals([plan.versions, plan.nothing], [0, "no version of 1 model matches what was left selected"]);
  }));

Deno.test("download() of single files keeps the choice that the model had, and an update changes none", () =>
  withBench(RICH, async (bench) => {
    const { id: modelId, versions } = bench.sandbox.catalog.modelAt(0);
    const fileId = versions[1]!.files[0]!.id;
    const file = { type: "version", versionId: versions[1]!.id, fileId } as const;
    await bench.download({ targets: [bench.everything[0]!], choice: { ...NO_IMAGES, versions: "latest" } });
    await bench.download({ targets: [file], choice: { ...NO_IMAGES, previews: 2 } });
    const update = { choice: DEFAULT_CHOICE, command: "update" };
    await bench.download({
      ...update,
      targets: [updateOf(bench, ["gallery"])],
      choice: { ...DEFAULT_CHOICE, gallery: 1 },
    });
    const before = bench.library.catalog.totals().count;
    await bench.download({ ...update, targets: [updateOf(bench)] });
    assertEquals(bench.library.catalog.totals().count, before);
    // Once the whole model is downloaded with another choice, that one counts.
    await bench.download({ targets: [{ type: "model", modelId, versionId: null }], choice: NO_IMAGES });
    const { plan } = await bench.download({
      ...update,
      targets: [updateOf(bench)],
      approve: () => Promise.resolve(false),
    });
    assertEquals([plan.versions, plan.wanted.images], [2, 0]);
  }));

Deno.test("download() plans the galleries of a declined update again", () =>
  withBench(RICH, async (bench) => {
    await bench.download({ choice: { ...NO_IMAGES, versions: "latest", gallery: 2 } });
    const gallery = [...bench.library.catalog.items({ kinds: ["gallery"] })];
    assert(gallery.length > 0);
    for (const { key, path } of gallery) {
      await Deno.remove(join(bench.library.root, path));
      bench.library.catalog.remove(key);
    }
    bench.clock.advance(8 * 24 * 3_600_000);
    const update = { choice: DEFAULT_CHOICE, command: "update", targets: [updateOf(bench)] };
    const declined = await bench.download({ ...update, approve: () => Promise.resolve(false) });
    assertEquals(declined.plan.wanted.images, gallery.length);
    assertEquals((await bench.download(update)).plan.wanted.images, gallery.length);
  }));

Deno.test("download() starts a new run for other targets or another choice", () =>
  withBench({}, async (bench) => {
    const first = await bench.download(stopAt("end"));
    const other = await bench.download({ choice: { ...NO_IMAGES, layout: "comfyui" } });
    assert(other.plan.runId !== first.plan.runId && !other.plan.resumes);
  }));

Deno.test("download() counts once what two targets share", () =>
  withBench({}, async (bench) => {
    const { plan } = await bench.download({ targets: [...bench.everything, { type: "search", query: {} }] });
    assertEquals(plan.wanted.files, 3);
  }));

Deno.test("download() without targets resumes everything unfinished, including early access that is due", () =>
  withBench({ outcomes: { earlyAccess: 0.34 } }, async (bench) => {
    await bench.download(stopAt("end"));
    const days = 15 * 86_400_000;
    bench.clock.advance(days);
    bench.sandbox.advance(days);
    const { plan, run } = await bench.download({ targets: [] });
    assertEquals([plan.wanted.files, run?.outcomes], [2, { done: 2 }]);
    assertEquals((await bench.download({ targets: [] })).run?.outcomes, {});
  }));

Deno.test("download() fetches nothing if nothing fits on the disk, and reports the space needed", () =>
  withBench({}, async (bench) => {
    const { plan, run } = await bench.download({ reserveBytes: Number.MAX_SAFE_INTEGER });
    assertEquals([run?.stopped?.code, run?.outcomes, bench.sandbox.log.downloadHits], ["unsafe", {}, 0]);
    assertMatch(
      run!.stopped!.message,
      /^Cannot fetch 3 files \([\d.]+ KiB\): the disk has no room; the run continued with the files that fit\. [\d.]+ .iB are free, and /,
    );
    assertMatch(run!.stopped!.message, /and 8192.00 TiB stay in reserve$/);
    assertStringIncludes(run!.stopped!.hint!, "--reserve");
    assertEquals(plan.wanted.files, 3);
  }));

Deno.test("download() needs no space if everything is done", () =>
  withBench({}, async (bench) => {
    await bench.download();
    assertEquals((await bench.download({ reserveBytes: Number.MAX_SAFE_INTEGER })).plan.there.count, 3);
  }));

Deno.test("download() starts no file after its deadline", () =>
  withBench({}, async (bench) => {
    const approve = (): Promise<boolean> => {
      bench.clock.advance(60_000);
      return Promise.resolve(true);
    };
    const { run } = await bench.download({ approve, maxTimeMs: 30_000 });
    assertEquals([run?.stopped?.code, run?.outcomes], ["inconclusive", {}]);
  }));

Deno.test("download() proves that a creator's listing was read to its end", () =>
  withBench({ size: { creators: 2, modelsPerCreator: 2 } }, async (bench) => {
    const { username } = bench.sandbox.catalog.creators().next().value!;
    const { plan } = await bench.download({ targets: [{ type: "user", username }] });
    assertEquals(plan.listings, { [`user:${username}`]: { apiCount: 2, seen: 2, missing: null } });
  }));

Deno.test("download() does not fetch the primary file of another listing beside the existing one", () =>
  withBench({
    size: { creators: 1, modelsPerCreator: 12 },
    filesPerVersion: { min: 2, max: 2 },
  }, async (bench: Bench) => {
    await bench.download();
    const { count } = bench.library.catalog.totals();
    const ids = [...bench.sandbox.catalog.models()].map((model) => model.id);
    // The listing follows the account's preferences; a single model does not.
    const { plan } = await bench.download({ command: "update", targets: [{ type: "models", ids }] });
    assertEquals([plan.wanted.files, plan.there.count], [0, count]);
    assertEquals(await Deno.stat(join(bench.library.root, "corrupted")).catch(() => null), null);
  }));

/** Download three creators, the listing of one of which answers 500 while a rule says so. */
async function downloadCreators(
  bench: Bench,
  isBroken: (asked: readonly string[]) => boolean,
  changes: Partial<DownloadOptions> = {},
): Promise<{ readonly result: DownloadResult; readonly names: readonly string[] }> {
  const { sandbox: { apiOrigin, token, catalog }, clock } = bench;
  const names = [...catalog.creators()].map((creator) => creator.username);
  await using front = openFront(apiOrigin, (url) => {
    const isListing = url.pathname === "/api/v1/models" && url.searchParams.get("username") === names[0];
    return isListing && isBroken(front.asked) ? Response.json({}, { status: 500 }) : undefined;
  });
  const client = createClient({ baseUrl: front.origin, token, clock, ...FAST, maxRetries: 1 });
  const targets = names.map((username): PlanTarget => ({ type: "user", username }));
  return { result: await bench.download({ client, targets, ...changes }), names };
}

const THREE_CREATORS = { size: { creators: 3, modelsPerCreator: 2 } };
/** The number of files that have a creator. */
const countFiles = ({ sandbox }: Bench): number =>
  sandbox.facts().filter(({ creator }) => creator !== null).toArray().length;
/** Whether no file was asked for yet. */
const isBeforeFiles = (asked: readonly string[]): boolean => !asked.some((path) => path.startsWith("/api/download/"));

Deno.test("download() tries a creator whose listing failed again at the end of the run", () =>
  withBench(THREE_CREATORS, async (bench) => {
    const plans: SizedPlan[] = [];
    const approve = (plan: SizedPlan) => Promise.resolve(plans.push(plan) > 0);
    const { result: { plan, run, counts }, names } = await downloadCreators(bench, isBeforeFiles, { approve });
    const [shown] = plans;
    const count = countFiles(bench);
    assertEquals(shown?.problems.map(({ target, willRetry }) => [target, willRetry]), [[`user:${names[0]}`, true]]);
    assertEquals([shown?.wanted.files, plan.problems, plan.wanted.files], [count - 2, [], count]);
    assertEquals([run?.outcomes, counts, run?.failed], [{ done: count }, { done: count }, []]);
    assertEquals(plan.listings[`user:${names[0]}`], { apiCount: 2, seen: 2, missing: null });
    assertEquals(bench.library.catalog.lastRuns(1)[0]?.endedAt === null, false);
    const replans = bench.events.filter(({ type }) => type === "replan");
    assertEquals(replans.map((event) => ({ ...event, bytes: 0 })), [
      { type: "replan", targets: 1, failed: 0, files: 2, bytes: 0 },
    ]);
  }));

Deno.test("download() reports a creator whose listing fails again at the end of the run once", () =>
  withBench(THREE_CREATORS, async (bench) => {
    const { result: { plan, run }, names } = await downloadCreators(bench, () => true);
    assertEquals(plan.problems.map(({ target, willRetry }) => [target, willRetry]), [[`user:${names[0]}`, undefined]]);
    assertEquals([run?.outcomes, run?.stopped], [{ done: countFiles(bench) - 2 }, null]);
    const warnings = bench.events.filter((event) => event.type === "warning");
    assertEquals(warnings.map(({ willRetry }) => willRetry), [true, undefined]);
    assertEquals(warnings.map(({ message }) => /tried again/.test(message)), [false, false]);
  }));

Deno.test("download() tries no creator again that does not exist, nor after its deadline, nor if it was stopped", () =>
  withBench(THREE_CREATORS, async (bench) => {
    const late = { maxTimeMs: 1000, onEvent: ({ type }: DownloadEvent) => type === "end" && bench.clock.advance(2000) };
    const listings = (asked: readonly string[]) => asked.filter((path) => path.includes("/api/v1/models")).length;
    let asked = 0;
    const { result } = await downloadCreators(bench, (all) => (asked = listings(all)) > 0, { ...late });
    assertEquals(result.plan.problems.length, 1);
    assertEquals([asked, bench.events.some(({ type }) => type === "replan")], [2, false]);
    const unknown = await bench.download({ targets: [...bench.everything, { type: "user", username: "nobodyatall" }] });
    assertEquals(unknown.plan.problems.map(({ failure }) => failure), ["gone"]);
    assertEquals(bench.events.some(({ type }) => type === "replan"), false);
  }));

Deno.test("download() tries again in a preview as well, and tries only the new files after files that failed", () =>
  withBench(THREE_CREATORS, async (bench) => {
    const count = countFiles(bench);
    const before = { isBroken: true };
    const isBroken = () => before.isBroken;
    bench.sandbox.setToxics([{ type: "corrupt", on: ["storage"] }]);
    const tries: string[] = [];
    const onEvent = (event: DownloadEvent) => {
      bench.events.push(event);
      if (event.type === "end") {
        tries.push(event.item.key);
        before.isBroken = false;
        bench.sandbox.setToxics([]);
      }
    };
    const { result } = await downloadCreators(bench, isBroken, { onEvent, profile: PROFILES.stable });
    assertEquals(result.run?.outcomes, { corrupted: 1, done: count - 1 });
    assertEquals([tries.length, new Set(tries).size], [count, count]);
    const preview = await downloadCreators(bench, (asked) => asked.length < 6, { isPreview: true });
    assertEquals(preview.result.plan.problems, []);
  }));
