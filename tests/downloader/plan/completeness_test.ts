import { assertEquals } from "@std/assert";
import { type Client, createClient } from "../../../lib/civitai/mod.ts";
import { download, type ListingCompleteness, PlanReport, planTargets } from "../../../lib/downloader/mod.ts";
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
  /** Plan the creator in a run, and return the proof of completeness. */
  plan(runId: number): Promise<ListingCompleteness>;
}

function withListing(story: (listing: Listing) => Promise<void>): Promise<void> {
  return withBench({ size: { creators: 1, modelsPerCreator: 4 } }, async (bench) => {
    const { sandbox, clock, library } = bench;
    const { username } = sandbox.catalog.creators().next().value!;
    const url = `${sandbox.apiOrigin}/api/v1/models?username=${username}&nsfw=true&limit=100`;
    const { items } = await (await fetch(url)).json();
    const asked: number[] = [];
    const listing: { pages: (readonly number[] | null)[] } = { pages: [] };
    await using front = openFront(sandbox.apiOrigin, ({ pathname, searchParams }) => {
      if (pathname !== "/api/v1/models") return undefined;
      const number = Number(searchParams.get("cursor") ?? 0);
      asked.push(number);
      const page = listing.pages[number];
      if (page === null || page === undefined) return Response.json({ error: "down" }, { status: 500 });
      const nextCursor = number + 1 < listing.pages.length ? { nextCursor: `${number + 1}` } : {};
      return Response.json({ items: page.map((index) => items[index]), metadata: nextCursor });
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
      async plan(runId: number) {
        const report = new PlanReport();
        await planTargets({ ...bench.planContext({ client, report }), runId }, [{ type: "user", username }])
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

Deno.test("download() of an interrupted listing counts distinct models, and keeps the ids of one run only", () =>
  withListing(async (listing) => {
    const { bench, username, client } = listing;
    const { catalog } = bench.library;
    const run = () =>
      download({
        ...bench.options,
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
      ...bench.options,
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
