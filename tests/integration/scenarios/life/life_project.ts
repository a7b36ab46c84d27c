import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MACHINE } from "../../../helpers/evidence/gate_evidence.ts";
import { productionEvidence } from "../../../helpers/evidence/production_evidence.ts";
import { KILL_VARIABLE } from "../../../helpers/repository/release_repository.ts";
import { gitIn, introduce } from "../../../helpers/repository/shared_repository.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const HOUR_MS = 3_600_000;

/** A clone of a small project, its bare remote, and what its owner does by hand. */
export interface LifeProject {
  readonly gate: LifeGate;
  /** Folder of the clone. */
  readonly root: string;
  /** Folder of the bare remote. */
  readonly remote: string;
  /** Folder of installed versions. */
  readonly prefix: string;
  /** Run git in the clone like its user. */
  readonly git: (...args: readonly string[]) => Promise<string>;
  /** Write a file of the clone. */
  readonly write: (path: string, text: string) => Promise<void>;
  /** Commit everything that changed; returns the hash. */
  readonly commit: (message: string) => Promise<string>;
  /** Write a report of a day's run at a commit, as `stability` does. */
  readonly writeSoak: (ref: string) => Promise<void>;
  /** Write a report of the production test of a tag. */
  readonly writeProductionTest: (tag: string) => Promise<void>;
}

/** Which gate the project has: the real one with real reports, or one that only looks for a file. */
export type LifeGate = "real" | "plain";

/** The program of the project: it answers what a rollback asks, says the version of its `deno.json`, and kills if told. */
const PROGRAM = `import config from "./deno.json" with { type: "json" };
const [word = ""] = Deno.args;
if (Deno.env.get("${KILL_VARIABLE}") === word) {
  Deno.kill(Deno.ppid, "SIGKILL");
  Deno.exit(9);
}
if (word === "--version") console.log(\`civitai-dl \${config.version}\`);
if (word === "--help") console.log("  self-test  Prove that it works\\n  list       Show the catalog");
if (word === "self-test") console.log(\`self-test of \${config.version}\`);
if (word === "list") console.log("1 file");
`;

/** Makes one file of the program, as an installation needs it. */
const BUNDLE = "mkdir -p dist && (echo 'const config = ' && cat deno.json && tail -n +2 cli.ts) > dist/civitai-dl.js";

const CHANGELOG = `# Changelog

## [1.0.3] - 2026-01-01

- The first one that people used.
`;

function phaseText(name: number): string {
  const above = name === 1 ? "" : `    extends: ${name - 1}\n`;
  const conditions = name === 1
    ? `      - { id: format, title: Format, check: format, require: "= 0", quick: true }
      - id: day
        title: A day without failures
        evidence: { schema: civitai-dl/stability, minDuration: 24h, maxAge: 14d }
        claims: ["*"]
        command: make day
`
    : `      - { id: format-${name}, title: Format again, check: format, require: "= 0", quick: true }\n`;
  return `  - name: ${name}\n    title: Phase ${name}\n${above}    conditions:\n${conditions}`;
}

const PHASES = `version: 1\nsources: [work]\nphases:\n${[1, 2, 3, 4].map(phaseText).join("")}`;

function configText(gate: LifeGate): string {
  const script = (path: string) =>
    `deno run -q --no-prompt -A --config '${join(ROOT, "deno.json")}' '${join(ROOT, path)}'`;
  const real = {
    gate: script("scripts/gate.ts"),
    release: script("tests/integration/scenarios/life/_check_versions.ts"),
  };
  const plain = { gate: "test ! -e work/broken && echo gate", release: "test -e deno.json && echo" };
  const tasks = { ...gate === "real" ? real : plain, bundle: BUNDLE };
  return `${
    JSON.stringify(
      {
        name: "@scope/name",
        version: "1.0.3",
        tasks,
        fmt: { exclude: ["cli.ts", "deno.json", "config", "CHANGELOG.md"] },
      },
      null,
      2,
    )
  }\n`;
}

/** Create the project in a folder: `main` with one commit, tagged v1.0.3, here and on the remote. */
export async function createLifeProject(folder: string, gate: LifeGate): Promise<LifeProject> {
  const remote = join(folder, "origin.git");
  const root = join(folder, "my 倉庫");
  await gitIn(folder, "init", "-q", "--bare", "-b", "main", remote);
  await gitIn(folder, "clone", "-q", remote, root);
  await introduce(root, "tester");
  const git = (...args: readonly string[]) => gitIn(root, ...args);
  const write = async (path: string, text: string) => {
    await Deno.mkdir(join(root, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(root, path), text);
  };
  const commit = async (message: string) => {
    await git("add", "-A");
    await git("commit", "-q", "-m", message);
    return (await git("rev-parse", "HEAD")).trim();
  };
  const shaOf = async (ref: string) => (await git("rev-parse", `${ref}^{commit}`)).trim();
  await git("switch", "-q", "-c", "main");
  await write("deno.json", configText(gate));
  await write("cli.ts", PROGRAM);
  await write("config/phases.yml", PHASES);
  await write("CHANGELOG.md", CHANGELOG);
  await write(".gitignore", "reports/\ndist/\n");
  await write("work/begin.json", "{}\n");
  await commit("chore: v1.0.3");
  await git("tag", "-a", "v1.0.3", "-m", "v1.0.3");
  await git("push", "-q", "-u", "origin", "main", "v1.0.3");
  return {
    gate,
    root,
    remote,
    prefix: join(folder, "installed 版"),
    git,
    write,
    commit,
    async writeSoak(ref) {
      const now = Date.now();
      const report = {
        schema: "civitai-dl/stability",
        version: 1,
        tool: { name: "civitai-dl", version: "1.0.3", deno: "2.9.6", v8: "15.0" },
        commit: { sha: await shaOf(ref), isDirty: false, ref },
        machine: MACHINE,
        seed: 1,
        startedAt: new Date(now - 25 * HOUR_MS).toISOString(),
        endedAt: new Date(now - HOUR_MS).toISOString(),
        plannedMs: 24 * HOUR_MS,
        actualMs: 24 * HOUR_MS,
        claims: [{ id: "timeout-rate", events: 0, trials: 400, bound: 0.0075, verdict: "pass" }],
      };
      await write("reports/stability-day.json", JSON.stringify(report));
    },
    async writeProductionTest(tag) {
      await write(`reports/production-${tag}.json`, productionEvidence(tag, await shaOf(tag)));
    },
  };
}
