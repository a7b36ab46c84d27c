// deno-lint-ignore-file no-console civitai-dl/no-console
// deno run --allow-read --allow-env=LOG_TOKENS,LOG_STREAM docs/examples/gate.ts report.json…
import { type GateCheck, parseGateConfig, runGate } from "@civitai-dl/civitai-dl/gate";

const { phases } = parseGateConfig(`
version: 1
phases:
  - name: release
    title: Ready to ship
    conditions:
      - { id: todos, title: Nothing is left to do, check: todos, require: "= 0" }
      - id: errors
        title: Errors are rare
        evidence: { schema: shop/load, sameCommit: false, maxAge: 7d }
        claims: [error_rate]
        require: "< 1%"`);
const todos: GateCheck = () => Promise.resolve({ value: 0, count: 3, unit: "files", measured: "none", problems: [] });
const evidence = await Promise.all(Deno.args.map(async (name) => ({ name, text: await Deno.readTextFile(name) })));
console.log(JSON.stringify(await runGate(phases[0]!, { checks: { todos }, evidence })));
