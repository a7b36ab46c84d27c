import { assert, assertStringIncludes } from "@std/assert";
import { FAILURE_CLASSES, PROBLEMS } from "../../lib/problems/mod.ts";
import { renderSubject } from "../../scripts/_health/render_subject.ts";

Deno.test("doctor NAME says every class of failure with its Japanese title first, and times as status does", () => {
  const last = new Date().toISOString();
  const failures = FAILURE_CLASSES.map((problem) => ({ problem, count: 1, last, message: "m" }));
  const subject = {
    kind: "creator",
    name: "ann",
    unlisted: null,
    failures,
    next: "n",
  } as const;
  const text = renderSubject({ ...subject, language: "ja" }, { color: false, width: 80 });
  for (const problem of FAILURE_CLASSES) {
    assertStringIncludes(text, `${PROBLEMS[problem].ja.title} (${problem}): 1 件、`);
  }
  assert(!text.includes(last));
});
