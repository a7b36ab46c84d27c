import { assertEquals } from "@std/assert";
import { auditWorkflow, WORKFLOW_RULES } from "../../../checks/workflows/audit_workflow.ts";
import type { AuditFacts } from "../../../checks/workflows/audit_facts.ts";

const CHECKOUT = "1".repeat(40);
const SETUP = "2".repeat(40);
const UPLOAD = "3".repeat(40);
const DOWNLOAD = "6".repeat(40);
const NODE = "7".repeat(40);

const FACTS: AuditFacts = {
  pins: {
    "actions/checkout": { "v7.0.1": CHECKOUT, "v7.0.0": "4".repeat(40) },
    "denoland/setup-deno": { "v2.0.4": SETUP },
    "actions/upload-artifact": { "v7.0.1": UPLOAD },
    "actions/download-artifact": { "v8.0.1": DOWNLOAD },
    "actions/setup-node": { "v7.0.0": NODE },
  },
  tasks: ["ok", "test"],
  tags: ["v1.1.0", "v1.1.0-alpha", "v1.1.0-rc.1", "v1.1.0-phase1"],
};

/** A workflow without a fault. */
const GOOD = `name: Good
on:
  pull_request:
  push:
    branches: [main, "performance/*"]
    tags: ["v[0-9]+.[0-9]+.[0-9]+"]
jobs:
  test:
    permissions: {contents: read}
    timeout-minutes: 10
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@${CHECKOUT} # v7.0.1
        with: {persist-credentials: false}
      - uses: denoland/setup-deno@${SETUP} # v2.0.4
      - run: deno task ok
      - if: startsWith(github.ref, 'refs/heads/performance/')
        env:
          REF: \${{ github.ref }}
        run: echo "$REF \${{ github.sha }}"
      - uses: actions/upload-artifact@${UPLOAD} # v7.0.1
        with: {path: reports/, if-no-files-found: error}
`;

function findings(text: string): readonly string[] {
  return auditWorkflow(text, "x.yml", FACTS).map(({ rule, line, message }) => `${rule} ${line}: ${message}`);
}

Deno.test("auditWorkflow() finds nothing in a workflow without a fault", () => {
  assertEquals(findings(GOOD), []);
});

const CHECKED_OUT = `- uses: actions/checkout@${CHECKOUT} # v7.0.1\n        with: {persist-credentials: false}`;
/** npm publishes an artifact. */
const ARTIFACT = [
  `- uses: actions/download-artifact@${DOWNLOAD} # v8.0.1`,
  `- uses: actions/setup-node@${NODE} # v7.0.0`,
  "- run: npm publish x.tgz",
].join("\n      ");

/** One fault each: what is replaced in the good workflow, by what, and what is found. */
const FAULTS: readonly (readonly [string, string, readonly string[]])[] = [
  [`checkout@${CHECKOUT} # v7.0.1`, "checkout@v7", [
    'unpinned-action 13: "actions/checkout@v7" is not pinned to a commit: whoever can move "v7" can run code here',
  ]],
  [`checkout@${CHECKOUT} # v7.0.1`, `checkout@${CHECKOUT.slice(0, 12)} # v7.0.1`, [
    'unpinned-action 13: "actions/checkout@111111111111" is not pinned to a commit: whoever can move "111111111111" can ' +
    "run code here",
  ]],
  [` # v7.0.1\n        with: {persist`, "\n        with: {persist", [
    `unpinned-action 13: "actions/checkout@${CHECKOUT}" does not say which version the commit is`,
  ]],
  [`${CHECKOUT} # v7.0.1`, `${CHECKOUT} # v7.0.0`, [
    'unknown-pin 13: The comment says v7.0.0, but the commit of "actions/checkout" is v7.0.1',
  ]],
  [`${CHECKOUT} # v7.0.1`, `${"5".repeat(40)} # v7.0.1`, [
    `unknown-pin 13: v7.0.1 of "actions/checkout" is the commit ${CHECKOUT}, not ${"5".repeat(40)}`,
  ]],
  [`setup-deno@${SETUP} # v2.0.4`, `setup-deno@${SETUP} # v2.0.4\n      - uses: a/b@${SETUP} # v1.0.0`, [
    'unknown-pin 16: v1.0.0 of "a/b" is not in .github/action-pins.json',
  ]],
  ["${{ github.sha }}", "${{ github.ref_name }}", [
    "script-injection 20: The script contains ${{ github.ref_name }}, so whoever chooses that text can run commands",
  ]],
  ["${{ github.sha }}", "${{ format('{0}', github.event.pull_request.title) }}", [
    "script-injection 20: The script contains ${{ format('{0}', github.event.pull_request.title) }}, so whoever chooses " +
    "that text can run commands",
  ]],
  ["path: reports/", "path: reports/, script: 'x(${{ inputs.y }})'", [
    "script-injection 22: The script contains ${{ inputs.y }}, so whoever chooses that text can run commands",
  ]],
  ["deno task ok", "deno task -q okay", ['unknown-task 16: deno.json has no task "okay"']],
  ["deno task ok", "deno task ok || true", ['tolerated-failure 16: "|| true" tolerates a failure']],
  ["deno task ok", "deno task ok || [ $? -eq 3 ]", ['tolerated-failure 16: "|| [ $? -eq 3 ]" tolerates a failure']],
  ["deno task ok", "deno task ok || code=$?", ['tolerated-failure 16: "|| code=$?" tolerates a failure']],
  [
    "run: deno task ok",
    'run: |\n          code=0\n          deno task ok || code=$?\n          if [ "$code" -eq 1 ]; then exit 0; fi\n          exit "$code"',
    ["tolerated-failure 19: The script treats exit code 1 in a way of its own"],
  ],
  ["run: deno task ok", "run: |\n          set +e\n          deno task ok", [
    "tolerated-failure 17: set +e: failures of the lines below are not seen",
  ]],
  ["deno task ok", "deno task ok | tee log", ['tolerated-failure 16: A pipe hides the exit code of "deno task ok"']],
  ["run: deno task ok", "run: deno task ok\n        continue-on-error: true", [
    "tolerated-failure 17: continue-on-error: its failure is not seen",
  ]],
  ["    permissions: {contents: read}\n", "", [
    'no-permissions 8: Job "test" does not say which permissions its token has',
  ]],
  ["{contents: read}", "{contents: write}", ['excess-permissions 9: Job "test" has contents: write']],
  ["{contents: read}", "{id-token: write}", ['excess-permissions 9: Job "test" has id-token: write']],
  ["{contents: read}", "{packages: write}", ['excess-permissions 9: Job "test" has packages: write']],
  ["{contents: read}", "{pages: write}", ['excess-permissions 9: Job "test" has pages: write']],
  ["{contents: read}", "{issues: write}", [
    'excess-permissions 9: Job "test" has issues: write, in a workflow that also runs for pull requests',
  ]],
  ["{contents: read}", "write-all", ["excess-permissions 9: write-all gives every right"]],
  ["jobs:", "permissions: {issues: write}\njobs:", ["excess-permissions 7: issues: write is given to all jobs"]],
  ["  pull_request:", "  pull_request:\n  pull_request_target:", [
    "pull-request-target 4: pull_request_target runs with the repository's secrets on the request of a stranger",
  ]],
  ["persist-credentials: false", "fetch-depth: 0", [
    "kept-credentials 13: The checkout leaves the token in .git/config, where every later step can read it",
  ]],
  ["    timeout-minutes: 10\n", "", [
    'no-timeout 8: Job "test" has no timeout-minutes: if it hangs, it does so for six hours',
  ]],
  ["timeout-minutes: 10", "timeout-minutes: 480", [
    'long-timeout 10: Job "test" may take 480 minutes, but GitHub ends it after 360',
  ]],
  ["timeout-minutes: 10\n    runs-on: ubuntu-latest", "timeout-minutes: 9000\n    runs-on: [self-hosted, linux]", [
    'long-timeout 10: Job "test" may take 9000 minutes, but GitHub ends it after 7200',
  ]],
  ["startsWith(github.ref, 'refs/heads/performance/')", "github.event_name == 'schedule'", [
    'impossible-event 17: The condition asks for the event "schedule", but the workflow is started by: pull_request, push',
  ]],
  ["startsWith(github.ref, 'refs/heads/performance/')", "inputs.x && github.event.workflow_run.id > 0", [
    "impossible-event 17: The condition reads github.event.workflow_run, which none of these events has: pull_request, " +
    "push",
  ]],
  ["refs/heads/performance/", "refs/heads/feature/", [
    "impossible-ref 17: No push that starts the workflow fulfils startsWith(github.ref, 'refs/heads/feature/')",
  ]],
  ["refs/heads/performance/", "refs/tags/release-", [
    "impossible-ref 17: No push that starts the workflow fulfils startsWith(github.ref, 'refs/tags/release-')",
  ]],
  ['tags: ["v[0-9]+', 'tags: ["release-*", "v[0-9]+', [
    'dead-tag 6: No tag of config/branches.yml matches "release-*"',
  ]],
  [CHECKED_OUT, ARTIFACT, [
    'no-checkout 17: Job "test" runs code of the repository without a checkout: its folder is empty',
  ]],
  [CHECKED_OUT, "- run: echo begin", [
    'no-checkout 15: Job "test" runs code of the repository without a checkout: its folder is empty',
  ]],
  [
    CHECKED_OUT,
    "- run: .github/scripts/judge.sh x",
    ['no-checkout 13: Job "test" runs code of the repository without a checkout: its folder is empty'],
  ],
  [`      - uses: denoland/setup-deno@${SETUP} # v2.0.4\n`, "", [
    'no-setup 15: Job "test" runs deno without installing it',
  ]],
  ["deno task ok", "(cd x && python3 y.py)", ['no-setup 16: Job "test" runs python3 without installing it']],
  [", if-no-files-found: error", "", [
    `silent-artifact 21: The step "actions/upload-artifact@${UPLOAD}" succeeds if there is no file`,
  ]],
  ["jobs:", "jobs: [", ["not-a-workflow 8: "]],
];
for (const [from, to, expected] of FAULTS) {
  Deno.test(`auditWorkflow() finds ${expected[0]!.split(":")[0]} after ${JSON.stringify(from)} became ${to}`, () => {
    assertEquals(GOOD.includes(from), true);
    const found = findings(GOOD.replace(from, () => to));
    // What the YAML parser says of its own errors is not compared.
    if (expected[0]!.startsWith("not-a-workflow")) {
      assertEquals(/^not-a-workflow \d+: invalid YAML/.test(found[0]!), true);
    } else assertEquals(found, expected);
  });
}

Deno.test("auditWorkflow() has a test for every rule", () => {
  const tested = new Set(FAULTS.flatMap(([, , expected]) => expected.map((text) => text.split(" ")[0]!)));
  assertEquals(Object.keys(WORKFLOW_RULES).filter((rule) => !tested.has(rule)), []);
});

/** What looks like a fault and is none. */
const INNOCENT: readonly (readonly [string, string])[] = [
  [CHECKED_OUT, `${ARTIFACT}\n      ${CHECKED_OUT}`],
  ["run: deno task ok", 'run: |\n          deno task ok || code=$?\n          exit "$code"'],
  [
    "run: deno task ok",
    'run: |\n          code=0\n          deno task ok || code=$?\n          if [ "$code" -eq 3 ]; then exit 0; fi\n          exit "$code"',
  ],
  ["run: deno task ok", "run: |\n          if deno task ok || deno task test; then echo x; fi"],
  ["run: deno task ok", 'run: deno task ok || { echo "it failed"; exit 1; }'],
  ["run: deno task ok", "shell: bash\n        run: deno task ok | tee log"],
  ["run: deno task ok", "continue-on-error: ${{ matrix.isPreview }}\n        run: deno task ok"],
  ["runs-on: ubuntu-latest", "runs-on: [self-hosted]"],
  ["github.ref, 'refs/heads/performance/'", "github.ref, 'refs/tags/v'"],
  ["startsWith(github.ref, 'refs/heads/performance/')", "github.ref == 'refs/heads/main'"],
  [
    `uses: denoland/setup-deno@${SETUP} # v2.0.4`,
    `uses: denoland/setup-deno@${SETUP} # v2.0.4\n      - uses: ./.github/x`,
  ],
  ["startsWith(github.ref, 'refs/heads/performance/')", "contains(github.event.pull_request.title, 'x')"],
];
for (const [from, to] of INNOCENT) {
  Deno.test(`auditWorkflow() accepts ${JSON.stringify(to)}`, () => {
    assertEquals(GOOD.includes(from), true);
    assertEquals(findings(GOOD.replace(from, () => to)), []);
  });
}

for (
  const [text, reason] of [["jobs: {}", 'it has no "on"'], ["on: push", "it has no jobs"], ["- a", "not a mapping"]]
) {
  Deno.test(`auditWorkflow() says that this is not a workflow: ${text}`, () => {
    const [found, ...others] = findings(text!);
    assertEquals([found!.includes(reason!), others], [true, []], found);
  });
}
