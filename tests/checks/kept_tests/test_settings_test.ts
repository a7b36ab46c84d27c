import { assertEquals } from "@std/assert";
import { isLeftOut, type TestSettings } from "../../../checks/kept_tests/test_settings.ts";

Deno.test.each(
  [
    [{}, false],
    [{ exclude: ["tests"] }, true],
    [{ exclude: ["tests/a"] }, true],
    [{ exclude: ["./tests/a/"] }, true],
    [{ exclude: ["tests/a/b_test.ts"] }, true],
    [{ exclude: ["tests/**/*_test.ts"] }, true],
    [{ exclude: ["**/b_test.ts"] }, true],
    [{ exclude: ["test", "a", "tests/a/b"] }, false],
    [{ exclude: ["tests", "!tests/a"] }, false],
    [{ test: { exclude: ["tests/a"] } }, true],
    [{ test: { include: ["tests"] } }, false],
    [{ test: { include: ["."] } }, false],
    [{ test: { include: ["lib"] } }, true],
    [{ test: { include: ["tests"], exclude: ["tests/a"] } }, true],
  ] satisfies [TestSettings, boolean][],
)("isLeftOut() with %j: %j", (settings, isOut) => {
  assertEquals(isLeftOut("tests/a/b_test.ts", settings), isOut);
});
