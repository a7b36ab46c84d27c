import { assertEquals } from "@std/assert";
import { explainChangelog } from "../../../checks/documents/explain_changelog.ts";

const BEFORE = `# Changelog

## [Unreleased]

### Added

- One, in
  two lines.

## [1.0.0]

- Old.
`;
const CHANGED = ["lib/a.ts", "lib/b.ts", "scripts/c.ts", "scripts/d.ts"];

Deno.test.each(
  [
    ["an entry was added", BEFORE.replace("- One", "- Two.\n- One"), true],
    ["an entry was changed", BEFORE.replace("two lines", "three lines"), true],
    ["a release moved the entries", BEFORE.replace("## [Unreleased]", "## [Unreleased]\n\n## [1.1.0]"), false],
    [
      "a release moved the entries and added one",
      BEFORE.replace("## [Unreleased]", "## [Unreleased]\n\n## [1.1.0]\n\n- New."),
      true,
    ],
    ["an entry of a released version was changed", BEFORE.replace("- Old.", "- Old!"), false],
    ["a released version got an entry", `${BEFORE}- Older.\n`, false],
    ["an entry was copied into a released version", `${BEFORE}- One, in two words.\n`, false],
    ["only the lines break elsewhere", BEFORE.replace("in\n  two", "in two"), false],
    ["an entry is gone", BEFORE.replace("- Old.\n", ""), false],
    ["nothing changed", BEFORE, false],
  ] as const,
)("explainChangelog() if %s", (_, now, isTold) => {
  const reason = "no entry was added under [Unreleased], but lib/a.ts, lib/b.ts, scripts/c.ts and 1 more changed";
  assertEquals(explainChangelog(BEFORE, now, CHANGED), isTold ? null : reason);
  assertEquals(explainChangelog(BEFORE, now, []), null);
});
