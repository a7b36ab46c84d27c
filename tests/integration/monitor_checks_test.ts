import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { openLibrary } from "../../lib/downloader/mod.ts";
import BUILT_IN_RULES from "../../config/alerts.yml" with { type: "text" };
import { becomes } from "../helpers/becomes.ts";
import { startMonitor } from "../helpers/start_monitor.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

interface Notice {
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** Receives notifications as a webhook does. */
function startReceiver() {
  const notices: Notice[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    notices.push(await request.json());
    return new Response();
  });
  return {
    url: `json://127.0.0.1:${server.addr.port}/hook`,
    /** What arrived: state, rule and check of each alert in each notification. */
    get arrived(): readonly string[] {
      return notices.flatMap(({ alerts }) =>
        alerts.map(({ status, labels }) => `${status} ${labels["alertname"]} ${labels["check"]}`)
      );
    },
    get summaries(): readonly string[] {
      return notices.flatMap(({ alerts }) => alerts.map(({ annotations }) => annotations["summary"]!));
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("monitor runs the checks of doctor, and notifies once that one begins to fail and once that it is over", () =>
  inTempDir(async (folder) => {
    const library = join(folder, "library");
    (await openLibrary(library, { command: "test" }))[Symbol.dispose]();
    await using receiver = startReceiver();
    const rules = join(folder, "rules.yml");
    // The shipped rules, sent without the waits of people.
    await Deno.writeTextFile(
      rules,
      BUILT_IN_RULES.replace("groupWait: 5m", "groupWait: 0s").replace("- file:logs/alerts.jsonl", `- ${receiver.url}`),
    );
    const flags = ["--library", library, "--config", rules, "--offline", "--interval", "1s", "--checks-every", "1s"];
    let monitor = await startMonitor(folder, flags);
    await using stack = new AsyncDisposableStack();
    stack.defer(async () => void await monitor.stop());
    const checks = async () => (await monitor.status()).checks;
    assert(await becomes(async () => await checks() !== null, 60_000));
    assertEquals((await checks())!.failing, []);

    const config = join(folder, "civitai-dl.yml");
    await Deno.writeTextFile(config, "no_such_setting: 1\n");
    assert(await becomes(() => receiver.arrived.length > 0, 60_000));
    assertEquals(receiver.arrived, ["firing HealthCheckFailing config"]);
    assertStringIncludes(receiver.summaries[0]!, "no_such_setting");
    assertEquals((await checks())!.failing.map(({ name, problem }) => [name, problem]), [["config", "config"]]);
    // The page measures with its next tick.
    const metric = 'civitai_dl_check_failing{check="config"} 1';
    assert(await becomes(async () => (await monitor.metrics()).includes(metric), 60_000));
    await Deno.remove(config);
    assert(await becomes(() => receiver.arrived.length > 1, 60_000));

    const catalog = join(library, ".civitai-dl", "catalog.db");
    const intact = await Deno.readFile(catalog);
    const damaged = intact.slice();
    damaged.fill(0x5a, 4096);
    await Deno.writeFile(catalog, damaged);
    assert(await becomes(() => receiver.arrived.length > 2, 60_000));
    // After a restart, nothing begins anew and nothing is over.
    await monitor.stop();
    monitor = await startMonitor(folder, flags);
    assert(await becomes(async () => await checks() !== null, 60_000));
    const { checkedAt: restartedAt } = (await checks())!;
    assert(await becomes(async () => Date.parse((await checks())!.checkedAt) > Date.parse(restartedAt) + 3000, 60_000));
    assertEquals(receiver.arrived.length, 3);
    await Deno.writeFile(catalog, intact);
    assert(await becomes(() => receiver.arrived.length > 3, 60_000));
    assertEquals(receiver.arrived, [
      "firing HealthCheckFailing config",
      "resolved HealthCheckFailing config",
      "firing HealthCheckFailing catalog",
      "resolved HealthCheckFailing catalog",
    ]);
    const { checkedAt, failing } = (await checks())!;
    assertEquals(failing, []);
    // Another round says nothing more.
    assert(await becomes(async () => (await checks())!.checkedAt > checkedAt, 60_000));
    assertEquals(receiver.arrived.length, 4);
  }));

Deno.test("monitor is rid of a check that failed long before the next round", () =>
  inTempDir(async (folder) => {
    const library = join(folder, "library");
    (await openLibrary(library, { command: "test" }))[Symbol.dispose]();
    const damaged = join(library, ".civitai-dl", "state", "quota.json");
    await Deno.mkdir(dirname(damaged), { recursive: true });
    await Deno.writeTextFile(damaged, "{");
    await using monitor = await startMonitor(folder, ["--library", library, "--offline", "--checks-every", "1d"]);
    const failing = async () => (await monitor.status()).checks?.failing.map(({ name }) => name);
    assert(await becomes(async () => (await failing())?.join() === "state", 60_000));
    await Deno.remove(damaged);
    assert(await becomes(async () => (await failing())?.length === 0, 60_000));
  }));
