import { assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { openEvidence } from "../../lib/base/mod.ts";
import { inProductRepository } from "../helpers/repository/product_repository.ts";

const PHASES = `version: 1
sources: [make.ts, more.ts]
phases:
  - name: 1
    title: One
    conditions:
      - id: side-by-side
        title: One step that cannot be stopped
        evidence: { schema: civitai-dl/concurrency, maxAge: 14d }
        claims: [errors]
        judge: verdict
        command: deno task concurrency-test
      - id: kept
        title: One step that goes on
        evidence: { schema: civitai-dl/paired-stability, maxAge: 14d }
        claims: [errors]
        judge: verdict
        command: deno task paired-stability --profile parallel
`;

/** What the tasks of the two steps run: it notes its run, and writes a sealed report of its checkout. */
const MAKE = `import { evidenceHeader } from "./lib/bench/mod.ts";
import { sealEvidence } from "./lib/base/mod.ts";
const [kind, ...words] = Deno.args;
const path = words.at(-1);
await Deno.writeTextFile("reports/runs.txt", [kind, ...words.slice(0, -1)].join(" ") + "\\n", { append: true });
const isStopped = await Deno.stat("reports/stop").then(() => kind === "paired-stability", () => false);
const times = { startedAt: new Date().toISOString(), startedMs: performance.now(), plannedMs: 0, seed: null, folder: "." };
const end = isStopped ? { type: "signal", reason: "the sitting is over" } : { type: "planned" };
const claims = [{ id: "errors", events: 0, trials: 9, verdict: "pass" }];
const own = kind === "concurrency" ? { runs: [] } : {};
const header = await evidenceHeader("civitai-dl/" + kind, times);
await Deno.writeTextFile(path, JSON.stringify(sealEvidence({ ...header, ...own, verdict: "pass", end, claims }), null, 2));
if (isStopped) Deno.exit(143);
`;

const PAGE = `# Page

<!-- measured: begin, made by deno task evidence -->
<!-- measured: end -->
`;

const STEPS = ["concurrency", "paired-stability-parallel"];

Deno.test("evidence makes all reports in sittings, publishes them at the end, and makes none again after a commit", () =>
  inProductRepository(async ({ root, git }) => {
    const write = (path: string, text: string) => Deno.writeTextFile(join(root, path), text);
    const tasks = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
    for (const [task, kind] of [["concurrency-test", "concurrency"], ["paired-stability", "paired-stability"]]) {
      tasks.tasks[task!] = { command: `ROOT=$PWD && deno run -q -A "$ROOT/make.ts" ${kind}` };
    }
    await write("deno.json", JSON.stringify(tasks));
    await write("config/phases.yml", PHASES);
    await write("make.ts", MAKE);
    await write(".gitignore", "/reports/\n");
    const pages = ["docs/evidence/README.md", "docs/ja/evidence/README.md"];
    for (const page of pages) {
      await Deno.mkdir(dirname(join(root, page)), { recursive: true });
      await write(page, PAGE);
    }
    await Deno.mkdir(join(root, "reports"));
    // A report of an earlier time that is tracked, and one that no step makes.
    await write("docs/evidence/concurrency.json", "{}\n");
    await write("docs/evidence/soak.json", "{}\n");
    const commit = async () => {
      await git("add", "-A");
      await git("commit", "-q", "-m", "state");
    };
    await commit();
    // Their own commands: a step is started by the tasks of the checkout that the program is in.
    const run = async (script: string, ...args: readonly string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "--no-prompt", "-A", join(root, "scripts", script), ...args],
        cwd: root,
        env: { NO_COLOR: "1", INIT_CWD: root },
        stdin: "null",
      }).output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      return { code, out: out!, err: err! };
    };
    const sit = (...args: readonly string[]) => run("evidence.ts", ...args);
    const readRuns = async () => (await Deno.readTextFile(join(root, "reports/runs.txt"))).trim().split("\n");
    const readReport = async (step: string) =>
      JSON.parse(await Deno.readTextFile(join(root, `docs/evidence/${step}.json`)));

    // The first sitting makes one, and stops the other.
    await write("reports/stop", "");
    const first = await sit();
    assertEquals(first.code, 3, first.err);
    assertStringIncludes(first.out, "1 of 2 reports are missing");
    assertEquals(await git("status", "--porcelain"), "");

    // On request, what is complete is published before the rest, here to a folder that git ignores.
    const early = await sit("--publish", "--output", "reports/early");
    assertEquals(early.code, 3, early.err);
    assertStringIncludes(early.out, "Published, to be committed: reports/early/concurrency.json");

    // The second one goes on, and what it made is worth something, because nothing was published in between.
    await Deno.remove(join(root, "reports/stop"));
    const second = await sit();
    assertEquals(second.code, 0, second.err);
    assertStringIncludes(second.out, "All 2 reports are made");
    const runs = ["concurrency --output", "paired-stability --profile parallel --output", "paired-stability --resume"];
    assertEquals(await readRuns(), runs);
    const sha = (await git("rev-parse", "HEAD")).trim();
    for (const step of STEPS) {
      const { commit } = openEvidence(JSON.stringify(await readReport(step)));
      assertEquals(commit, { sha, isDirty: false, ref: "main" });
    }
    assertStringIncludes(
      second.out,
      "docs/evidence/soak.json is of no use to the gate: no condition asks for a report",
    );

    // Both pages show what was published; the task of the gate puts its report beside the others.
    const readPages = () => Promise.all(pages.map((page) => Deno.readTextFile(join(root, page))));
    for (const page of await readPages()) assertStringIncludes(page, `| \`concurrency.json\``);
    const words = ["--phase", "1", "--evidence", "reports/evidence", "--output", "reports/evidence/gate.json"];
    assertEquals((await run("gate.ts", ...words)).code, 0);
    const third = await sit("--publish");
    assertEquals([third.code, third.out.includes("gate.json is of no use")], [0, false], third.out);
    assertEquals((await readReport("gate")).rows.length, 2);
    const [english, japanese] = await readPages();
    assertStringIncludes(english!, "| 1     | pass    |    2 |    0 |            0 |             0 |");
    assertStringIncludes(japanese!, "| 1 | 合格 | 2 | 0 | 0 | 0 |");
    assertStringIncludes((await sit("--publish")).out, "All 2 reports are made.\ndocs/evidence/soak.json is of no use");

    // The gate takes what was published, as it stands and after its commit.
    const judge = () => run("gate.ts", "--phase", "1", "--evidence", "docs/evidence", "--only", "side-by-side,kept");
    assertEquals((await judge()).code, 0);
    await commit();
    const judged = await judge();
    assertEquals(judged.code, 0, judged.out);

    // Nothing is made again: neither after that commit, nor where only the published reports are.
    assertEquals((await sit()).code, 0);
    await Deno.rename(join(root, "reports/evidence"), join(root, "reports/gone"));
    assertEquals((await sit()).code, 0);
    assertEquals(await readRuns(), runs);
    assertEquals(await git("status", "--porcelain"), "");

    // What the reports are made from has changed.
    await write("make.ts", `${MAKE}// Another.\n`);
    await commit();
    const changed = await sit("--dry-run");
    assertEquals(changed.code, 3);
    assertStringIncludes(changed.out, "2 of 2 reports are missing");

    // What the gate would not accept any more is named, and drawn no longer.
    const stale = await sit("--publish");
    for (const name of ["concurrency", "gate"]) {
      assertStringIncludes(stale.out, `docs/evidence/${name}.json is of no use to the gate: it was made at commit`);
    }
    for (const page of await readPages()) assertEquals(page.includes("concurrency.json"), false);
    await git("checkout", "-q", "docs");

    // Hours are not spent on reports that a source unknown to git would spoil.
    await write("more.ts", "");
    const unclean = await sit();
    assertEquals(unclean.code, 4, unclean.err);
    assertEquals(await Array.fromAsync(Deno.readDir(join(root, "reports"))).then((all) => all.length), 3);
  }));
