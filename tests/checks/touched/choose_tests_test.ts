import { assertEquals } from "@std/assert";
import { chooseTests } from "../../../checks/touched/choose_tests.ts";

const FILES = new Map([
  ["lib/ground/mod.ts", ""],
  ["lib/wall/mod.ts", 'import { a } from "../ground/mod.ts";\n'],
  ["lib/roof/mod.ts", 'export { b } from "../wall/mod.ts";\n'],
  ["lib/fence/mod.ts", 'import { a } from "../ground/mod.ts";\n'],
  ["lib/garden/mod.ts", 'import type { A } from "../ground/mod.ts";\n'],
  ["lib/cellar/mod.ts", 'import { a } from "./a.ts";\n'],
  ["scripts/_gate/shown.ts", ""],
  ["scripts/gate.ts", 'import { shown } from "./_gate/shown.ts";\n'],
  ["tests/ground/one_test.ts", ""],
  ["tests/ground/inner/two_test.ts", ""],
  ["tests/ground/_helper.ts", ""],
  ["tests/wall/wall_test.ts", 'const SHIPPED = read("../../config/wall.yml");\n'],
  ["tests/roof/roof_test.ts", ""],
  ["tests/wall/more_test.ts", ""],
  ["tests/fence/fence_test.ts", ""],
  ["tests/garden/garden_test.ts", ""],
  ["tests/garden/more_test.ts", ""],
  ["tests/cellar/cellar_test.ts", ""],
  ["tests/scripts/gate_test.ts", ""],
  ["tests/scripts/gate_kill_test.ts", ""],
  ["tests/scripts/seal_test.ts", 'import { shown } from "../../scripts/_gate/shown.ts";\n'],
  ["tests/scripts/other_test.ts", ""],
]);

/** The names of the chosen groups, and the number of files. */
function choose(touched: readonly string[], most = 100) {
  const { own, importers, leftOut, untested } = chooseTests({ touched, files: FILES, most });
  return {
    own: own.map(({ name }) => name),
    importers: importers.map(({ name }) => name),
    leftOut,
    untested,
    files: [...own, ...importers].flatMap(({ files }) => files),
  };
}

Deno.test("chooseTests() takes the room that was touched, then those that import it, the nearest and most used first", () => {
  assertEquals(choose(["lib/ground/mod.ts"]), {
    own: ["ground"],
    importers: ["wall", "fence", "garden", "roof"],
    leftOut: [],
    untested: [],
    files: [
      ...["tests/ground/one_test.ts", "tests/ground/inner/two_test.ts", "tests/wall/wall_test.ts"],
      ...["tests/wall/more_test.ts", "tests/fence/fence_test.ts"],
      ...["tests/garden/garden_test.ts", "tests/garden/more_test.ts", "tests/roof/roof_test.ts"],
    ],
  });
  assertEquals(choose(["lib/roof/mod.ts", "lib/cellar/mod.ts"]).own, ["cellar", "roof"]);
});

Deno.test("chooseTests() leaves importers out that would be too many, and no room that was touched", () => {
  const { own, importers, leftOut } = choose(["lib/ground/mod.ts"], 5);
  assertEquals([own, importers, leftOut], [["ground"], ["wall", "fence"], ["garden", "roof"]]);
  assertEquals(choose(["lib/ground/mod.ts"], 1), {
    own: ["ground"],
    importers: [],
    leftOut: ["wall", "fence", "garden", "roof"],
    untested: [],
    files: ["tests/ground/one_test.ts", "tests/ground/inner/two_test.ts"],
  });
});

Deno.test("chooseTests() knows the tests of scripts by name and import, and of other files by their path", () => {
  assertEquals(choose(["scripts/gate.ts"]).files, ["tests/scripts/gate_test.ts", "tests/scripts/gate_kill_test.ts"]);
  assertEquals(choose(["scripts/_gate/shown.ts"]).files, [
    ...["tests/scripts/gate_test.ts", "tests/scripts/gate_kill_test.ts", "tests/scripts/seal_test.ts"],
  ]);
  assertEquals(choose(["config/wall.yml"]).own, ["config/wall.yml"]);
  assertEquals(choose(["config/wall.yml"]).files, ["tests/wall/wall_test.ts"]);
});

Deno.test("chooseTests() takes a touched test alone, and its whole folder if a helper was touched or a test is gone", () => {
  assertEquals(choose(["tests/ground/one_test.ts"]).files, ["tests/ground/one_test.ts"]);
  const whole = ["tests/ground/one_test.ts", "tests/ground/inner/two_test.ts"];
  assertEquals(choose(["tests/ground/_helper.ts"]).files, whole);
  assertEquals(choose(["tests/ground/gone_test.ts"]).files, whole);
  // Nothing runs twice.
  assertEquals(choose(["tests/ground/one_test.ts", "lib/ground/mod.ts"]).files.slice(0, 2), whole);
});

Deno.test("chooseTests() names what has no tests, takes every room for a new dependency, and nothing for pages", () => {
  assertEquals(choose(["scripts/gone.ts", "docs/gate.md", "CHANGELOG.md"]), {
    own: [],
    importers: [],
    leftOut: [],
    untested: ["scripts/gone.ts"],
    files: [],
  });
  assertEquals(choose(["deno.lock"]).own, ["cellar", "fence", "garden", "ground", "roof", "wall"]);
});
