import { assertEquals } from "@std/assert";
import { type Client, createClient } from "../../../lib/civitai/mod.ts";
import {
  type Choice,
  download,
  type ListingCompleteness,
  PlanReport,
  type PlanTarget,
  planTargets,
} from "../../../lib/downloader/mod.ts";
import { type Bench, NO_IMAGES, withBench } from "../../helpers/library/download_bench.ts";
import { openFront } from "../../helpers/servers/api_front.ts";

/** A listing of a creator with four models, whose pages the test makes of their indexes. */
interface Listing {
  readonly bench: Bench;
  readonly username: string;
  readonly ids: readonly number[];
  readonly client: Client;
  /** The indexes of the models on each page; `null` for a page whose request fails. */
  pages: (readonly number[] | null)[];
  /** Numbers of the requested pages. */
  readonly asked: number[];
  /** Indexes of models without an id. */
  readonly broken: Set<number>;
  /** Number of models that the API reports; `null` for none. */
  apiCount: number | null;
  /** Plan the creator in a run, and return the proof of completeness. */
  plan(runId: number, options?: PlanOptions): Promise<ListingCompleteness>;
}

interface PlanOptions {
  readonly choice?: Choice;
  readonly target?: PlanTarget;
}

function withListing(story: (listing: Listing) => Promise<void>): Promise<void> {
  return withBench({ size: { creators: 1, modelsPerCreator: 4 } }, async (bench) => {
    const { sandbox, clock, library } = bench;
    const { username } = sandbox.catalog.creators().next().value!;
    const url = `${sandbox.apiOrigin}/api/v1/models?username=${username}&nsfw=true&limit=100`;
    const { items } = await (await fetch(url)).json();
    const asked: number[] = [];
    const listing: Pick<Listing, "pages" | "apiCount"> = { pages: [], apiCount: 4 };
    const broken = new Set<number>();
    await using front = openFront(sandbox.apiOrigin, ({ pathname, searchParams }) => {
      if (pathname === "/api/v1/creators") {
        const count = listing.apiCount === null ? {} : { modelCount: listing.apiCount };
        return Response.json({ items: [{ username, ...count }], metadata: {} });
      }
      if (pathname !== "/api/v1/models") return undefined;
      const number = Number(searchParams.get("cursor") ?? 0);
      asked.push(number);
      const page = listing.pages[number];
      if (page === null || page === undefined) return Response.json({ error: "down" }, { status: 500 });
      const nextCursor = number + 1 < listing.pages.length ? { nextCursor: `${number + 1}` } : {};
      const listed = page.map((index) => broken.has(index) ? { ...items[index], id: undefined } : items[index]);
      return Response.json({ items: listed, metadata: nextCursor });
    });
    const { token } = sandbox;
    const rates = { modelRate: Infinity, imageRate: Infinity, downloadRate: Infinity };
    const client = createClient({ baseUrl: front.origin, token, clock, ...rates, maxRetries: 0 });
    await story(Object.assign(listing, {
      bench,
      username,
      ids: items.map(({ id }: { readonly id: number }) => id),
      client,
      asked,
      broken,
      async plan(runId: number, { choice = NO_IMAGES, target = { type: "user", username } }: PlanOptions = {}) {
        const report = new PlanReport();
        await planTargets({ ...bench.planContext({ client, report, choice }), runId }, [target])
          // A listing that breaks off ends the planning of its only target.
          .catch(() => {});
        return report.data().listings[`user:${username}`]!;
      },
    }));
    assertEquals(library.catalog.notes("listed:").length > 0, true);
  });
}

Deno.test("planTargets() counts a model once that an interrupted listing and its continuation both list", () =>
  withListing(async (listing) => {
    listing.pages = [[0, 1], null];
    await listing.plan(7);
    // A new model at the top has moved the others by one.
    listing.pages = [[0, 1], [1, 2, 3]];
    assertEquals(await listing.plan(7), { apiCount: 4, seen: 4, missing: null });
    assertEquals(listing.asked.slice(-1), [1]);
  }));

Deno.test("planTargets() lists again if a double hides a missing model, and finds it", () =>
  withListing(async (listing) => {
    listing.pages = [[0, 1], null];
    await listing.plan(7);
    listing.pages = [[0, 1, 2], [1, 3]];
    assertEquals(await listing.plan(7), { apiCount: 4, seen: 4, missing: null });
    assertEquals(listing.asked.slice(-3), [1, 0, 1]);
    const { catalog } = listing.bench.library;
    assertEquals(listing.ids.every((id) => catalog.model(id) !== null), true);
  }));

Deno.test("planTargets() lists again if pages of one listing overlap and a model is missing", () =>
  withListing(async (listing) => {
    listing.pages = [[0, 1], [1, 2]];
    const { seen, missing } = await listing.plan(7);
    assertEquals([seen, missing?.startsWith("1 is not in the API's listing")], [3, true]);
    assertEquals(listing.asked, [0, 1, 0, 1]);
  }));

Deno.test("planTargets() names the models of the library that the listing does not have", () =>
  withListing(async (listing) => {
    const { ids, bench } = listing;
    listing.pages = [[0, 1, 2, 3]];
    assertEquals((await listing.plan(7)).missing, null);
    listing.pages = [[0, 2, 3]];
    const { seen, missing } = await listing.plan(8);
    const name = bench.library.catalog.model(ids[1]!)!.name;
    assertEquals([seen, missing], [
      3,
      "1 is not in the API's listing: archived, unpublished, private or without files; not listed, but in the library: " +
      `model:${ids[1]} (${name})`,
    ]);
    assertEquals(listing.asked, [0, 0]);
  }));

Deno.test("planTargets() names the models that the listing lacks if the API does not count them either", () =>
  withListing(async (listing) => {
    const { ids, bench, username } = listing;
    listing.pages = [[0, 1, 2, 3]];
    await listing.plan(7);
    listing.pages = [[0, 2, 3]];
    const name = bench.library.catalog.model(ids[1]!)!.name;
    const missing = `not listed, but in the library: model:${ids[1]} (${name})`;
    for (const [index, apiCount] of [3, 2, null].entries()) {
      listing.apiCount = apiCount;
      assertEquals(await listing.plan(8 + index), { apiCount, seen: 3, missing });
    }
    const choice = { ...NO_IMAGES, limit: 3 };
    assertEquals((await listing.plan(11, { choice })).missing, null);
    listing.apiCount = 4;
    assertEquals((await listing.plan(12, { choice })).missing, "--limit leaves out 1");
    listing.apiCount = null;
    const target: PlanTarget = { type: "user", username, period: "Month" };
    assertEquals((await listing.plan(13, { target })).missing, null);
    listing.pages = [[0, 2, 3], null];
    assertEquals((await listing.plan(14)).missing, "its listing was interrupted");
  }));

Deno.test("planTargets() lists again if pages overlap and a model of the library is missing, whatever the API counts", () =>
  withListing(async (listing) => {
    listing.pages = [[0, 1, 2, 3]];
    await listing.plan(7);
    listing.apiCount = null;
    listing.pages = [[0, 1], [1, 2]];
    const { seen, missing } = await listing.plan(8);
    assertEquals([seen, missing?.startsWith(`not listed, but in the library: model:${listing.ids[3]} (`)], [3, true]);
    assertEquals(listing.asked, [0, 0, 1, 0, 1]);
  }));

Deno.test("planTargets() does not call a model unlisted whose entry may be one that cannot be read", () =>
  withListing(async (listing) => {
    listing.pages = [[0, 1, 2, 3]];
    await listing.plan(7);
    listing.broken.add(1);
    assertEquals((await listing.plan(8)).missing, "1 cannot be read");
  }));

Deno.test("download() of an interrupted listing counts distinct models, and keeps the ids of one run only", () =>
  withListing(async (listing) => {
    const { bench, username, client } = listing;
    const { catalog } = bench.library;
    const run = () =>
      download({
        ...bench.options(),
        client,
        targets: [{ type: "user", username }],
        choice: NO_IMAGES,
        command: "download",
        reserveBytes: 0,
        approve: () => Promise.resolve(true),
      });
    const stop = new AbortController();
    listing.pages = [[0, 1], [1, 2, 3]];
    const interrupted = download({
      ...bench.options(),
      client,
      targets: [{ type: "user", username }],
      choice: NO_IMAGES,
      command: "download",
      reserveBytes: 0,
      approve: () => Promise.resolve(true),
      signal: stop.signal,
      onEvent: (event) => event.type === "page" && stop.abort(new Error("Ctrl-C")),
    });
    await interrupted.catch(() => {});
    const { plan } = await run();
    assertEquals(plan.listings[`user:${username}`], { apiCount: 4, seen: 4, missing: null });
    await run();
    const runs = new Set(catalog.notes("listed:").map(({ name }) => name.split(":")[2]));
    assertEquals(runs.size, 1);
  }));
