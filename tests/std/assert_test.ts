import {
  assert,
  assertEquals,
  assertExists,
  assertGreater,
  assertInstanceOf,
  AssertionError,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";

/** Fails without using the functions under test. */
function mustFail(run: () => void, includes = ""): void {
  try {
    run();
  } catch (error) {
    if (error instanceof AssertionError && error.message.includes(includes)) return;
    throw error;
  }
  throw new Error("Expected the assertion to fail");
}

async function mustReject(run: () => Promise<unknown>, includes = ""): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof AssertionError && error.message.includes(includes)) return;
    throw error;
  }
  throw new Error("Expected the assertion to fail");
}

Deno.test("assert() accepts truthy values", () => {
  assert(1);
  for (const value of [0, "", null, undefined, NaN]) mustFail(() => assert(value));
  mustFail(() => assert(false, "told why"), "told why");
});

const EQUAL: readonly [unknown, unknown][] = [
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }],
  [new Map([["a", { b: 1 }]]), new Map([["a", { b: 1 }]])],
  [new Set([1, 2]), new Set([2, 1])],
  [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
  [new Date(5), new Date(5)],
  [NaN, NaN],
  [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  [{ a: [0] }, { a: [-0] }],
  [loop(), loop()],
];
/** A list that contains itself. */
function loop(): unknown[] {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

const UNEQUAL: readonly [unknown, unknown][] = [
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, { a: 1, b: undefined }],
  [[1, 2], [2, 1]],
  [[1], [1, 2]],
  [Object.assign([1], { index: 0 }), [1]],
  ["1", 1],
  [null, undefined],
  [new Map([["a", 1]]), new Map([["a", 2]])],
  [new Uint8Array([1]), new Uint8Array([2])],
  [new Date(5), new Date(6)],
];

Deno.test("assertEquals() compares deeply, ignoring the order of keys, a null prototype and the sign of zero", () => {
  for (const [a, b] of EQUAL) {
    assertEquals(a, b);
    mustFail(() => assertNotEquals(a, b));
  }
  for (const [a, b] of UNEQUAL) {
    mustFail(() => assertEquals(a, b));
    assertNotEquals(a, b);
  }
  mustFail(() => assertEquals(1, 2, "told why"), "told why");
});

Deno.test("assertStrictEquals() compares identities", () => {
  const object = {};
  assertStrictEquals(object, object);
  assertStrictEquals(NaN, NaN);
  mustFail(() => assertStrictEquals({}, object));
});

Deno.test("assertExists() refuses only null and undefined", () => {
  for (const value of [0, "", false]) assertExists(value);
  for (const value of [null, undefined]) mustFail(() => assertExists(value));
});

Deno.test("assertStringIncludes() and assertMatch() search a text", () => {
  assertStringIncludes("abc", "bc");
  mustFail(() => assertStringIncludes("abc", "x"));
  assertMatch("abc", /b./);
  mustFail(() => assertMatch("abc", /^b/));
});

Deno.test("assertGreater() and assertLessOrEqual() compare", () => {
  assertGreater(2, 1);
  assertLessOrEqual(1, 1);
  mustFail(() => assertGreater(1, 1));
  mustFail(() => assertLessOrEqual(2, 1));
});

Deno.test("assertInstanceOf() checks the class", () => {
  assertInstanceOf(new RangeError(), Error);
  mustFail(() => assertInstanceOf(new Error(), RangeError));
  assertInstanceOf(new Date(), Date);
  mustFail(() => assertInstanceOf("text", String, "told why"), "told why");
});

Deno.test("assertThrows() returns the error, and checks its class and text", () => {
  const error = new RangeError("out of bounds");
  const run = () => {
    throw error;
  };
  assertStrictEquals(assertThrows(run), error);
  assertStrictEquals(assertThrows(run, Error, "bounds"), error);
  mustFail(() => void assertThrows(run, TypeError));
  mustFail(() => void assertThrows(run, RangeError, "something else"));
  mustFail(() => void assertThrows(() => 1));
  mustFail(() => void assertThrows(() => 1, Error, "", "told why"), "told why");
});

Deno.test("assertRejects() returns the error, and checks its class and text", async () => {
  const error = new RangeError("out of bounds");
  const run = () => Promise.reject(error);
  assertStrictEquals(await assertRejects(run), error);
  assertStrictEquals(await assertRejects(run, Error, "bounds"), error);
  await mustReject(() => assertRejects(run, TypeError));
  await mustReject(() => assertRejects(run, RangeError, "something else"));
  await mustReject(() => assertRejects(() => Promise.resolve(1)));
  await mustReject(() => assertRejects(() => Promise.resolve(1), Error, "", "told why"), "told why");
});

Deno.test("assertThrows() and assertRejects() return any thrown value, and require an Error only with a class", async () => {
  const run = () => AbortSignal.abort("text").throwIfAborted();
  assertStrictEquals(assertThrows(run), "text");
  mustFail(() => void assertThrows(run, Error));
  assertStrictEquals(await assertRejects(() => Promise.reject(null)), null);
  await mustReject(() => assertRejects(() => Promise.reject("text"), Error));
});

Deno.test("assertThrows() and assertRejects() accept a message in place of the class", async () => {
  mustFail(() => void assertThrows(() => 1, "told why"), "told why");
  await mustReject(() => assertRejects(() => Promise.resolve(1), "told why"), "told why");
});

Deno.test("assertRejects() fails if the function throws or returns no promise", async () => {
  const run = (): Promise<unknown> => {
    throw new Error("at once");
  };
  await mustReject(() => assertRejects(run));
  await mustReject(() => assertRejects((() => 1) as unknown as () => Promise<unknown>));
});
