import { assertEquals, assertRejects } from "@std/assert";
import { inOrder } from "../../../lib/downloader/verify/_in_order.ts";

Deno.test("inOrder() starts as many as the window allows and returns results in input order", async () => {
  const begun: number[] = [];
  const gates = [0, 1, 2, 3, 4].map(() => Promise.withResolvers<string>());
  const results = inOrder([0, 1, 2, 3, 4], 3, (thing) => {
    begun.push(thing);
    return gates[thing]!.promise;
  });
  const first = results.next();
  gates[2]!.resolve("c");
  gates[1]!.resolve("b");
  assertEquals(begun, [0, 1, 2]);
  gates[0]!.resolve("a");
  assertEquals((await first).value, [0, "a"]);
  assertEquals((await results.next()).value, [1, "b"]);
  assertEquals(begun, [0, 1, 2, 3]);
  gates[3]!.resolve("d");
  gates[4]!.resolve("e");
  assertEquals(await Array.fromAsync(results), [[2, "c"], [3, "d"], [4, "e"]]);
});

Deno.test("inOrder() throws a failure in its turn and ignores later ones", async () => {
  const results = inOrder(
    [1, 2, 3],
    3,
    (thing) => thing === 1 ? Promise.resolve(1) : Promise.reject(new RangeError(`${thing}`)),
  );
  assertEquals((await results.next()).value, [1, 1]);
  await assertRejects(() => results.next(), RangeError, "2");
  assertEquals((await results.next()).done, true);
});
