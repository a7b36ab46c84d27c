import { judgeByGate } from "../_judged.ts";
import { judgeOneRoom, judgeTestsOf, UNTESTED_FILE } from "../_one_room.ts";
import { replace, type Sabotage } from "./_sabotage.ts";

const ONE_UNTESTED = /^fail; 1 of \d+ files; lib\/stats\/untested\.ts: /;

/** Defects of the tests themselves. */
export const SABOTAGES_OF_TESTS: readonly Sabotage[] = [
  {
    name: "deleted-test",
    edits: [{ type: "delete", path: "tests/transfer/part/extents_test.ts" }],
    judge: (copy) => judgeByGate(copy, ["--only", "kept-tests"]),
    meant: "kept-tests",
    says: /; (?:tests\/transfer\/part\/extents_test\.ts: "[^;]+" is gone since \w+; )+if that is right/,
  },
  {
    name: "deleted-case",
    edits: [replace(
      "tests/stats/quantile_test.ts",
      'Deno.test("normalTail() agrees with the tables", ',
      'void ("normalTail() agrees with the tables", ',
    )],
    judge: (copy) => judgeByGate(copy, ["--only", "kept-tests"]),
    meant: "kept-tests",
    says: /; tests\/stats\/quantile_test\.ts: "normalTail\(\) agrees with the tables" is gone since \w+; if that/,
  },
  {
    name: "ignored-case",
    edits: [replace(
      "tests/stats/quantile_test.ts",
      'Deno.test("normalTail() agrees with the tables", ',
      'Deno.test.ignore("normalTail() agrees with the tables", ',
    )],
    judge: (copy) => judgeByGate(copy, ["--only", "kept-tests"]),
    meant: "kept-tests",
    says: /: "normalTail\(\) agrees with the tables" is ignored; if that/,
  },
  {
    name: "case-on-no-system",
    edits: [replace(
      "tests/stats/quantile_test.ts",
      'Deno.test("normalTail() agrees with the tables", () => {',
      'Deno.test("normalTail() agrees with the tables", { ignore: Deno.build.os !== "netbsd" }, () => {',
    )],
    judge: (copy) => judgeByGate(copy, ["--only", "kept-tests"]),
    meant: "kept-tests",
    says: /: "normalTail\(\) agrees with the tables" is ignored, since it says "ignore: .*netbsd""; if that/,
  },
  {
    name: "returned-case",
    edits: [replace(
      "tests/stats/quantile_test.ts",
      'Deno.test("normalTail() agrees with the tables", () => {\n',
      'Deno.test("normalTail() agrees with the tables", () => {\n  return;\n',
    )],
    judge: (copy) => judgeByGate(copy, ["--only", "kept-tests"]),
    meant: "kept-tests",
    says: /: "normalTail\(\) agrees with the tables" has lost its assertions; if that/,
  },
  {
    name: "emptied-tables",
    edits: [
      replace(
        "tests/transfer/part/extents_test.ts",
        "for (const [before, added, after] of CASES) {",
        "for (const [before, added, after] of CASES.slice(0, 0)) {",
      ),
      replace(
        "tests/transfer/part/part_journal_test.ts",
        "for (const [what, text] of UNSOUND) {",
        "for (const [what, text] of UNSOUND.slice(0, 0)) {",
      ),
    ],
    judge: (copy) => judgeByGate(copy, ["--only", "kept-tests"]),
    meant: "kept-tests",
    says:
      /; tests\/transfer\/part\/extents_test\.ts: "addExtent\(\) returns [^;]+" is still declared, but does not run; tests\/transfer\/part\/part_journal_test\.ts: "[^;]+" is still declared, but does not run; if that/,
  },
  {
    name: "unreached-file",
    edits: [
      replace(
        "tests/stats/quantile_test.ts",
        'Deno.test("quantile() interpolates linearly", ',
        'if (Deno.build.os === "netbsd") {\nDeno.test("quantile() interpolates linearly", ',
      ),
      replace(
        "tests/stats/quantile_test.ts",
        "normalTail(3.000001), 1, 1e-4);\n});\n",
        "normalTail(3.000001), 1, 1e-4);\n});\n}\n",
      ),
    ],
    judge: (copy) => judgeByGate(copy, ["--only", "kept-tests"]),
    meant: "kept-tests",
    says: /; (?:tests\/stats\/quantile_test\.ts: "[^;]+" is still declared, but does not run; ){5}if that/,
  },
  {
    name: "left-out-folders",
    edits: [replace(
      "deno.json",
      '    "sanitizeOps": true,\n',
      '    "exclude": ["tests/transfer", "tests/failsafe", "tests/downloader"],\n    "sanitizeOps": true,\n',
    )],
    judge: (copy) => judgeByGate(copy, ["--only", "kept-tests"]),
    meant: "kept-tests",
    says:
      /; deno\.json: "test" differs from \w+: tests may be left out; tests\/downloader\/[^;]+ is still declared, but does not run; /,
  },
  {
    name: "voided-asserts",
    edits: [replace("std/assert/mod.ts", "  throw new AssertionError(", "  void new AssertionError(")],
    judge: (copy) => judgeTestsOf(copy, "tests/std"),
    meant: "tests",
    says: /; tests\/std\/assert_test\.ts: /,
  },
  {
    name: "untested-file",
    edits: [UNTESTED_FILE],
    judge: judgeOneRoom,
    meant: "untested",
    says: ONE_UNTESTED,
  },
  {
    // The check of config/phases.yml: all tests, with coverage.
    name: "untested-file-of-all",
    edits: [UNTESTED_FILE],
    judge: (copy) => judgeByGate(copy, ["--only", "untested"]),
    meant: "untested",
    says: ONE_UNTESTED,
    isLong: true,
  },
];
