import { assertEquals } from "@std/assert";
import { runsAllTests } from "../../checks/house_checks.ts";

Deno.test("runsAllTests() finds the checks that run every test", () => {
  const isWhole = (name: string, parameters: Readonly<Record<string, unknown>> = {}) =>
    runsAllTests({ source: { type: "check", name, parameters } });
  const flags = ["-P"];
  assertEquals(["coverage", "untested", "tests"].map((name) => isWhole(name, { flags })), [true, true, true]);
  assertEquals([isWhole("tests", { flags, paths: ["tests/base"] }), isWhole("lint"), isWhole("none")], [
    false,
    false,
    false,
  ]);
});
