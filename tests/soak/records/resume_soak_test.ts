import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { resumeSoak } from "../../../lib/soak/mod.ts";
import type { SoakResumeFacts } from "../../../lib/soak/records/resume_soak.ts";
import { SAMPLE_FACTS, sampleEvidence } from "../../helpers/evidence/soak_evidence.ts";

const FACTS: SoakResumeFacts = { ...SAMPLE_FACTS, plannedMs: 60_000 };

Deno.test("resumeSoak() accepts an unfinished report of the same program and settings", async () => {
  const text = JSON.stringify(await sampleEvidence());
  assertEquals(resumeSoak(text, FACTS).actualMs, 5000);
  // A newer kernel and slightly more memory count as the same machine.
  const machine = { ...SAMPLE_FACTS.machine, kernel: "linux 7.0", memoryBytes: 2 ** 33 };
  assertEquals(resumeSoak(text, { ...FACTS, machine }).actualMs, 5000);
});

Deno.test("resumeSoak() refuses an invalid start and reports why", async () => {
  const text = JSON.stringify(await sampleEvidence());
  const { machine } = SAMPLE_FACTS;
  const commit = { ...SAMPLE_FACTS.commit, sha: "b".repeat(40) };
  const cases: readonly (readonly [string, Partial<SoakResumeFacts>, string, string])[] = [
    [text.slice(0, -20), {}, "integrity", "truncated"],
    [text, { schema: "civitai-dl/benchmark" }, "integrity", "schema"],
    [text, { version: 2 }, "integrity", "version"],
    [text, { commit }, "unsafe", "started with commit aaaa"],
    [text, { commit: { ...commit, sha: "", isDirty: true } }, "unsafe", ", this is no commit+"],
    [text, { machine: { ...machine, cpu: "other" } }, "unsafe", "another machine: cpu was any, is now other"],
    [
      text,
      { machine: { ...machine, cores: 8, arch: "arm64" } },
      "unsafe",
      "cores was 2, is now 8; arch was x86_64, is now",
    ],
    [text, { settings: { toxics: "none" } }, "unsafe", "different settings"],
    [text, { plannedMs: 5000 }, "usage", "the run is complete after 5 s"],
  ];
  for (const [broken, facts, code, said] of cases) {
    const error = assertThrows(() => resumeSoak(broken, { ...FACTS, ...facts }), KitError);
    assertEquals(error.code, code);
    assertStringIncludes(error.message, said);
  }
});
