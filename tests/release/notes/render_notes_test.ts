import { assertEquals } from "@std/assert";
import { renderNotes } from "../../../lib/release/mod.ts";
import { renderNotesForTag } from "../../../lib/release/notes/render_notes.ts";

const BODY = `### Added

#### Library

- A flag \`--x\`: "on"
  or #off, see [the guide](docs/guide.md).
- Nested:
  - one
    line
  - two

\`\`\`sh
### not
a heading
\`\`\`
Behind
it.

### Fixed

A bug.
- And
  another.`;

Deno.test("renderNotes() makes each paragraph one line, and raises headings by a level, but not in code", () => {
  assertEquals(
    renderNotes(BODY),
    `## Added

### Library

- A flag \`--x\`: "on" or #off, see [the guide](docs/guide.md).
- Nested:
  - one line
  - two

\`\`\`sh
### not
a heading
\`\`\`
Behind it.

## Fixed

A bug.
- And another.
`,
  );
});

Deno.test("renderNotesForTag() has no line that git takes for a comment", () => {
  assertEquals(
    renderNotesForTag("### Added\n\n- A flag\n  #off.\n\n### Fixed"),
    "Added:\n\n- A flag\n  #off.\n\nFixed:",
  );
});
