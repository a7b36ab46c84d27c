import { assert, assertEquals, assertMatch } from "@std/assert";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { program as lazyProgram } from "../../cli.ts";
import { STOP_CODES, SUCCESS_CODES } from "../../lib/base/mod.ts";
import { loadProgram, parseCommand, resolveCommand } from "../../lib/cli/mod.ts";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { startPingServer } from "../scripts/_ping_server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = "docs/systemd";
/** The exposure that `systemd-analyze security` may find, from 0 to 10. */
const MAX_EXPOSURE = 4;
const SYSTEMD = await hasProgram("systemd-analyze", "--version");
const STRACE = Deno.build.os === "linux" && await hasProgram("strace", "-V");

interface Unit {
  readonly path: string;
  readonly text: string;
}

const UNITS: readonly Unit[] = [...Deno.readDirSync(join(ROOT, FOLDER))]
  .filter(({ name }) => /\.(?:service|timer)$/.test(name))
  .map(({ name }) => ({ path: `${FOLDER}/${name}`, text: Deno.readTextFileSync(join(ROOT, FOLDER, name)) }));
const SERVICES = UNITS.filter(({ path }) => path.endsWith(".service"));
/** Services that work on the library; the others notify that one of these failed. */
const RUNS = SERVICES.filter(({ path }) => !path.includes("failed@"));

/** All values of a key, in their order. */
function valuesOf({ text }: Unit, key: string): readonly string[] {
  return text.split("\n").filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
}

/** The commands of a unit, without what precedes the words for civitai-dl. */
function commandsOf(unit: Unit): readonly string[] {
  return ["ExecStartPre", "ExecStart", "ExecStopPost"].flatMap((key) => valuesOf(unit, key)).map((line) =>
    line.replace(/^-?\S*?(?:civitai-dl|docker compose run .* civitai-dl) /, "")
  );
}

Deno.test("every unit that runs on the library has its disk, a limit of memory and a notice of failure", () => {
  assert(RUNS.length >= 4);
  for (const unit of RUNS) {
    const { path } = unit;
    assertEquals(valuesOf(unit, "RequiresMountsFor").length, 1, path);
    assertMatch(valuesOf(unit, "MemoryMax")[0] ?? "", /^\d+[MG]$/, path);
    const [notice] = valuesOf(unit, "OnFailure");
    assertMatch(notice ?? "", /^civitai-dl(?:-compose)?-failed@%n\.service$/, path);
    const template = notice!.replace("%n", "");
    assert(UNITS.some((other) => other.path === path.replace(/[^/]+$/, template)), `${path}: ${template}`);
  }
});

Deno.test("the same exit codes count as success in every unit that ends", () => {
  const ending = RUNS.filter(({ text }) => text.includes("Type=oneshot"));
  assert(ending.length >= 3);
  const extra = [...SUCCESS_CODES, ...STOP_CODES].filter((code) => code !== 0).join(" ");
  for (const unit of ending) assertEquals(valuesOf(unit, "SuccessExitStatus"), [extra], unit.path);
});

Deno.test("every unit that ends pings a dead man's switch at its start and with its exit status", () => {
  for (const unit of RUNS.filter(({ text }) => text.includes("Type=oneshot"))) {
    const [start, ...rest] = commandsOf(unit);
    assertEquals([start, rest.at(-1)], ["heartbeat start", "heartbeat ${EXIT_STATUS}"], unit.path);
    // A service that is down must not keep the run from starting.
    for (const key of ["ExecStartPre", "ExecStopPost"]) assertMatch(valuesOf(unit, key)[0]!, /^-/, unit.path);
  }
});

Deno.test("the program understands every command of the units", async () => {
  const program = await loadProgram(lazyProgram);
  for (const unit of SERVICES) {
    for (const line of commandsOf(unit)) {
      const request = resolveCommand(program, line.split(" "));
      assert(request.type === "command", `${unit.path}: ${line}`);
      const command = program.commands.find(({ name }) => name === request.command.name)!;
      parseCommand(command, request.argv, { shared: program.flags });
    }
  }
});

Deno.test({
  name: `systemd accepts every unit, and finds an exposure of at most ${MAX_EXPOSURE}`,
  ignore: !SYSTEMD,
  fn: () =>
    inTempDir(async (folder) => {
      const bin = join(folder, "bin");
      await Deno.mkdir(bin);
      for (const name of ["civitai-dl", "docker"]) await Deno.writeTextFile(join(bin, name), "", { mode: 0o755 });
      const units = join(folder, "units");
      await Deno.mkdir(units);
      await Deno.writeTextFile(join(units, "docker.service"), "[Service]\nExecStart=/bin/true\n");
      const paths: string[] = [];
      for (const { path, text } of UNITS) {
        const copy = join(units, basename(path));
        // The programs are not installed here.
        await Deno.writeTextFile(copy, text.replaceAll(/\/usr(?:\/local)?\/bin\/(civitai-dl|docker)/g, `${bin}/$1`));
        paths.push(copy);
      }
      const verified = await analyze(["verify", "--man=no", ...paths], { SYSTEMD_UNIT_PATH: `${units}:` });
      assertEquals(verified, { code: 0, text: "" });
      for (const path of paths.filter((path) => path.endsWith(".service") && basename(path) !== "docker.service")) {
        const { text } = await analyze(["security", "--offline=true", "--no-pager", path]);
        const exposure = Number(/Overall exposure level for .*?: ([\d.]+)/.exec(text)?.[1]);
        assert(exposure <= MAX_EXPOSURE, `${path}: ${exposure}`);
      }
    }),
});

Deno.test({
  name: "the commands of the nightly unit fetch up to a limit, continue, and ping how each run ended",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (folder) => {
      await using sandbox = await startSandbox({ ...PLAIN });
      await using server = startPingServer();
      const unit = UNITS.find(({ path }) => path === "docs/systemd/civitai-dl-nightly.service")!;
      const run = async (env: Readonly<Record<string, string>> = {}): Promise<string> => {
        let status = "";
        for (const line of ["ExecStartPre", "ExecStart", "ExecStopPost"].flatMap((key) => valuesOf(unit, key))) {
          const words = line.replace(/^-?\S+ /, "").replace("${EXIT_STATUS}", status).split(" ");
          const { code, signal } = await new Deno.Command(Deno.execPath(), {
            args: ["run", "-qA", "--no-prompt", "--config", join(ROOT, "deno.json"), join(ROOT, "cli.ts"), ...words],
            cwd: folder,
            env: {
              XDG_CONFIG_HOME: folder,
              NO_PROXY: "127.0.0.1",
              NO_COLOR: "1",
              CIVITAI_API_KEY: sandbox.token,
              CIVITAI_DL_BASE_URL: sandbox.apiOrigin,
              CIVITAI_DL_RUN_HEARTBEAT: server.url,
              INVOCATION_ID: "0123456789abcdef0123456789abcdef",
              ...env,
            },
            stdin: "null",
            stdout: "null",
            stderr: "null",
          }).output();
          if (!words.includes("heartbeat")) status = signal?.replace("SIG", "") ?? String(code);
        }
        return status;
      };
      const [creator] = [...sandbox.catalog.creators()];
      await Deno.writeTextFile(join(folder, "users.txt"), `${creator!.username}\n`);
      const settings = "output: library\nreserve: 0\ndownload:\n  users: users.txt\n";
      await Deno.writeTextFile(join(folder, "civitai-dl.yml"), `${settings}quota: 1\n`);
      assertEquals(await run(), "3");
      await Deno.writeTextFile(join(folder, "civitai-dl.yml"), settings);
      assertEquals(await run(), "0");
      assertEquals(await run({ CIVITAI_API_KEY: "revoked-key" }), "5");
      assertEquals(server.pings.map(({ what }) => what), ["/start", "", "/start", "", "/start", "/5"]);
      assertEquals(new Set(server.pings.map(({ rid }) => rid)).size, 1);
    }),
});

Deno.test({
  name: "what the units start makes no system call that the units forbid",
  ignore: !SYSTEMD || !STRACE,
  fn: () =>
    inTempDir(async (folder) => {
      const allowed = await allowedCalls();
      const lines = [
        "download --sandbox -o library --query copper --latest-only --yes",
        "verify --deep -o library",
        "monitor --once --library library",
        "check-alerts --library library",
      ];
      for (const words of lines.map((line) => line.split(" "))) {
        const calls = join(folder, "calls");
        const { code, stderr } = await new Deno.Command("strace", {
          args: ["-f", "-qq", "-c", "-o", calls, Deno.execPath(), "run", "-qA", join(ROOT, "cli.ts"), ...words],
          cwd: folder,
          env: { XDG_CONFIG_HOME: folder, NO_COLOR: "1" },
          stdin: "null",
          stdout: "null",
          stderr: "piped",
        }).output();
        // 1: an alert fires, such as about the disk of this machine.
        assert(code <= 1, new TextDecoder().decode(stderr));
        const used = [...(await Deno.readTextFile(calls)).matchAll(/^[ \d.]+ ([a-z]\w+)$/gm)].map(([, name]) => name!);
        assert(used.includes("openat") && used.length > 40, used.join(" "));
        // SQLite keeps the owner of its files, only if root runs it, which no unit does.
        const forbidden = used.filter((name) => !allowed.has(name) && !["fchown", "total"].includes(name));
        assertEquals(forbidden, [], words.join(" "));
      }
    }),
});

/** The system calls that the filter of the units lets through, by the sets of this systemd. */
async function allowedCalls(): Promise<ReadonlySet<string>> {
  const filters = valuesOf(RUNS[0]!, "SystemCallFilter");
  for (const unit of SERVICES) assertEquals(valuesOf(unit, "SystemCallFilter"), filters, unit.path);
  const allowed = new Set<string>();
  for (const filter of filters) {
    const isForbidden = filter.startsWith("~");
    for (const set of filter.replace("~", "").split(" ")) {
      for (const call of await expandSet(set)) isForbidden ? allowed.delete(call) : allowed.add(call);
    }
  }
  return allowed;
}

async function expandSet(name: string): Promise<readonly string[]> {
  const { code, text } = await analyze(["syscall-filter", "--no-pager", name]);
  assertEquals(code, 0, text);
  const members = text.split("\n").slice(1).map((line) => line.trim()).filter((line) => /^@?[a-z]/.test(line));
  const parts = await Promise.all(members.map((member) => member.startsWith("@") ? expandSet(member) : [member]));
  return parts.flat();
}

async function analyze(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly text: string }> {
  const { code, stdout, stderr } = await new Deno.Command("systemd-analyze", { args: [...args], env }).output();
  const text = new TextDecoder();
  return { code, text: text.decode(stdout) + text.decode(stderr) };
}
