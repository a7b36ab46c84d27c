import { assertEquals, assertThrows } from "@std/assert";
import { compareReleaseVersions, parseReleaseVersion, tryParseReleaseVersion } from "../../../lib/release/mod.ts";
import { KitError } from "../../../lib/base/mod.ts";

Deno.test("parseReleaseVersion() reads every form of the strategy, with and without v", () => {
  assertEquals(parseReleaseVersion("v1.1.0-rc.2"), {
    text: "1.1.0-rc.2",
    tag: "v1.1.0-rc.2",
    stage: "candidate",
    base: "1.1.0",
    number: 2,
  });
  assertEquals(parseReleaseVersion("1.1.0").stage, "stable");
  assertEquals(parseReleaseVersion("v1.1.0-alpha").stage, "alpha");
  assertEquals(parseReleaseVersion("1.1.0-beta").stage, "beta");
  assertEquals(parseReleaseVersion("v1.2.0-phase2"), {
    text: "1.2.0-phase2",
    tag: "v1.2.0-phase2",
    stage: "phase",
    base: "1.2.0",
    number: 2,
  });
});

for (
  const text of [
    "",
    "v",
    "1",
    "1.1",
    "1.1.0.0",
    "01.1.0",
    "1.1.0-rc",
    "1.1.0-rc.0",
    "1.1.0-gamma",
    "1.1.0+1",
    "vv1.1.0",
    " 1.1.0",
    "main",
  ]
) {
  Deno.test(`parseReleaseVersion() refuses ${JSON.stringify(text)}`, () => {
    assertEquals(tryParseReleaseVersion(text), null);
    const error = assertThrows(() => parseReleaseVersion(text), KitError, `Cannot use version "${text}"`);
    assertEquals(error.code, "usage");
  });
}

Deno.test("compareReleaseVersions() sorts phase, alpha, beta, candidates by number, final, next patch", () => {
  const sorted = [
    "1.0.3",
    "1.1.0-phase1",
    "1.1.0-alpha",
    "1.1.0-beta",
    "1.1.0-rc.1",
    "1.1.0-rc.2",
    "1.1.0-rc.10",
    "1.1.0",
    "1.1.1",
    "1.10.0",
    "2.0.0",
  ];
  const shuffled = sorted.toReversed().map(parseReleaseVersion);
  assertEquals(shuffled.toSorted(compareReleaseVersions).map(({ text }) => text), sorted);
});
