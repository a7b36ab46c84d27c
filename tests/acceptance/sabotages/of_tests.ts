import { judgeByGate } from "../_judged.ts";
import { judgeOneRoom, judgeTestsOf, UNTESTED_FILE } from "../_one_room.ts";
import { replace, type Sabotage } from "./_sabotage.ts";

const ONE_UNTESTED = /^fail; 1 of \d+ files; lib\/stats\/untested\.ts: /;

/** Defects of the tests themselves. */
export const SABOTAGES_OF_TESTS: readonly Sabotage[] = [
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
