// @ts-types="@types/semver"
import semver from "semver";
import { assertEquals, assertThrows } from "@std/assert";
import { compareReleaseVersions, parseReleaseVersion, tryParseReleaseVersion } from "../../../lib/installation/mod.ts";
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

Deno.test("parseReleaseVersion() reads the forms of another strategy, and no others", () => {
  const forms = { stable: "v{version}", candidate: "v{version}-preview.{number}" };
  const { stage, number, base } = parseReleaseVersion("v3.2.1-preview.12", forms);
  assertEquals([stage, number, base], ["candidate", 12, "3.2.1"]);
  for (const text of ["3.2.1-rc.1", "3.2.1-alpha", "3.2.1-preview", "3.2.1-preview.0", "3.2.1-preview.1x"]) {
    assertThrows(() => parseReleaseVersion(text, forms), KitError, `Cannot use version "${text}"`);
  }
  assertEquals(
    assertThrows(() => parseReleaseVersion("1", forms), KitError).hint,
    "Write it like 1.1.0 or 1.1.0-preview.1",
  );
});

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
  const shuffled = sorted.toReversed().map((text) => parseReleaseVersion(text));
  assertEquals(shuffled.toSorted(compareReleaseVersions).map(({ text }) => text), sorted);
});

for (
  const [lower, higher] of [
    ["1.1.0-alpha", "1.1.0-beta"],
    ["1.1.0-beta", "1.1.0-rc.1"],
    ["1.1.0-rc.1", "1.1.0-rc.2"],
    ["1.1.0-rc.9", "1.1.0-rc.10"],
    ["1.1.0-rc.10", "1.1.0"],
    ["1.1.0", "1.1.1-alpha"],
  ] as const
) {
  Deno.test(`compareReleaseVersions() sorts ${lower} before ${higher}, as Semantic Versioning does`, () => {
    const a = parseReleaseVersion(lower);
    const b = parseReleaseVersion(higher);
    assertEquals([compareReleaseVersions(a, b) < 0, compareReleaseVersions(b, a) > 0], [true, true]);
    assertEquals(semver.compare(lower, higher), -1);
  });
}
