import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type Language, systemClock } from "../../lib/base/mod.ts";
import { HEALTH_CHECKS, runHealthChecks } from "../../lib/health/mod.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../lib/sandbox/mod.ts";
import { renderHealth } from "../../scripts/_health/render_health.ts";
import { mountSmallDisk, noSmallDisk } from "../helpers/small_disk.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { BreakablePort } from "./_breakable_port.ts";
import { nextCommands, Stranger, type Told, type Verdict, verdictsOf } from "./_stranger.ts";

/** A trouble that is planted, and led to its end by what is printed. */
export interface Trouble {
  /** Name for tests, and of the section of the transcripts. */
  readonly name: string;
  readonly title: { readonly en: string; readonly ja: string };
  /** How it was planted, and what the person does beside the commands. */
  readonly story: { readonly en: string; readonly ja: string };
  /** Why it cannot be played here; `null` if it can. */
  readonly missing?: () => Promise<string | null>;
  /** Takes too long for a test. */
  readonly isSlow?: boolean;
  /** Play it: at most three commands, the first of which meets the trouble. */
  readonly play: (scene: Scene) => Promise<readonly Told[]>;
}

/** Where a trouble is played. */
export interface Scene {
  /** An empty folder. */
  readonly folder: string;
  /** Language of the person, who follows what the program prints in it. */
  readonly language: Language;
}

const KEY = "0123456789abcdef0123456789abcdef";
const USER = "brambleforge";
const SMALL = "--yes --gallery 0 --no-images";

/** How the terminal of a person is set up. */
const LOCALES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { LANG: "C.UTF-8" },
  ja: { LANG: "ja_JP.UTF-8" },
};

interface Place {
  readonly sandbox: Sandbox;
  readonly stranger: Stranger;
}

interface PlaceOptions extends SandboxOptions {
  /** Lines of `civitai-dl.yml`. */
  readonly settings?: string;
  readonly key?: string;
}

/** Run a test at a sandbox with a good key, and space for whatever is fetched. */
async function at(
  { folder, language }: Scene,
  { settings = "", key = KEY, ...options }: PlaceOptions,
  work: (place: Place) => Promise<void>,
): Promise<readonly Told[]> {
  await using sandbox = await startSandbox({ token: KEY, ...options });
  await Deno.writeTextFile(join(folder, "civitai-dl.yml"), `reserve: 1M\n${settings}`);
  const env = { CIVITAI_DL_BASE_URL: sandbox.apiOrigin, CIVITAI_API_KEY: key, NO_COLOR: "1", ...LOCALES[language] };
  const stranger = new Stranger({ folder, env, origins: [sandbox.apiOrigin, sandbox.storageOrigin] });
  await work({ sandbox, stranger });
  return stranger.told;
}

/** What was told, with the check that found the trouble. */
async function ask(stranger: Stranger, check: string): Promise<readonly string[]> {
  const { output } = await stranger.run("civitai-dl doctor");
  assertJudged(output, { [check]: "bad" });
  const commands = nextCommands(output, check);
  assert(commands.length > 0, output);
  return commands;
}

/** These checks ended like this. */
function assertJudged(output: string, expected: Readonly<Record<string, Verdict>>): void {
  const verdicts = verdictsOf(output);
  for (const [check, verdict] of Object.entries(expected)) assertEquals(verdicts.get(check), verdict, output);
}

/** Nothing is wrong any more: asked without being told. */
async function assertGone(stranger: Stranger, check: string): Promise<void> {
  const { code, output } = await stranger.prepare(`civitai-dl doctor --only ${check}`);
  assert(code === 0 && ![...verdictsOf(output).values()].includes("bad"), output);
}

/** The last command did what it should. */
async function runWell(stranger: Stranger, command: string): Promise<Told> {
  const told = await stranger.run(command);
  assertEquals(told.code, 0, `${command}\n${told.output}`);
  return told;
}

/** The ten troubles. */
export const TROUBLES: readonly Trouble[] = [
  {
    name: "wrong token",
    title: { en: "A wrong key", ja: "API キーの誤り" },
    story: {
      en: "The key was deleted on the site. The person puts a new one in the place of `KEY`.",
      ja: "サイトで API キーを削除した状態です。表示された `KEY` を新しいキーに置き換えて実行します。",
    },
    play: (scene) =>
      at(scene, { key: KEY.replaceAll("0", "f") }, async ({ stranger }) => {
        const [setKey, again] = await ask(stranger, "key");
        assertStringIncludes(setKey!, "KEY");
        await stranger.run(setKey!.replace(/=KEY$/, `=${KEY}`));
        assertJudged((await runWell(stranger, again!)).output, { key: "ok" });
      }),
  },
  {
    name: "clock 10 minutes off",
    title: { en: "A clock that is ten minutes off", ja: "時計の 10 分のずれ" },
    story: {
      en: "The service's clock is ten minutes ahead of this machine's; `sudo` is played, and sets the clock.",
      ja: "このマシンの時計が 10 分遅れている状態です。`sudo` は模擬のコマンドで、時計を合わせます。",
    },
    play: async (scene) => {
      const mark = join(scene.folder, "set-ntp");
      const offsetMs = () => {
        try {
          Deno.statSync(mark);
          return 0;
        } catch {
          return 600_000;
        }
      };
      const clock = { ...systemClock, now: () => systemClock.now() + offsetMs() };
      return await at(scene, { clock }, async ({ stranger }) => {
        await Deno.mkdir(join(scene.folder, "bin"));
        const stand = `#!/bin/sh\n[ "$*" = "timedatectl set-ntp true" ] && : > '${mark}'\n`;
        await Deno.writeTextFile(join(scene.folder, "bin", "sudo"), stand, { mode: 0o755 });
        const [setClock, again] = await ask(stranger, "clock");
        await runWell(stranger, setClock!);
        const { output } = await runWell(stranger, again!);
        assertJudged(output, { clock: "ok" });
      });
    },
    missing: () => Promise.resolve(Deno.build.os === "linux" ? null : "its command is that of Linux"),
  },
  {
    name: "full disk",
    title: { en: "A full disk", ja: "空きのないディスク" },
    story: {
      en: "A forgotten file fills the disk. The person removes the largest file that is listed.",
      ja: "不要なファイルがディスクを占有しています。一覧で最も大きいファイルを削除します。",
    },
    missing: noSmallDisk,
    async play(scene) {
      const path = join(scene.folder, "disk");
      await Deno.mkdir(path);
      await using disk = (await mountSmallDisk(path, 24 << 20))!;
      return await at(scene, { settings: `output: ${disk.path}\n` }, async ({ stranger }) => {
        await stranger.prepare(`civitai-dl download --user ${USER} ${SMALL} --max-files 1`);
        disk.fill();
        const [list, again] = await ask(stranger, "disk");
        const { output } = await runWell(stranger, list!);
        const paths = output.trim().split("\n").map((line) => line.split("\t")[1]!);
        await Deno.remove(paths.findLast((one) => one !== disk.path)!);
        assertJudged((await runWell(stranger, again!)).output, { disk: "ok", write: "ok" });
      });
    },
  },
  {
    name: "corrupt catalog",
    title: { en: "A damaged catalog", ja: "カタログの破損" },
    story: {
      en: "Another program has overwritten `catalog.db`.",
      ja: "ほかのプログラムが `catalog.db` を上書きしました。",
    },
    play: (scene) =>
      at(scene, {}, async ({ stranger }) => {
        await stranger.prepare(`civitai-dl download --user ${USER} ${SMALL}`);
        const catalog = join(scene.folder, "downloads", ".civitai-dl", "catalog.db");
        await Deno.writeFile(catalog, crypto.getRandomValues(new Uint8Array(32_768)));
        const [rebuild, repair] = await ask(stranger, "catalog");
        assertMatch((await runWell(stranger, rebuild!)).output, /^Rebuilt: 6 of 6 /m);
        await runWell(stranger, repair!);
        await assertGone(stranger, "catalog");
      }),
  },
  {
    name: "blocked storage host",
    title: { en: "A storage host that is blocked", ja: "ストレージのホストへの接続拒否" },
    story: {
      en: "A firewall refuses connections to the storage. The person lets the host that is named pass.",
      ja: "ファイアウォールがストレージへの接続を拒否しています。表示されたホストへの接続を許可します。",
    },
    async play(scene) {
      await using port = new BreakablePort();
      await port.takeAway();
      const storagePort = freePort();
      port.leadTo(storagePort);
      const options = { storagePort, storageOrigin: port.origin, settings: "patience: 10s\nmax-retries: 0\n" };
      return await at(scene, options, async ({ stranger }) => {
        await stranger.prepare(`civitai-dl download --user ${USER} ${SMALL}`);
        const [curl, download] = await ask(stranger, "storage");
        const { code, output } = await stranger.run(curl!);
        assertEquals(code, 7, output);
        assertStringIncludes(curl!, port.origin);
        port.giveBack();
        const { output: run } = await runWell(stranger, `${download} --patience 1m`);
        assertMatch(run, /^ +done +6$/m);
        await assertGone(stranger, "storage");
      });
    },
  },
  {
    name: "too tight timeouts",
    title: { en: "Timeouts that are too short", ja: "短すぎる制限時間" },
    story: {
      en:
        "The line needs more than a second for each answer, and a run gives up after one. The person adds the flags of " +
        "the own command, as the text says.",
      ja:
        "応答に 1 秒以上かかる回線で、制限時間が 1 秒に設定されています。表示のとおり、元のコマンドのフラグを追加します。",
    },
    play: (scene) =>
      at(
        scene,
        { toxics: [{ type: "latency", ms: 1300, on: ["api"] }], settings: "max-retries: 0\n" },
        async ({ sandbox, stranger }) => {
          const own = `--user ${USER} ${SMALL}`;
          const { code } = await stranger.prepare(`civitai-dl download ${own} --timeout 1s`);
          assertEquals(code, 6);
          const [download] = await ask(stranger, "timeouts");
          assertMatch(download!, /--timeout \d+s$/);
          const { output } = await runWell(stranger, `${download} ${own}`);
          assertMatch(output, /^ +done +6$/m);
          assert(sandbox.log.downloadHits > 0);
          await assertGone(stranger, "timeouts");
        },
      ),
  },
  {
    name: "memory leak",
    title: { en: "A memory leak", ja: "メモリリーク" },
    story: {
      en: "A function of one's own keeps objects in a map. The person finds them in the snapshots, and lets them go.",
      ja: "独自の関数がオブジェクトを Map に保持し続けています。スナップショットで見つけ、保持しないように修正します。",
    },
    isSlow: true,
    play: (scene) =>
      at(scene, {}, async ({ stranger }) => {
        const path = join(scene.folder, "leaky.ts");
        await Deno.writeTextFile(path, LEAKY);
        const { code, output } = await stranger.run("civitai-dl memory-test --repeat 50 ./leaky.ts");
        assertEquals(code, 1, output);
        const [again] = nextCommands(output);
        assertMatch(again!, / --snapshots snapshots /);
        await Deno.writeTextFile(path, LEAKY.replace("keptLeaks.set(", "new Map().set("));
        const { output: end } = await runWell(stranger, again!);
        assertMatch(end, /^PASS: /);
      }),
  },
  {
    name: "slow hash",
    title: { en: "Hashing that is too slow", ja: "ハッシュ計算の遅延" },
    story: {
      en: "Another program takes the processor from SHA-256: its clock is slowed down. The person ends that program.",
      ja:
        "ほかのプログラムが CPU を占有し、SHA-256 が遅くなっています（測定用の時計を遅らせて再現）。そのプログラムを終了します。",
    },
    play: (scene) =>
      at(scene, {}, async ({ sandbox, stranger }) => {
        // Of the clock, not of this machine: it may be slow itself.
        let secondsPerReading = 4;
        let readings = 0;
        const judge = async () => {
          const clock = { ...systemClock, monotonic: () => readings++ * secondsPerReading * 1000 };
          const checks = HEALTH_CHECKS.filter(({ name }) => name === "hash");
          const { checks: rows } = await runHealthChecks({
            library: join(scene.folder, "downloads"),
            logs: join(scene.folder, "logs"),
            gone: null,
            config: null,
            isSandbox: false,
            key: { isPresent: true, origin: null, problem: null, files: [] },
            client: { baseUrl: sandbox.apiOrigin },
            limits: { links: null, bytes: null },
            reserveBytes: 0,
            isOffline: true,
            clock,
            env: () => undefined,
            signal: new AbortController().signal,
          }, { checks });
          return renderHealth(rows, { color: false, width: 80, language: scene.language, now: Date.now() });
        };
        const output = await judge();
        stranger.note({ command: "civitai-dl doctor --only hash", code: 0, output });
        assertJudged(output, { hash: "bad" });
        const [list, again] = nextCommands(output, "hash");
        assertMatch((await runWell(stranger, list!)).output, /^ *\d+\.\d +\d+ \S/m);
        secondsPerReading = 0.1;
        assertEquals(again, "civitai-dl doctor --only hash");
        const end = await judge();
        stranger.note({ command: again!, code: 0, output: end });
        assertJudged(end, { hash: "ok" });
      }),
  },
  {
    name: "exhausted quota",
    title: { en: "A quota that is used up", ja: "利用枠の超過" },
    story: {
      en: "`quota: 3` is set, and a run has used it up. The person chooses a higher limit.",
      ja: "`quota: 3` が設定され、上限に達した状態です。より大きな上限を指定します。",
    },
    play: (scene) =>
      at(scene, { settings: "quota: 3\n" }, async ({ stranger }) => {
        const { code } = await stranger.prepare(`civitai-dl download --user ${USER} ${SMALL}`);
        assertEquals(code, 3);
        const [download] = await ask(stranger, "quota");
        const [example] = /\b\d+,\d+[KMGT]/.exec(stranger.told[0]!.output)!;
        const { output } = await runWell(stranger, download!.replace("LIMITS", example));
        assertMatch(output, /^ +done +\d+$/m);
        await assertGone(stranger, "quota --quota 1000,200G");
      }),
  },
  {
    name: "hung process",
    title: { en: "A process that hangs", ja: "応答しないプロセス" },
    story: {
      en: "A run was stopped by SIGSTOP, as by Ctrl-Z, a minute ago; it holds the library.",
      ja: "1 分前に SIGSTOP（Ctrl-Z と同じ）で停止した実行が、ライブラリを使用したままです。",
    },
    missing: () => Promise.resolve(Deno.build.os === "windows" ? "there is no SIGSTOP" : null),
    play: (scene) =>
      at(scene, { latencyMs: 300 }, async ({ stranger }) => {
        const program = stranger.start(`civitai-dl download --user ${USER} ${SMALL}`);
        const active = join(scene.folder, "downloads", ".civitai-dl", "state", "active");
        const snapshot = join(active, await firstFile(active));
        program.kill("SIGSTOP");
        const ago = new Date(Date.now() - 60_000);
        await Deno.utime(snapshot, ago, ago);
        try {
          const [wake, again] = await ask(stranger, "instance");
          await runWell(stranger, wake!);
          assertJudged((await runWell(stranger, again!)).output, { instance: "ok" });
          const { code, stderr } = await program.ended;
          assertEquals(code, 0, stderr);
        } finally {
          killIfAlive(program);
          await program.ended;
        }
        await assertGone(stranger, "instance");
      }),
  },
];

const LEAKY = `class Leaky {
  readonly data = new Array(4000).fill(1.5);
}
const keptLeaks = new Map<string, Leaky>();
export function work(repetition: number): void {
  for (let index = 0; index < 10; index++) {
    keptLeaks.set(\`\${repetition}-\${index}\`, new Leaky());
  }
}
`;

/** A process that hangs still, because a check failed, must not outlive the test. */
function killIfAlive(program: ReturnType<Stranger["start"]>): void {
  try {
    program.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** A port on which nothing listens. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Wait for the first file of a folder that a process is about to make. */
async function firstFile(folder: string): Promise<string> {
  for (;;) {
    try {
      for await (const { name } of Deno.readDir(folder)) if (/^\d+\.json$/.test(name)) return name;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The most commands that may lead from a trouble to its end. */
export const MAX_COMMANDS = 3;

/** Play a trouble in a folder of its own, and count the commands. */
export async function playTrouble(trouble: Trouble, language: Language = "en"): Promise<readonly Told[]> {
  let told: readonly Told[] = [];
  await inTempDir(async (folder) => {
    told = (await trouble.play({ folder, language })).map((one) => ({
      ...one,
      command: one.command.replaceAll(folder, "/home/you/models"),
      output: one.output.replaceAll(folder, "/home/you/models"),
    }));
  });
  assert(told.length >= 2 && told.length <= MAX_COMMANDS, `${trouble.name} took ${told.length} commands`);
  return told;
}
