import { assert, assertEquals } from "@std/assert";
import type { Cards } from "../../../../lib/app/api/shapes/library.ts";
import { CardCache, PAGE_CARDS } from "../../../../lib/app/browser/library/card_cache.ts";

function cardsOf(ids: readonly number[], name = "name"): Cards {
  const column = <Value>(value: Value): Value[] => ids.map(() => value);
  return {
    id: [...ids],
    name: ids.map((id) => `${name} ${id}`),
    creator: column(null),
    type: column("LORA"),
    base: column("SDXL 1.0"),
    version: column("v1"),
    versions: column(1),
    files: column(1),
    bytes: column(1),
    level: column(1),
    state: column("done" as const),
    preview: column(null),
    hash: column(null),
    removed: column(false),
  };
}

/** A server whose answers come when the test says. */
class SlowServer {
  readonly asked: { readonly ids: readonly number[]; readonly signal: AbortSignal; answer(cards: Cards): void }[] = [];
  changes = 0;

  open(): CardCache {
    return new CardCache((ids, signal) => {
      const waiting = Promise.withResolvers<Cards>();
      signal.addEventListener("abort", () => waiting.reject(signal.reason));
      this.asked.push({ ids, signal, answer: waiting.resolve });
      return waiting.promise;
    }, () => this.changes++);
  }
}

const IDS = Array.from({ length: 1000 }, (_, at) => 5000 - at);
const turn = () => new Promise<void>((wake) => queueMicrotask(() => queueMicrotask(wake)));

Deno.test("CardCache has the first cards at once, and fetches others by page", async () => {
  const server = new SlowServer();
  const cache = server.open();
  cache.reset(IDS, { stamp: "1", cards: cardsOf(IDS.slice(0, 60)) });
  cache.want(0, 30);
  assertEquals(server.asked.length, 0);
  assertEquals(cache.get(5000)?.name, "name 5000");
  cache.want(50, 70);
  assertEquals(server.asked.map(({ ids }) => ids), [IDS.slice(60, 60 + PAGE_CARDS)]);
  cache.want(50, 70);
  assertEquals(server.asked.length, 1);
  server.asked[0]!.answer(cardsOf(server.asked[0]!.ids));
  await turn();
  await turn();
  assertEquals(cache.get(4940)?.name, "name 4940");
  assertEquals(server.changes, 1);
});

Deno.test("CardCache aborts what was scrolled past", async () => {
  const server = new SlowServer();
  const cache = server.open();
  cache.reset(IDS, { stamp: "1", cards: cardsOf([]) });
  cache.want(300, 310);
  cache.want(600, 610);
  assert(server.asked[0]!.signal.aborted);
  assertEquals(server.asked[1]!.signal.aborted, false);
  server.asked[0]!.answer(cardsOf(server.asked[0]!.ids));
  server.asked[1]!.answer(cardsOf(server.asked[1]!.ids));
  await turn();
  await turn();
  assertEquals(server.changes, 1);
});

Deno.test("CardCache shows old cards until those of the new state have come", async () => {
  const server = new SlowServer();
  const cache = server.open();
  cache.reset(IDS, { stamp: "1", cards: cardsOf(IDS.slice(0, 60)) });
  cache.reset(IDS, { stamp: "2", cards: cardsOf([]) });
  assertEquals(cache.get(5000)?.name, "name 5000");
  cache.want(0, 10);
  server.asked[0]!.answer(cardsOf(server.asked[0]!.ids, "new"));
  await turn();
  await turn();
  assertEquals(cache.get(5000)?.name, "new 5000");
});

Deno.test("CardCache does not ask again for a model that has left the library", async () => {
  const server = new SlowServer();
  const cache = server.open();
  cache.reset(IDS.slice(0, 10), { stamp: "1", cards: cardsOf([]) });
  cache.want(0, 10);
  server.asked[0]!.answer(cardsOf(IDS.slice(0, 9)));
  await turn();
  await turn();
  cache.want(0, 10);
  assertEquals(server.asked.length, 1);
  assertEquals(cache.get(IDS[9]!), undefined);
});
