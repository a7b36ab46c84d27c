import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { becomes } from "../../helpers/becomes.ts";
import { endsWith, runBlock, runsUntilStopped } from "../../helpers/pages/run_block.ts";
import { inPagePlace, type PagePlace } from "../../helpers/pages/page_place.ts";
import { askRaw, statusOf } from "../../monitor/_ask_raw.ts";

const IS_WINDOWS = Deno.build.os === "windows";
const PORT = { from: "127.0.0.1:9847", to: "127.0.0.1:0", because: "a port that is free" };
const ROOT = new URL("../../../", import.meta.url);

/** The rules that ship with the program, one more that fires on every disk, and the tests that docs/alerts.md shows. */
async function writeRules(place: PagePlace): Promise<void> {
  const rules = await Deno.readTextFile(new URL("config/alerts.yml", ROOT));
  const always = `
  - name: always
    interval: 1s
    rules:
      - alert: AnyDisk
        metric: disk_usage_percent
        op: ">"
        value: 0%
        severity: warning
        annotations: { summary: "There is a disk" }
`;
  await place.write("config/alerts.yml", rules.replace(/^groups:\n/m, `groups:${always}`));
  const page = await Deno.readTextFile(new URL("docs/alerts.md", ROOT));
  const [, tests] = /^```yaml\n(config: alerts\.yml\n[^]*?)^```$/m.exec(page)!;
  await place.write("config/alerts.test.yml", tests!);
}

Deno.test({
  name: "docs/alerts.md: rules are evaluated, explained, tested and exported, and a silence is lifted",
  ignore: IS_WINDOWS,
  fn: () =>
    inPagePlace(async (place) => {
      await writeRules(place);
      const state = join(place.folder, "downloads/.civitai-dl/state/alerts.json");
      const writtenAt = async () => (await Deno.stat(state)).mtime!.getTime();
      const repeats = async () => {
        const before = await writtenAt();
        assert(await becomes(async () => await writtenAt() > before, 60_000), "it evaluates the rules once only");
      };
      const ends = [
        endsWith(1, "AnyDisk"),
        runsUntilStopped("", { meanwhile: repeats, code: 1 }),
        "AnyDisk",
        "HighErrorRate: error_rate over 5m > 5 %",
        "AnyDisk",
        "ok  file:logs/alerts.jsonl",
        "1 passed, 0 failed",
        "",
      ];
      const often = { from: "--every 30s", to: "--every 1s", because: "the test waits for the second evaluation" };
      await runBlock(place, "docs/alerts.md", "civitai-dl check-alerts", ends, { replaced: [often] });
      assertStringIncludes(await Deno.readTextFile(join(place.folder, "rules.yml")), "- alert: HighErrorRate");

      const run = (...args: readonly string[]) =>
        new Deno.Command(join(place.env.PATH!.split(":")[0]!, "civitai-dl"), {
          args: ["alerts", "silence", ...args],
          cwd: place.folder,
          env: place.env,
        }).output();
      const { stdout } = await run("add", "alertname=AnyDisk", "--for", "4h", "--author", "me", "--comment", "known");
      const id = { from: "1f2e3d4c", to: new TextDecoder().decode(stdout).slice(0, 8), because: "ids are random" };
      await runBlock(place, "docs/alerts.md", "civitai-dl alerts silence expire", [`${id.to}  over until`], {
        replaced: [id],
      });
    }),
});

Deno.test({
  name: "docs/monitor.md and docs/monitor-page.md: the monitor watches, serves its page to whom it says, and stops",
  ignore: IS_WINDOWS,
  fn: () =>
    inPagePlace(async (place) => {
      await writeRules(place);
      const line = {
        time: "2026-11-25T09:00:00.000Z",
        level: "ERROR",
        type: "end",
        outcome: "failed",
        failure: "timeout",
      };
      const log = { from: "LINE", to: `'${JSON.stringify(line)}'`, because: "a line of the log" };
      const servesPage = async (printed: string) => {
        const response = await fetch(/http:\S+/.exec(printed)![0]);
        assertStringIncludes(await response.text(), "<html");
      };
      const ends = [
        runsUntilStopped("Watching every 30s"),
        endsWith(1, "1 tick"),
        runsUntilStopped("Watching every 30s"),
        runsUntilStopped("page at http", { meanwhile: servesPage }),
        "timeout",
      ];
      const outputs = await runBlock(place, "docs/monitor.md", "civitai-dl monitor ", ends, { replaced: [PORT, log] });
      for (const output of outputs.slice(0, 2)) assertMatch(output, /[1-9] alerts? fires?/);

      const token = "0123456789abcdef0123456789abcdef";
      const servesHost = (host: string) => async (printed: string) => {
        const port = Number(/127\.0\.0\.1:(\d+)/.exec(printed)![1]);
        const ask = async (name: string, authorization: string) =>
          statusOf(await askRaw(port, `GET / HTTP/1.1\nHost: ${name}\nConnection: close\n${authorization}`));
        const withToken = `Authorization: Bearer ${token}`;
        assertEquals(await ask(host, withToken), 200);
        assertEquals([await ask("nas.elsewhere", withToken), await ask(host, "")], [421, 401]);
      };
      const hosts = ["nas.example", "nas.example:8443"];
      const served = hosts.map((host) => runsUntilStopped("page at http", { meanwhile: servesHost(host) }));
      const options = { replaced: [PORT], env: { TOKEN: token } };
      await runBlock(place, "docs/monitor-page.md", "civitai-dl monitor --listen", served, options);

      const page = [runsUntilStopped("page at http", { meanwhile: servesPage })];
      await runBlock(place, "README.md", "deno task monitor --listen", page, { replaced: [PORT] });
    }),
});
