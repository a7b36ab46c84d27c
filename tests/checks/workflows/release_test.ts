import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { tagForms } from "../../../checks/workflows/read_audit_facts.ts";
import { executableName, parseStrategy, RELEASE_TARGETS, tryParseReleaseVersion } from "../../../lib/release/mod.ts";
import { evaluateExpression } from "../../helpers/workflows/evaluate_expression.ts";
import { type JobResult, playWorkflow } from "../../helpers/workflows/play_workflow.ts";
import { readWorkflow } from "../../helpers/workflows/read_workflow.ts";

const release = await readWorkflow("release.yml");
const strategy = parseStrategy(
  await Deno.readTextFile(fileURLToPath(new URL("../../../config/branches.yml", import.meta.url))),
  "branches.yml",
);
const PUBLISHING = release.jobs.map(({ id }) => id).filter((id) => id.startsWith("publish-"));
/** The jobs that publish a tag: a preview leaves the documentation of the release in place. */
const publishing = (tag: string) => PUBLISHING.filter((job) => job !== "publish-site" || !tag.includes("-"));

/** Play the push of a tag; `failing` are jobs that fail. */
function push(tag: string, failing: Readonly<Record<string, JobResult>> = {}): ReadonlyMap<string, JobResult> | null {
  const event = { name: "push", ref: `refs/tags/${tag}` };
  return playWorkflow(release, event, (job) => failing[job.id] ?? "success");
}

for (const tag of tagForms(strategy)) {
  const { stage } = tryParseReleaseVersion(tag)!;
  if (stage === "phase") {
    Deno.test(`release.yml: the tag ${tag} of a phase starts nothing`, () => assertEquals(push(tag), null));
    continue;
  }
  Deno.test(`release.yml: the tag ${tag} is published in every place`, async () => {
    const results = push(tag);
    assert(results !== null, "it does not start");
    const skipped = stage === "stable" ? [] : [["publish-site", "skipped"]];
    assertEquals([...results].filter(([, result]) => result !== "success"), skipped);
    assertEquals(await runVerdict(tag, results), 0);
  });
}

Deno.test("release.yml: the tags of the strategy have every stage of a release", () => {
  const stages = new Set(tagForms(strategy).map((tag) => tryParseReleaseVersion(tag)!.stage));
  assertEquals([...stages].toSorted(), ["alpha", "beta", "candidate", "phase", "stable"]);
});

const NONSENSE = [
  ...[
    "latest",
    "v1",
    "v1.1",
    "1.1.0",
    "v1.1.0.1",
    "v1.1.0-",
    "v1.1.0-rc",
    "v1.1.0-rc.",
    "v1.1.0-rc1",
    "v1.1.0-alpha.1",
  ],
  ...[
    "v1.1.0-alpha-old",
    "xv1.1.0",
    "v1.1.0/x",
    "release/v1.1.0",
    "v1.1.0+build",
    "v1.1.0 ",
    "v1.1.0-phase1-rc.1",
    "va.b.c",
  ],
];
for (const tag of NONSENSE) {
  Deno.test(`release.yml: the tag ${JSON.stringify(tag)} starts nothing`, () => assertEquals(push(tag), null));
}

Deno.test("release.yml: neither a branch nor another event starts it", () => {
  for (const name of ["push", "pull_request", "schedule", "workflow_dispatch"]) {
    for (const ref of ["refs/heads/main", "refs/heads/v1.1.0", "refs/pull/1/merge"]) {
      assertEquals(playWorkflow(release, { name, ref }), null, `${name} ${ref}`);
    }
  }
});

Deno.test("release.yml: it publishes to JSR, npm, the registry of images, the site and GitHub", () => {
  assertEquals(PUBLISHING, ["publish-jsr", "publish-npm", "publish-image", "publish-site", "publish-release"]);
});

/** Run the last job's script for the results of the jobs before it. */
async function runVerdict(tag: string, results: ReadonlyMap<string, JobResult>): Promise<number> {
  const job = release.jobs.find(({ id }) => id === "released")!;
  const [step] = job.steps;
  const needs = Object.fromEntries([...results].map(([id, result]) => [id, { result }]));
  const status = { success: true, failure: false, cancelled: false };
  const env: Record<string, string> = { TAG: tag, PATH: Deno.env.get("PATH") ?? "" };
  for (const [name, value] of Object.entries(step!.env)) {
    const found = /^\$\{\{ (needs\.[\w-]+\.result) \}\}$/.exec(String(value))![1]!;
    const outcomes = ["success", "failure", "cancelled", "skipped"];
    env[name] = outcomes.find((one) => evaluateExpression(`${found} == '${one}'`, { needs }, status)) ?? "";
  }
  const { code } = await new Deno.Command("bash", {
    args: ["-e", "-o", "pipefail", "-c", step!.run],
    env,
    clearEnv: true,
  })
    .output();
  return code;
}

for (const tag of ["v1.1.0", "v1.1.0-rc.1"]) {
  Deno.test(`release.yml: a run for ${tag} is green only if everything was published`, async () => {
    for (const { id } of release.jobs.filter((job) => job.id !== "released")) {
      // Whether the site of a preview could have been published does not matter.
      if (id === "publish-site" && tag.includes("-")) continue;
      for (const result of ["failure", "cancelled", "skipped"] as const) {
        const results = push(tag, { [id]: result })!;
        // The last job runs whatever happened before.
        assertEquals(results.get("released"), "success", id);
        assertEquals(publishing(tag).every((job) => results.get(job) === "success"), false, `${id}: ${result}`);
        assertEquals(await runVerdict(tag, results), 1, `${id}: ${result}`);
      }
    }
  });
}

Deno.test("release.yml: nothing is published if a check, the gate or one of the forms fails", () => {
  const before = release.jobs.map(({ id }) => id).filter((id) => !id.startsWith("publish-") && id !== "released");
  for (const tag of ["v1.1.0", "v1.1.0-rc.1"]) {
    for (const id of before) {
      const results = push(tag, { [id]: "failure" })!;
      assertEquals(PUBLISHING.filter((job) => results.get(job) !== "skipped"), [], `${tag}: ${id}`);
    }
  }
});

Deno.test("release.yml: the last job needs all others, so it cannot end before them", () => {
  const others = release.jobs.map(({ id }) => id).filter((id) => id !== "released");
  assertEquals(release.jobs.find(({ id }) => id === "released")!.needs, others);
});

Deno.test("release.yml: previews and fixes of older lines are marked so, and package managers hear of the newest release only", async () => {
  const manifests = release.jobs.flatMap(({ steps }) => steps).find(({ run }) => run.includes("package-manifests"))!;
  const publish = release.jobs.find(({ id }) => id === "publish-release")!.steps.at(-1)!;
  for (const [tag, newest] of tagForms(strategy).flatMap((tag) => [[tag, "true"], [tag, "false"]] as const)) {
    const { stage } = tryParseReleaseVersion(tag)!;
    // No preview is the newest version.
    if (stage === "phase" || (stage !== "stable" && newest === "true")) continue;
    const context = { github: { "ref_name": tag }, needs: { check: { result: "success", outputs: { newest } } } };
    const status = { success: true, failure: false, cancelled: false };
    assertEquals(evaluateExpression(manifests.condition, context, status), newest === "true", `${tag} ${newest}`);
    const calls = await runWithFakeGh(publish.run, tag, newest);
    assertEquals(calls.includes("--prerelease --latest=false"), stage !== "stable", calls);
    assertEquals(calls.includes("--latest\n"), newest === "true", calls);
    assertStringIncludes(calls, `release create ${tag} --verify-tag --title ${tag} --notes-file NOTES.md`);
    assertStringIncludes(calls, `release upload ${tag} dist/SHA256SUMS dist/civitai-dl.js --clobber`);
  }
});

/** The script of a job that has this in it. */
function scriptOf(job: string, part: string): string {
  return release.jobs.find(({ id }) => id === job)!.steps.find(({ run }) => run.includes(part))!.run;
}

Deno.test("release.yml: npm gets a version once, and a preview under another tag than the release", async () => {
  const script = scriptOf("publish-npm", "npm publish");
  const publish = async (tag: string, published: string, newest = "true") => {
    const npm = `#!/bin/sh\necho "$*" >> calls\n[ "$1" != view ] || printf '%s' '${published}'\n`;
    return (await runScript(script, { programs: { npm }, env: { TAG: tag, NEWEST: newest } })).split("\n").slice(1)
      .join("");
  };
  const flags = "--provenance --access public --tag";
  assertEquals(await publish("v1.1.0", ""), `publish ./dist/civitai-dl-1.1.0.tgz ${flags} latest`);
  assertEquals(await publish("v1.1.0-rc.1", ""), `publish ./dist/civitai-dl-1.1.0-rc.1.tgz ${flags} next`);
  assertEquals(await publish("v1.0.4", "", "false"), `publish ./dist/civitai-dl-1.0.4.tgz ${flags} line-1.0`);
  assertEquals(await publish("v1.1.0", "1.1.0\n"), "");
});

Deno.test("release.yml: the image is pushed unchanged, and only the newest release becomes the latest", async () => {
  const script = await Deno.readTextFile(
    fileURLToPath(new URL("../../../.github/scripts/push_image.sh", import.meta.url)),
  );
  const push = async (version: string, isNewest: boolean) => {
    // The digest goes into the file that the flag names.
    const skopeo = '#!/bin/sh\necho "$*" >> calls\n[ "$5" != --digestfile ] || printf sha256:1 > "$6"\n';
    return await runScript(`set -- image ghcr.io/o/r ${version} ${isNewest}\n${script}`, {
      programs: { skopeo },
      env: {},
    });
  };
  const pushed = async (version: string, isNewest: boolean) =>
    [...(await push(version, isNewest)).matchAll(/docker:\/\/\S+/g)].map(String);
  assertEquals(await pushed("1.1.0", true), ["docker://ghcr.io/o/r:1.1.0", "docker://ghcr.io/o/r:latest"]);
  assertEquals(await pushed("1.0.4", false), ["docker://ghcr.io/o/r:1.0.4"]);
  assertEquals(await pushed("1.1.0-rc.1", false), ["docker://ghcr.io/o/r:1.1.0-rc.1"]);
  assertStringIncludes(await push("1.1.0", true), "--preserve-digests");
});

/** Run the script that makes the release, with a `gh` that records what it is asked and knows of no release. */
function runWithFakeGh(script: string, tag: string, newest: string): Promise<string> {
  const gh = `#!/bin/sh\necho "$*" >> calls\n[ "$2" != view ]\n`;
  return runScript(script, { programs: { gh }, env: { TAG: tag, NEWEST: newest } });
}

interface ScriptPlace {
  /** Programs that replace those of the machine, and record what they are asked in the file `calls`. */
  readonly programs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** Run a script in a folder with the files of a release, and return what its programs were asked. */
async function runScript(script: string, { programs, env }: ScriptPlace): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/dist`);
    for (const name of ["NOTES.md", "SHA256SUMS", "civitai-dl.js"]) {
      await Deno.writeTextFile(`${folder}/dist/${name}`, "");
    }
    for (const [name, text] of Object.entries(programs)) {
      await Deno.writeTextFile(`${folder}/${name}`, text, { mode: 0o755 });
    }
    const { code, stderr } = await new Deno.Command("bash", {
      args: ["-e", "-o", "pipefail", "-c", script],
      cwd: folder,
      env: { ...env, PATH: `${folder}:${Deno.env.get("PATH")}` },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    return await Deno.readTextFile(`${folder}/calls`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("release.yml: it compiles exactly the executables that the manifests name, and tries them", () => {
  const scripts = release.jobs.flatMap(({ steps }) => steps).map(({ run }) => run).join("\n");
  const compiled = [...scripts.matchAll(/deno task compile --target (\S+) --output dist\/(\S+)/g)];
  assertEquals(compiled.map(([, target]) => target), [...RELEASE_TARGETS]);
  assertEquals(compiled.map(([, , file]) => file), RELEASE_TARGETS.map(executableName));
  const tried = JSON.stringify(release.jobs.find(({ id }) => id === "executables")!.fields.strategy);
  // GitHub has no machine with this processor that stays available.
  const untried = RELEASE_TARGETS.filter((target) => !tried.includes(`"${executableName(target)}"`));
  assertEquals(untried, ["x86_64-apple-darwin"]);
});
