import { assertEquals } from "@std/assert";
import { explainMissingChange } from "../../../checks/documents/explain_missing_change.ts";

const BEFORE = `# Changelog

## [1.1.0]

### Added

- One, in
  two lines.

## [1.0.0] - 2026-01-02

- Old.
`;
const PROGRAM = ["lib/a.ts", "lib/b.ts", "scripts/c.ts", "scripts/d.ts"];

Deno.test.each(
  [
    ["a file of changes/ is new", BEFORE, ["changes/a.md"], true],
    ["a release took an entry over into an open section", BEFORE.replace("- One", "- Two.\n- One"), [], true],
    [
      "a release made a section",
      BEFORE.replace("## [1.1.0]", "## [1.2.0] - 2026-02-03\n\n- New.\n\n## [1.1.0]"),
      [],
      true,
    ],
    ["a release only dated a section", BEFORE.replace("## [1.1.0]", "## [1.1.0] - 2026-02-03"), [], false],
    ["a section got known entries", BEFORE.replace("## [1.1.0]", "## [1.2.0]"), [], false],
    ["an entry of a released version was changed", BEFORE.replace("- Old.", "- Old!"), [], false],
    ["a released version got an entry", `${BEFORE}- Older.\n`, [], false],
    ["only the lines break elsewhere", BEFORE.replace("in\n  two", "in two"), [], false],
    ["an entry is gone", BEFORE.replace("- Old.\n", ""), [], false],
    ["nothing changed", BEFORE, [], false],
  ] as const,
)("explainMissingChange() if %s", (_, now, changes, isTold) => {
  const reason = "no file of changes/ tells users of a change, but lib/a.ts, lib/b.ts, scripts/c.ts and 1 more changed";
  assertEquals(explainMissingChange({ program: PROGRAM, changes, before: BEFORE, now }), isTold ? null : reason);
  assertEquals(explainMissingChange({ program: [], changes, before: BEFORE, now }), null);
});
