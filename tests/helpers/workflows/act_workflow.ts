import { join } from "node:path";
import type { Fields, Workflow, WorkflowJob, WorkflowStep } from "../../../checks/workflows/workflow.ts";
import { bareCondition } from "../../../checks/workflows/expressions.ts";
import { evaluateExpression, expandText } from "./evaluate_expression.ts";

/** Where a workflow is acted, and with what. */
export interface ActOptions {
  /** A clone of the repository; files that a job makes are removed after it. */
  readonly clone: string;
  /** A folder outside of the clone, for programs and artifacts. */
  readonly folder: string;
  /** Values of `github`, `inputs` and so on. */
  readonly contexts: Readonly<Record<string, unknown>>;
}

/** A script that was run. */
export interface ActedStep {
  readonly job: string;
  readonly title: string;
  readonly code: number;
  readonly output: string;
}

/** What happened in a workflow. */
export interface ActedWorkflow {
  readonly steps: readonly ActedStep[];
  /** The arguments of every call of `deno`, in order. */
  readonly denoCalls: readonly (readonly string[])[];
  /** Artifacts that were uploaded without a file, or downloaded before they were uploaded. */
  readonly artifactProblems: readonly string[];
}

/**
 * Records its arguments, and makes the files that the real one would: named by a flag, or by default. They are
 * executable, because scripts run some of them.
 */
const FAKE_DENO = `#!/usr/bin/env bash
(IFS=$'\\x1f'; printf '%s\\n' "$*") >> "$DENO_CALLS"
make() { mkdir -p "$(dirname "$1")" && printf '#!/bin/sh\\nexit 0\\n' > "$1" && chmod +x "$1"; }
for ((i = 1; i < $#; i++)); do
  next=$((i + 1))
  case "\${!i}" in --output | --lcov) make "\${!next}" ;; esac
done
case "$1 $2 $3" in
  "task bundle "*) make dist/civitai-dl.js ;;
  "task compile ") make dist/civitai-dl ;;
  "task compile "*) output="\${!#}"; make "\${output%.exe}.js" ;;
  "task release-files "*) (cd dist && sha256sum civitai-dl* > SHA256SUMS) ;;
  "task release-sign "*) make dist/SHA256SUMS.sig ;;
  "task release-share "*) make "\${!#}" ;;
  "task environments test") make reports/environment-linux.json ;;
  "task environments join") make reports/environments.json ;;
  "task deb "*) make dist/deb/civitai-dl_1.1.0-1_amd64.deb ;;
  "task npm "*) make npm/civitai-dl-1.1.0.tgz ;;
  "task site "*) make dist/site/index.html ;;
esac
`;
/** An image in a folder, as `dir:FOLDER` names it. */
const MAKE_FOLDERS = `#!/bin/sh
for word; do
  case "$word" in dir:*) mkdir -p "\${word#dir:}" && : > "\${word#dir:}/manifest.json" ;; esac
done
`;
/** It is the version of the tag, and that of the checkout. */
const FAKE_PODMAN = `#!/bin/sh
case "$*" in
  *--version) echo civitai-dl 1.1.0; sed -n 's/^  "version": "\\(.*\\)",$/civitai-dl \\1/p' deno.json ;;
  wait*) echo 0 ;;
esac
`;
const FAKE_PROGRAMS: Readonly<Record<string, string>> = {
  deno: FAKE_DENO,
  sudo: "#!/bin/sh\nexit 0\n",
  // No release exists yet.
  gh: '#!/bin/sh\n[ "$2" != view ]\n',
  npm: '#!/bin/sh\n[ "$1" != view ]\n',
  "civitai-dl": "#!/bin/sh\nexit 0\n",
  docker: "#!/bin/sh\nexit 0\n",
  buildah: MAKE_FOLDERS,
  podman: FAKE_PODMAN,
  skopeo: `${MAKE_FOLDERS}while [ $# -gt 0 ]; do [ "$1" != --digestfile ] || printf sha256:1 > "$2"; shift; done\n`,
};

/**
 * Run every script of a workflow in order, with programs that only record what they are asked. Conditions of jobs are
 * ignored, those of steps are not.
 *
 * @param workflow The workflow
 * @param options The clone, and the values of expressions
 * @returns What was run
 */
export async function actWorkflow(workflow: Workflow, options: ActOptions): Promise<ActedWorkflow> {
  const { clone, folder } = options;
  const programs = join(folder, "programs");
  await Deno.mkdir(programs, { recursive: true });
  for (const [name, text] of Object.entries(FAKE_PROGRAMS)) {
    await Deno.writeTextFile(join(programs, name), text, { mode: 0o755 });
  }
  const steps: ActedStep[] = [];
  const artifactProblems: string[] = [];
  for (const job of orderJobs(workflow.jobs)) {
    for (const matrix of combinationsOf(job.fields.strategy)) {
      const contexts = {
        ...options.contexts,
        matrix,
        needs: Object.fromEntries(job.needs.map((id) => [id, { result: "success", outputs: OUTPUTS }])),
      };
      for (const step of job.steps) {
        const acting = { ...options, workflow, job, contexts };
        const condition = bareCondition(step.condition);
        if (condition !== "" && !evaluateExpression(condition, contexts, ALL_WELL)) continue;
        if (step.run !== "") steps.push(await runStep(step, acting));
        else artifactProblems.push(...await moveArtifact(step, acting));
      }
      await run(["git", "clean", "-fdxq"], clone);
      await run(["git", "checkout", "-q", "."], clone);
    }
  }
  const calls = await Deno.readTextFile(join(folder, "calls")).catch(() => "");
  const denoCalls = calls.split("\n").filter((line) => line !== "").map((line) => line.split("\x1f"));
  return { steps, denoCalls, artifactProblems };
}

/** What the jobs before say: the tag is the newest version. */
const OUTPUTS = { newest: "true" };
const ALL_WELL = { success: true, failure: false, cancelled: false };

function orderJobs(jobs: readonly WorkflowJob[]): readonly WorkflowJob[] {
  const ordered: WorkflowJob[] = [];
  while (ordered.length < jobs.length) {
    const next = jobs.find((job) =>
      !ordered.includes(job) && job.needs.every((id) => ordered.some((one) => one.id === id))
    );
    if (next === undefined) throw new TypeError("Jobs need each other");
    ordered.push(next);
  }
  return ordered;
}

/** Every combination of a matrix; one without values if there is none. */
function combinationsOf(strategy: unknown): readonly Fields[] {
  const { include = [], ...axes } = ((strategy as Fields | undefined)?.matrix ?? {}) as Fields;
  const products = Object.entries(axes).reduce<readonly Fields[]>(
    (sofar, [name, values]) =>
      sofar.flatMap((one) => (values as unknown[]).map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  const own = Object.keys(axes).length === 0 && (include as Fields[]).length > 0 ? [] : products;
  return [...own, ...include as readonly Fields[]];
}

interface Acting extends ActOptions {
  readonly workflow: Workflow;
  readonly job: WorkflowJob;
}

async function runStep(step: WorkflowStep, { workflow, job, clone, folder, contexts }: Acting): Promise<ActedStep> {
  const variables = { ...workflow.fields.env as Fields, ...job.fields.env as Fields, ...step.env };
  const env = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, expandText(String(value), contexts)]),
  );
  const cwd = join(clone, String(step.fields["working-directory"] ?? ""));
  const ran = await run(
    ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", expandText(step.run, contexts)],
    cwd,
    {
      ...env,
      CI: "true",
      // A runner removes what a script leaves.
      TMPDIR: folder,
      GITHUB_REPOSITORY: "civitai-dl/civitai-dl",
      GITHUB_REPOSITORY_OWNER: "civitai-dl",
      GITHUB_SHA: "0".repeat(40),
      GITHUB_OUTPUT: join(folder, "outputs"),
      DENO_CALLS: join(folder, "calls"),
      PATH: `${join(folder, "programs")}:${Deno.env.get("PATH")}`,
    },
  );
  return { job: job.id, title: step.title, ...ran };
}

/** Keep what a step uploads, and give it to the step that downloads it. */
async function moveArtifact(step: WorkflowStep, { clone, folder, job, contexts }: Acting): Promise<readonly string[]> {
  const [action] = step.uses.split("@");
  if (action !== "actions/upload-artifact" && action !== "actions/download-artifact") return [];
  const value = (key: string) => expandText(String(step.with[key] ?? ""), contexts);
  const path = value("path");
  const store = join(folder, "artifacts");
  await Deno.mkdir(store, { recursive: true });
  const isUpload = action === "actions/upload-artifact";
  // GitHub keeps the paths below the longest part without a wildcard.
  const source = isUpload
    ? path.endsWith("/") ? `${path}.` : path
    : `${join(store, value("name") || value("pattern"))}/.`;
  const target = isUpload ? join(store, value("name")) : join(clone, path);
  const { code } = await run(["bash", "-e", "-c", `mkdir -p "$TARGET" && cp -r ${source} "$TARGET"`], clone, {
    TARGET: target,
    PATH: Deno.env.get("PATH") ?? "",
  });
  return code === 0 ? [] : [`${job.id}: ${action} of ${value("name") || value("pattern")} finds nothing`];
}

async function run(
  [program, ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Pick<ActedStep, "code" | "output">> {
  const { code, stdout, stderr } = await new Deno.Command(program!, { args, cwd, env }).output();
  const text = new TextDecoder();
  return { code, output: text.decode(stdout) + text.decode(stderr) };
}
