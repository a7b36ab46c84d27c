import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse as parseYaml } from "@std/yaml";
import { exists } from "@std/fs";
import { type Arg, DockerfileParser, type Instruction } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { program as lazyProgram } from "../../cli.ts";
import { CONFIG_FLAG, loadProgram, parseCommand } from "../../lib/cli/mod.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const text = await Deno.readTextFile(join(ROOT, "Dockerfile"));
const file = DockerfileParser.parse(text);
const all = file.getInstructions();
const lastStage = all.slice(all.findLastIndex((one) => one.getKeyword() === "FROM"));

/** What is behind the keyword of each instruction, with its flags. */
function valuesOf(keyword: string, instructions: readonly Instruction[] = lastStage): readonly string[] {
  const found = instructions.filter((one) => one.getKeyword() === keyword);
  return found.map((one) => {
    const { start, end } = one.getRange();
    const lines = text.split("\n").slice(start.line, end.line + 1);
    return lines.map((line) => line.replace(/\\$/, "").trim()).join(" ").slice(keyword.length + 1);
  });
}

Deno.test("the Dockerfile has no fault that a linter finds", () => {
  assertEquals(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`), []);
});

Deno.test("the Dockerfile begins with one base, in exactly the version of Deno that is released", async () => {
  assertEquals(valuesOf("FROM", all), [
    "--platform=$BUILDPLATFORM ${BASE} AS build",
    "--platform=$TARGETPLATFORM ${BASE}",
  ]);
  const [base] = file.getInitialARGs().map((arg) => (arg as Arg).getProperty()!);
  const release = await Deno.readTextFile(join(ROOT, ".github/workflows/release.yml"));
  const [, version] = /deno-version: v(\S+)/.exec(release)!;
  assertEquals(base!.getName(), "BASE");
  assertMatch(
    base!.getValue()!,
    new RegExp(`^docker\\.io/denoland/deno:debian-${RegExp.escape(version!)}(@sha256:\\w{64})?$`),
  );
  assertMatch(valuesOf("LABEL").join("\n"), new RegExp(`base\\.name="${RegExp.escape(base!.getValue()!)}"`));
});

Deno.test("the image runs without root, keeps everything in a volume, and judges its health", () => {
  const [user] = valuesOf("USER");
  assertMatch(user!, /^[1-9]\d*:[1-9]\d*$/);
  assertEquals(valuesOf("VOLUME"), ["/data"]);
  assertEquals(valuesOf("WORKDIR"), ["/data"]);
  // A new volume gets the owner of this folder.
  assert(valuesOf("COPY").includes(`--from=build --chown=${user} /image/data/ /data/`));
  assertMatch(valuesOf("HEALTHCHECK")[0]!, /CMD \["\/usr\/lib\/civitai-dl\/health-probe"\]$/);
  assertEquals(valuesOf("ENTRYPOINT"), ['["civitai-dl"]']);
});

Deno.test("the last stage runs no command, so that every processor can be built for", () => {
  assertEquals(valuesOf("RUN"), []);
  assertEquals(valuesOf("ADD", all), []);
});

Deno.test("no value of the Dockerfile can be a secret", () => {
  const names = all.filter((one) => ["ARG", "ENV"].includes(one.getKeyword())).flatMap((one) =>
    (one.getArgumentsContent() ?? "").split(/\s+/).map((word) => word.split("=")[0]!)
  );
  assertEquals(names.filter((name) => /key|token|secret|password/i.test(name)), []);
});

Deno.test("the labels say what the image is, as OCI names them", () => {
  const labels = [...valuesOf("LABEL").join("\n").matchAll(/org\.opencontainers\.image\.([\w.]+)=/g)].map(([, name]) =>
    name
  );
  for (const name of ["title", "description", "source", "documentation", "licenses", "version", "revision"]) {
    assert(labels.includes(name), name);
  }
});

Deno.test(".dockerignore lets in every module of the program, and nothing but what it names", async () => {
  const lines = (await Deno.readTextFile(join(ROOT, ".dockerignore"))).split("\n").filter((line) => /^[^#]/.test(line));
  assertEquals(lines[0], "*");
  const allowed = lines.slice(1).map((line) => {
    assertMatch(line, /^!/);
    return line.slice(1);
  });
  for (const name of allowed) assert(await exists(join(ROOT, name)), name);
  for (const entry of ["cli.ts", "scripts/image_files.ts"]) {
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", entry], cwd: ROOT }).output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
      readonly modules: readonly { readonly specifier: string }[];
    };
    const root = pathToFileURL(ROOT).href;
    const paths = modules.map(({ specifier }) => specifier).filter((one) => one.startsWith(root)).map((one) =>
      one.slice(root.length)
    );
    assert(paths.length > 100);
    const isAllowed = (path: string) =>
      allowed.some((name) => name.endsWith("/") ? path.startsWith(name) : path === name);
    assertEquals(paths.filter((path) => !isAllowed(path)), [], entry);
  }
  // A folder where people have keys or models is not among them.
  assertEquals(allowed.filter((name) => /^(config|docs|downloads|logs|reports)\/$/.test(name)), []);
});

interface Service {
  readonly command: readonly string[];
  readonly [key: string]: unknown;
}

const compose = parseYaml(await Deno.readTextFile(join(ROOT, "compose.yaml"))) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};

for (const [name, service] of Object.entries(compose.services)) {
  Deno.test(`compose.yaml: ${name} has no more rights than it needs, and its command exists`, async () => {
    const { read_only: isReadOnly, cap_drop: dropped, security_opt: options, volumes } = service;
    assertEquals([isReadOnly, dropped, options], [true, ["ALL"], ["no-new-privileges:true"]]);
    assertEquals(volumes, ["library:/data"]);
    assert(Object.hasOwn(compose.volumes, "library"));
    assertEquals(service.env_file, [{ path: "civitai-dl.env", required: false }]);
    assertEquals([service.privileged, service.environment, service.user], [undefined, undefined, undefined]);
    // A page that only this machine reaches.
    for (const port of (service.ports ?? []) as readonly string[]) assertMatch(port, /^127\.0\.0\.1:/);
    const { commands } = await loadProgram(lazyProgram);
    const command = commands.find((one) => one.name === service.command[0])!;
    parseCommand(command, service.command.slice(1), { shared: [CONFIG_FLAG] });
  });
}
