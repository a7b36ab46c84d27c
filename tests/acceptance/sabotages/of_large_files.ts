import { judgeByDemo, judgeByEmergencyTest, judgeByProductionTest, judgeByStability } from "../_judged.ts";
import { judgeTestsOf } from "../_one_room.ts";
import type { SourceEdit } from "../_product_copy.ts";
import { ROUGH } from "./of_stability.ts";
import { replace, type Sabotage } from "./_sabotage.ts";

const FINISH = "lib/transfer/transfer_file.ts";
const VERIFY = "  verify(request, part);\n";

/** Verify the hash of a transfer only if a condition holds. */
function verifyOnlyIf(condition: string): SourceEdit {
  return replace(FINISH, VERIFY, `  if (${condition}) verify(request, part);\n`);
}

/** A wrong hash that is swallowed where only large files get. */
const SWALLOWED: Readonly<Record<string, readonly SourceEdit[]>> = {
  "of-large-files": [verifyOnlyIf("part.sizeBytes <= 32 << 20")],
  "of-the-worker": [verifyOnlyIf("part.sizeBytes < 8 << 20")],
  "of-shared-files": [
    verifyOnlyIf('!("isShared" in state)'),
    replace(
      "lib/transfer/segments/crew.ts",
      "await this.#part.scatter();",
      "await this.#part.scatter();\n      Object.assign(this.#state, { isShared: true });",
    ),
  ],
  "of-resumed-files": [
    verifyOnlyIf('!("hasResumed" in state)'),
    replace(
      "lib/transfer/_transfer_state.ts",
      "    this.#isStarted = true;\n",
      "    this.#isStarted = true;\n    if (resumedBytes > 0) Object.assign(this, { hasResumed: true });\n",
    ),
  ],
};

/** What must show a swallowed hash: the tests, and everything that is run before a release. */
const WITNESSES: Readonly<Record<string, Pick<Sabotage, "judge" | "meant" | "says" | "also" | "code">>> = {
  "tests": {
    judge: (copy) => judgeTestsOf(copy, "tests/integration/size_thresholds_test.ts"),
    meant: "tests",
    says: /; tests\/integration\/size_thresholds_test\.ts: /,
  },
  "demo": { judge: judgeByDemo, meant: "wrong", code: 7 },
  "emergency-test": {
    // The fallback resumes, and the fastest engine shares.
    judge: (copy) => judgeByEmergencyTest(copy, ["--only", "turbo,fallback"]),
    meant: "emergency-test",
    says: /; (?:turbo|fallback): \d of \d files are missing, or differ from their source/,
    also: ["turbo", "fallback"],
  },
  "production-test": {
    judge: judgeByProductionTest,
    meant: "resume",
    says: /1 of \d files are missing or wrong/,
    also: ["download"],
  },
  "stability": {
    judge: (copy) => judgeByStability(copy, [...ROUGH, "--abort-on", "integrity"]),
    meant: "integrity",
    says: /; \d+-\S+: wrong bytes: \S/,
    also: ["success_rate", "recovery_rate"],
  },
};

/** Defects of a repair, which `demo` and `stability` do not do. */
const REPAIRS: Readonly<Record<string, readonly SourceEdit[]>> = {
  "of-repaired-files": [
    replace(
      "lib/downloader/repair/_patch_file.ts",
      "if (hashes.sha256 !== item.sha256) return",
      "if (hashes.sha256 !== item.sha256 && hashes.sizeBytes <= 32 << 20) return",
    ),
  ],
  "of-blocks": [
    replace(
      "lib/downloader/verify/_judge_content.ts",
      "filter((index) => actual.blocks[index] !== blocks[index])",
      "filter(() => false)",
    ),
  ],
};

const REPAIR_WITNESSES: typeof WITNESSES = {
  "tests": WITNESSES.tests!,
  "emergency-test": {
    judge: (copy) => judgeByEmergencyTest(copy, ["--only", "verify"]),
    meant: "verify",
    also: ["emergency-test"],
  },
  "production-test": { judge: judgeByProductionTest, meant: "download" },
};

/** Defects that only files of many megabytes show. */
export const SABOTAGES_OF_LARGE_FILES: readonly Sabotage[] = [
  ...cross(SWALLOWED, WITNESSES),
  ...cross(REPAIRS, REPAIR_WITNESSES),
  {
    name: "unchecked-part",
    edits: [
      replace(
        "lib/transfer/part/part_file.ts",
        "onBadBlock: (index: number) => this.#badBlock = Math.min(this.#badBlock, index),",
        "onBadBlock: () => {},",
      ),
    ],
    ...WITNESSES.tests!,
  },
];

function cross(
  defects: Readonly<Record<string, readonly SourceEdit[]>>,
  witnesses: typeof WITNESSES,
): readonly Sabotage[] {
  return Object.entries(defects).flatMap(([defect, edits]) =>
    Object.entries(witnesses).map(([witness, rest]) => ({
      name: `swallowed-hash-${defect}-${witness}`,
      edits,
      ...rest,
    }))
  );
}
