import { assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { type Flag, FlagValues } from "../../../lib/cli/mod.ts";

const FLAGS: readonly Flag[] = [
  { name: "user", type: "string", summary: "" },
  { name: "ids", type: "integer", summary: "", multiple: true },
  { name: "since", type: "date", summary: "" },
  { name: "yes", type: "boolean", summary: "" },
];

Deno.test("FlagValues gives each value as its type", () => {
  const values = new FlagValues(
    FLAGS,
    new Map([
      ["user", { value: "ann", source: "flag" }],
      ["ids", { value: [1, 2], source: "env" }],
      ["since", { value: "2026-01-02T00:00:00.000Z", source: "config" }],
    ]),
  );
  assertEquals(values.string("user"), "ann");
  assertEquals(values.numbers("ids"), [1, 2]);
  assertEquals(values.date("since"), new Date(Date.UTC(2026, 0, 2)));
  assertEquals(values.boolean("yes"), false);
  assertEquals(values.given("ids"), "env");
  assertEquals(values.all(), { user: "ann", ids: [1, 2], since: "2026-01-02T00:00:00.000Z" });
});

Deno.test("FlagValues gives nothing for what was not given", () => {
  const values = new FlagValues(FLAGS, new Map());
  assertEquals([values.string("user"), values.date("since"), values.numbers("ids")], [undefined, undefined, []]);
  assertEquals(values.given("yes"), undefined);
});

Deno.test("FlagValues.requiredString() is a usage error without a value", () => {
  assertThrows(() => new FlagValues(FLAGS, new Map()).requiredString("user"), KitError, "Missing flag --user");
});

Deno.test("FlagValues refuses undeclared names and other types: the program is wrong", () => {
  const values = new FlagValues(FLAGS, new Map());
  assertThrows(() => values.string("usr"), TypeError, "does not declare it");
  assertThrows(() => values.given("usr"), TypeError, "does not declare it");
  assertThrows(() => values.number("user"), TypeError, "declared as string");
  assertThrows(() => values.number("ids"), TypeError, "declared repeatable");
  assertThrows(() => values.strings("user"), TypeError, "not declared repeatable");
});
