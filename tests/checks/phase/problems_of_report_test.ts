import { assertEquals } from "@std/assert";
import { problemsOfReport } from "../../../checks/phase/problems_of_report.ts";
import type { Evidence } from "../../../lib/base/mod.ts";
import { evidenceText } from "../../helpers/evidence/gate_evidence.ts";

function problems(claim: string, changes: Readonly<Record<string, unknown>>): readonly string[] {
  const evidence = JSON.parse(evidenceText(changes)) as Evidence;
  return problemsOfReport(evidence, claim).map(({ message }) => message);
}

const PAIRS = {
  schema: "civitai-dl/paired-stability",
  settings: { profile: "turbo", against: "parallel", toxics: "mild", seed: 7, rounds: 1000, lanes: 8 },
  rounds: [
    { round: 0, seed: 7, failures: [] },
    {
      round: 1,
      seed: 8,
      failures: [
        { side: "profile", key: "file:1:2", failure: "network", message: "Cannot fetch: reset" },
        { side: "profile", key: "file:1:9", failure: "network", message: "Cannot fetch: reset" },
        { side: "against", key: "file:1:9", failure: "network", message: "Cannot fetch: reset" },
      ],
    },
    {
      round: 2,
      seed: 9,
      failures: [
        { side: "profile", key: "file:3:4", failure: "stall", message: "Cannot fetch: silent" },
        { side: "against", key: "file:5:6", failure: "http", message: "gone" },
      ],
    },
  ],
};

Deno.test("problemsOfReport() names what only the judged profile failed to fetch, and repeats its first round", () => {
  const command = (rest: string) =>
    `repeat it from its seed: deno task paired-stability --profile turbo --against parallel --toxics mild ${rest}`;
  assertEquals(problems("failure_rate", PAIRS), [
    "seed 8: turbo: file:1:2: network: Cannot fetch: reset",
    "seed 9: turbo: file:3:4: stall: Cannot fetch: silent",
    command("--seed 8 --rounds 1"),
  ]);
  assertEquals(problems("timeout_rate", PAIRS), [
    "seed 9: turbo: file:3:4: stall: Cannot fetch: silent",
    command("--seed 9 --rounds 1"),
  ]);
  assertEquals(problems("p99_time", PAIRS), [command("--seed 7 --rounds 1000")]);
});

Deno.test("problemsOfReport() lists so many failures that the gate still shows the command", () => {
  const stalled = { side: "profile", failure: "stall", message: "silent" };
  const failures = Array.from({ length: 20 }, (_, index) => ({ ...stalled, key: `file:1:${index}` }));
  const found = problems("failure_rate", { ...PAIRS, rounds: [{ round: 0, seed: 7, failures }] });
  // The first of ten lines is the claim.
  assertEquals([found.length, found.at(-1)?.startsWith("repeat it from its seed: ")], [9, true]);
});

Deno.test("problemsOfReport() names the files that a load test did not get right", () => {
  const load = {
    schema: "civitai-dl/load",
    settings: { files: 10_000, bytes: 21_474_836_480, creators: 50, runs: 10, seed: 3 },
    rounds: [{ round: 0, messages: [] }, { round: 1, messages: ["a.safetensors: SHA-256 is 1, expected 2"] }],
  };
  const command = "repeat it from its seed: deno task load-test --files 10000 --bytes 21474836480 --creators 50 " +
    "--seed 3 --runs 1";
  assertEquals(problems("load_success", load), ["run 2: a.safetensors: SHA-256 is 1, expected 2", command]);
  assertEquals(problems("load_speed", load), [command]);
});

Deno.test("problemsOfReport() reads reports of other forms, and leaves those of soaks to their own list", () => {
  assertEquals(
    problems("failure_rate", { schema: "civitai-dl/paired-stability", rounds: 5, settings: null }).length,
    1,
  );
  assertEquals(problems("load_runs", { schema: "civitai-dl/load", rounds: [null], settings: [] }).length, 1);
  assertEquals(problems("speed_up:phase 4", {}), []);
});
