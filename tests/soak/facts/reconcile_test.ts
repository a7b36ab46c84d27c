import { assertEquals, assertStringIncludes } from "@std/assert";
import { reconcile } from "../../../lib/soak/mod.ts";

const whole = (id: string, bytes: number) => ({ id, bytes, resends: 0, isAnswered: true, isWhole: true });

Deno.test("reconcile() passes equal counts, and allows broken bodies to lose bytes", () => {
  const broken = { id: "b", bytes: 40, resends: 0, isAnswered: true, isWhole: false };
  const silent = { id: "c", bytes: 0, resends: 0, isAnswered: false, isWhole: false };
  const unseen = { id: "d", bytes: 0, resends: 0, isAnswered: false, isWhole: false };
  const served = [{ id: "a", bytes: 100 }, { id: "b", bytes: 64 }, { id: "c", bytes: 0 }];
  assertEquals(reconcile([whole("a", 100), broken, silent, unseen], served), {
    clientRequests: 3,
    serverRequests: 3,
    clientBytes: 100,
    serverBytes: 100,
    brokenClientBytes: 40,
    brokenServerBytes: 64,
    problems: [],
  });
});

Deno.test("reconcile() counts a request that was sent again on a new connection, wherever it was read", () => {
  const again = { ...whole("a", 100), resends: 1 };
  const unread = reconcile([again], [{ id: "a", bytes: 100 }]);
  assertEquals([unread.clientRequests, unread.serverRequests, unread.problems], [1, 1, []]);
  // The first connection may end after the second.
  for (
    const served of [[{ id: "a", bytes: 60 }, { id: "a", bytes: 100 }], [{ id: "a", bytes: 100 }, {
      id: "a",
      bytes: 0,
    }]]
  ) {
    const { clientRequests, serverRequests, clientBytes, serverBytes, problems } = reconcile([again], served);
    assertEquals([clientRequests, serverRequests, clientBytes, serverBytes, problems], [2, 2, 100, 100, []]);
  }
});

Deno.test("reconcile() names every difference", () => {
  const cases:
    readonly (readonly [ReturnType<typeof whole>[], { id: string; bytes: number; what?: string }[], string])[] = [
      [[whole("a", 100)], [{ id: "a", bytes: 101 }], "received 100 bytes, but the server sent 101"],
      [
        [{ ...whole("a", 100), isWhole: false }],
        [{ id: "a", bytes: 99 }],
        "received 100 bytes, but the server sent 99",
      ],
      [[whole("a", 1)], [], "answered, but not recorded by the server"],
      [[], [{ id: "a", bytes: 1 }], "recorded by the server, but not by the client"],
      [
        [whole("a", 1)],
        [{ id: "a", bytes: 1 }, { id: "a", bytes: 1 }],
        "the server recorded it twice, but it was sent once",
      ],
      [
        [whole("a", 1)],
        [{ id: "a", bytes: 2, what: "200 for /model with reset" }],
        "but the server sent 2 (200 for /model with reset, 2 bytes)",
      ],
      [
        [{ ...whole("a", 1), resends: 1 }],
        [{ id: "a", bytes: 1 }, { id: "a", bytes: 1 }, { id: "a", bytes: 1 }],
        "the server recorded it 3 times, but it was sent twice",
      ],
    ];
  for (const [sent, served, said] of cases) {
    const { problems } = reconcile(sent, served);
    assertEquals(problems.length, 1);
    assertStringIncludes(problems[0]!, said);
  }
});
