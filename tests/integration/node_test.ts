import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { hasProgram } from "../helpers/has_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const EXPORTS = ["alerts", "bench", "failsafe", "gate", "sandbox"] as const;
/** `.ci/run` names one where the system's is older. */
const NODE = Deno.env.get("NODE_22") ?? "node";

/** Uses each export as a program in Node would, and prints what came of it. */
const PROGRAM = String.raw`
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { evaluateRules, EMPTY_ALERT_STATE, dispatch, parseAlertsConfig, parseReceiverUrl } from "./alerts.js";
import { compareBenchmarks } from "./bench.js";
import { classifyFailure, Failsafe, isRetryable, outcomeOfError, retry } from "./failsafe.js";
import { parseGateConfig, runGate } from "./gate.js";
import { startSandbox } from "./sandbox.js";

const said = {};

const { phases } = parseGateConfig(${"`"}version: 1
phases:
  - name: release
    title: Ready to ship
    conditions:
      - { id: todos, title: Nothing is left to do, check: todos, require: "= 0" }${"`"});
const counting = (value) => () =>
  Promise.resolve({ value, count: 3, unit: "files", measured: value + " in 3 files", problems: [] });
said.gate = [];
for (const left of [0, 2]) said.gate.push((await runGate(phases[0], { checks: { todos: counting(left) } })).verdict);

const gone = createServer();
await new Promise((resolve) => gone.listen(0, "127.0.0.1", resolve));
const { port } = gone.address();
await new Promise((resolve) => gone.close(resolve));
const refused = await fetch("http://127.0.0.1:" + port + "/").catch((error) => error);
const lost = await fetch("http://no-such-host.invalid/").catch((error) => error);
const missing = await readFile("no such file").catch((error) => error);
const failsafe = Failsafe.inMemory();
let calls = 0;
for (let admission; calls < 50 && (admission = failsafe.admit("example.com")).type !== "refused"; calls++) {
  admission.finish(outcomeOfError(refused));
}
said.failsafe = {
  classes: [refused, lost, missing, AbortSignal.abort().reason].map(classifyFailure),
  isRetryable: isRetryable(refused),
  isHard: outcomeOfError(refused).isHard,
  isOpened: calls > 0 && calls < 50,
  retried: await retry((attempt) => attempt < 3 ? Promise.reject(refused) : attempt, { maxRetries: 3, baseMs: 1 }),
};

const runs = [1, 1.01, 1.02, 1.03];
const about = { name: "parse", unit: "seconds", isExact: false, again: runs, problem: null };
const slower = [{ ...about, samples: [2, 2.02, 2.04, 2.06] }];
said.bench = compareBenchmarks([{ ...about, samples: runs }], slower).verdict;

const rules = parseAlertsConfig(${"`"}
rules: [{ alert: Slow, metric: latency_seconds, value: 2s, severity: warning, annotations: { summary: Slow } }]
receivers: []${"`"});
const source = { read: () => [{ labels: {}, value: 3, samples: 1 }] };
const { changes } = evaluateRules(EMPTY_ALERT_STATE, rules, source, Date.now());
let received;
const hook = createServer(async (request, response) => {
  const { alerts } = JSON.parse((await request.toArray()).join(""));
  received = [alerts[0].labels.alertname, request.headers.authorization];
  response.end();
});
await new Promise((resolve) => hook.listen(0, "127.0.0.1", resolve));
process.env.HOOK_PASSWORD = "s3cr3t";
const receiver = parseReceiverUrl("json://me:$" + "{HOOK_PASSWORD}@127.0.0.1:" + hook.address().port + "/alerts");
const [sent] = await dispatch({
  status: "firing",
  groupKey: "{}",
  groupLabels: {},
  alerts: [{
    status: "firing",
    labels: { alertname: changes[0].alert.rule, severity: "warning" },
    annotations: { summary: "Slow" },
    startsAt: 0,
    endsAt: null,
    value: 3,
    fingerprint: "c0ffee",
  }],
}, [receiver]);
hook.close();
said.alerts = { isSent: sent.ok, error: sent.error, received };

const sandbox = await startSandbox({ size: "tiny", outcomes: {} });
const headers = { authorization: "Bearer " + sandbox.token };
const [fact] = sandbox.facts();
const model = await (await fetch(sandbox.apiOrigin + "/api/v1/models/" + fact.modelId, { headers })).json();
const [file] = model.modelVersions[0].files;
const route = sandbox.apiOrigin + new URL(file.downloadUrl).pathname + "?fileId=" + file.id;
const link = await fetch(route, { headers, redirect: "manual" });
const bytes = Buffer.from(await (await fetch(link.headers.get("location"))).arrayBuffer());
said.sandbox = {
  isNamed: model.id === fact.modelId,
  isWhole: createHash("sha256").update(bytes).digest("hex").toUpperCase() === file.hashes.SHA256,
};
await sandbox.close();

console.log(JSON.stringify(said));
`;

Deno.test({
  name: "alerts, bench, failsafe, gate and sandbox work in Node 22",
  ignore: !await hasProgram(NODE, "-e", "process.exit(process.versions.node.split('.')[0] < 22 ? 1 : 0)"),
  fn: () =>
    inTempDir(async (folder) => {
      const entries = await Promise.all(EXPORTS.map(async (name) => {
        const entry = join(folder, `${name}.ts`);
        const path = join(ROOT, config.exports[`./${name}`]);
        await Deno.writeTextFile(entry, `export * from ${JSON.stringify(path)};\n`);
        return entry;
      }));
      const bundle = ["bundle", "-q", "--platform", "deno", "--code-splitting", "--outdir", folder, ...entries];
      await run(Deno.execPath(), bundle, ROOT);
      await Deno.writeTextFile(join(folder, "main.mjs"), PROGRAM);
      const said = JSON.parse(await run(NODE, ["main.mjs"], folder));
      assertEquals(said.gate, ["pass", "fail"]);
      assertEquals(said.failsafe, {
        classes: ["connection", "dns", "disk", "cancelled"],
        isRetryable: true,
        isHard: true,
        isOpened: true,
        retried: 3,
      });
      assertEquals(said.bench, "fail");
      assertEquals(said.alerts, { isSent: true, error: null, received: ["Slow", `Basic ${btoa("me:s3cr3t")}`] });
      assertEquals(said.sandbox, { isNamed: true, isWhole: true });
    }),
});

async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd, stdin: "null" }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`${program} ${args[0]} failed: ${text.decode(stderr)}`);
  return text.decode(stdout);
}
