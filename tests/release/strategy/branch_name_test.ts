import { assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import {
  branchOfKind,
  matchBranch,
  parseBranchName,
  parseReleaseNumber,
  parseStrategy,
  releaseBranches,
} from "../../../lib/release/mod.ts";

const STRATEGY = parseStrategy(
  await Deno.readTextFile(new URL("../../../config/branches.yml", import.meta.url)),
  "branches.yml",
);

Deno.test("matchBranch() recognizes every branch of the strategy, and each spelling of a release branch", () => {
  for (
    const [name, kind, version] of [
      ["develop", "develop", undefined],
      ["performance/phase1", "phase", "1.1.0"],
      ["performance/phase4", "phase", "2.0.0"],
      ["feature/cli-options", "feature", undefined],
      ["hotfix/security", "hotfix", undefined],
      ["experimental/cache-optimization", "experimental", undefined],
      ["benchmark/baseline", "benchmark", undefined],
      ["benchmark/phase3-test", "benchmark", undefined],
      ["benchmark/comparison", "benchmark", undefined],
      ["release/v1.1-candidate", "release", "1.1.0"],
      ["release/v1.1.0-candidate", "release", "1.1.0"],
      ["release/v2.0.0-alpha", "release", "2.0.0"],
      ["release/v2.0.0-beta", "release", "2.0.0"],
    ] as const
  ) {
    const branch = matchBranch(STRATEGY, name);
    assertEquals([branch?.rule.kind, branch?.words.version], [kind, version], name);
  }
  for (
    const name of [
      "main",
      "performance/phase",
      "performance/phase01",
      "performance/phase9",
      "feature/",
      "release/v1-candidate",
    ]
  ) {
    assertEquals(matchBranch(STRATEGY, name), null, name);
  }
});

for (
  const name of [
    "featur/x",
    "x",
    "",
    "feature/..x",
    "feature/x.lock",
    "feature/x y",
    "feature/x:y",
    "feature/@{x",
    "-x",
    "feature/x~1",
    "refs/heads/x",
  ]
) {
  Deno.test(`parseBranchName() refuses ${JSON.stringify(name)}`, () => {
    const error = assertThrows(() => parseBranchName(STRATEGY, name), KitError, "Cannot use the branch");
    assertEquals(error.code, "usage");
  });
}

Deno.test("parseBranchName() suggests the kind that was meant, or the names of that kind", () => {
  const hintOf = (name: string) => assertThrows(() => parseBranchName(STRATEGY, name), KitError).hint ?? "";
  assertEquals(hintOf("featur/x").startsWith("Did you mean feature/x? Names: "), true);
  assertEquals(hintOf("performance/phase9").startsWith("Phases: 1 (Measuring"), true);
  assertEquals(hintOf("release/x").startsWith("Names that begin with release/ look like release/v{minor}-cand"), true);
});

Deno.test("matchBranch() takes no name with invisible characters, and parseBranchName() names the first", () => {
  for (const [name, code] of [["feature/\u200bx", "U+200B"], ["hotfix/a\u202egnp", "U+202E"]] as const) {
    assertEquals(matchBranch(STRATEGY, name), null);
    assertThrows(() => parseBranchName(STRATEGY, name), KitError, `must not contain the invisible character ${code}`);
  }
  assertEquals(matchBranch(STRATEGY, "feature/👩‍🚀")?.words.name, "👩‍🚀");
});

Deno.test("branchOfKind() builds names from words, and refuses words that make no name", () => {
  assertEquals(branchOfKind(STRATEGY, "hotfix", { name: "issue-20261127" }).name, "hotfix/issue-20261127");
  assertEquals(branchOfKind(STRATEGY, "release", { version: "1.1.0" }).name, "release/v1.1-candidate");
  assertEquals(branchOfKind(STRATEGY, "release", { version: "1.1.2" }).name, "release/v1.1.2-candidate");
  assertThrows(() => branchOfKind(STRATEGY, "hotfix", { name: "日本 語" }), KitError, "must not contain a space");
  assertThrows(() => branchOfKind(STRATEGY, "hotfix", { name: "" }), KitError, 'must not begin or end with "/"');
  assertEquals(branchOfKind(STRATEGY, "hotfix", { name: "認証/-修正+1" }).name, "hotfix/認証/-修正+1");
  assertThrows(() => branchOfKind(STRATEGY, "hotfix", { name: "長".repeat(70) }), KitError, "is longer than 200 bytes");
});

Deno.test("releaseBranches() lists every name that a release may have, the short one for .0 only", () => {
  const names = (version: string) => releaseBranches(STRATEGY, version).map(({ name }) => name);
  const long = (version: string) => ["candidate", "alpha", "beta"].map((suffix) => `release/v${version}-${suffix}`);
  assertEquals(names("1.1.0"), ["release/v1.1-candidate", ...long("1.1.0")]);
  assertEquals(names("1.1.2"), long("1.1.2"));
});

Deno.test("parseReleaseNumber() accepts two or three numbers, and nothing else", () => {
  assertEquals([parseReleaseNumber("1.1"), parseReleaseNumber("v1.1.2")], ["1.1.0", "1.1.2"]);
  for (const text of ["1", "1.1.0-rc.1", "1.x", ""]) {
    assertThrows(() => parseReleaseNumber(text), KitError, "not a version");
  }
});
