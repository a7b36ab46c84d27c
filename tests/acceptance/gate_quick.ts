/**
 * Runs the quick part of the gate on this repository.
 *
 * Bound: 300 s on two processors. `deno run -q -P=acceptance tests/acceptance/gate_quick.ts`
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  const start = performance.now();
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", "gate", "--phase", "1", "--quick", "--json"],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stderr: "null",
  }).output();
  const seconds = (performance.now() - start) / 1000;
  const { verdict } = JSON.parse(new TextDecoder().decode(stdout)) as { readonly verdict: string };
  reportFigures({ seconds, verdict }, [
    { name: "it passes", isMet: code === 0 && verdict === "pass" },
    { name: "within 300 s", isMet: seconds <= 300 },
  ]);
}
