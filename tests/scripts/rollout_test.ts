import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type RolloutStatus, RolloutStore } from "../../lib/rollout/mod.ts";
import { command as canary } from "../../scripts/canary.ts";
import { command as deploy } from "../../scripts/deploy.ts";
import { command as rollout } from "../../scripts/rollout.ts";
import { call, type Called } from "../helpers/call.ts";
import { callCommand } from "../helpers/call_command.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { compare, pass, record, START } from "../rollout/_plans.ts";

const COMMANDS = { canary, deploy, rollout };

interface Place {
  readonly state: string;
  readonly run: (words: string) => Promise<Called>;
  readonly status: () => Promise<RolloutStatus>;
  readonly store: RolloutStore;
}

/** Run a test with an empty library; words are split at spaces, and `_` stands for a space in a word. */
function withLibrary(test: (place: Place) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    const state = join(folder, ".civitai-dl", "state");
    await Deno.mkdir(state, { recursive: true });
    const run = async (words: string): Promise<Called> => {
      const [name, ...rest] = words.split(" ").map((word) => word.replaceAll("_", " "));
      return await callCommand(COMMANDS[name as keyof typeof COMMANDS], [...rest, "--library", folder]);
    };
    const status = async (): Promise<RolloutStatus> => JSON.parse((await run("rollout status --json")).out);
    await test({ state, run, status, store: new RolloutStore(state, { command: "test" }) });
  });
}

Deno.test("canary, rollout --percentage and deploy are steps of one rollout", () =>
  withLibrary(async ({ run, status, store }) => {
    assertEquals((await run("canary --percentage 10")).code, 0);
    assertEquals([(await status()).state, (await status()).weight], ["running", 10]);
    const early = await run("rollout --percentage 50");
    assertEquals(early.code, 3);
    assertStringIncludes(early.err, "Cannot change the share: inconclusive: 0/50 samples");
    await store.change((rollout, now) => pass(rollout, now));
    assertEquals((await run("rollout --percentage 50")).code, 0);
    assertEquals((await run("deploy")).code, 3);
    await store.change((rollout, now) => pass(rollout, now));
    assertEquals((await status()).state, "completed");
    assertStringIncludes((await run("deploy")).out, '"turbo" is completed');
    // Every status ends with the next command, or says that there is none.
    assertStringIncludes(
      (await run("rollout status")).out,
      "next: nothing to do; rollout abort goes back to stable",
    );
  }));

Deno.test("rollout status --json has each state, with figures, bounds and reason", () =>
  withLibrary(async ({ run, status, store }) => {
    const seen: RolloutStatus[] = [];
    const look = async (): Promise<void> => void seen.push(await status());
    await look();
    await run("canary --percentage 10");
    await store.change((rollout) => record(rollout, "canary", { type: "ok" }, { times: 5 }));
    await store.change((rollout) => record(rollout, "canary", { type: "timeout" }));
    await store.change((rollout) => record(rollout, "baseline", { type: "error" }));
    await look();
    await run("rollout pause");
    await look();
    await run("rollout abort");
    await look();
    await run("rollout retry");
    await run("deploy --override because");
    await look();
    assertEquals(seen.map(({ state }) => state), ["idle", "running", "paused", "degraded", "completed"]);
    const { canary, baseline, bounds, reason } = seen[1]!.judgement!;
    assertEquals([canary.n, canary.ok, canary.timeouts, baseline.n, baseline.errors], [6, 5, 1, 1, 1]);
    assertEquals([canary.logRatio.toFixed(3), bounds.lower.toFixed(3), bounds.upper.toFixed(3)], [
      "1.544",
      "-3.648",
      "3.168",
    ]);
    assertEquals(reason, "inconclusive: 1/50 samples (canary 6, baseline 1)");
    assertEquals(seen.at(-1)!.events.at(-1)!.override, "because");
  }));

Deno.test("rollout status without traffic exits with 3 and says inconclusive: 0/50 samples", () =>
  withLibrary(async ({ run }) => {
    await run("canary");
    const { code, out } = await run("rollout status");
    assertEquals(code, 3);
    assertStringIncludes(out, "waits for: more downloads: inconclusive: 0/50 samples");
    assertMatch(out, /^turbo \(canary\) +0 /m);
    assertMatch(out, /^stable \(baseline\) +0 /m);
    assert(!/LLR|log-likelihood/.test(out), out);
  }));

Deno.test("canary says in plain words what happens to the other files before it begins, also with --dry-run", () =>
  withLibrary(async ({ run, status }) => {
    const text =
      "turbo will fetch 10 % of the files, stable the other 90 %. The other 90 % go from turbo, the default " +
      "engine without a rollout, to stable: downloads are slower until the rollout is completed or ended.";
    const dry = await run("canary --dry-run");
    assertStringIncludes(dry.err, text);
    assertEquals((await status()).state, "idle");
    const begun = await run("canary");
    assertStringIncludes(begun.err, text);
    assertStringIncludes(begun.out, "  now: turbo fetches 10 % of the files, stable the other 90 %\n");
    const refused = await run("canary --percentage 5");
    assertEquals([refused.code, refused.err.includes("will fetch")], [4, false]);
    const aborted = await run("rollout abort");
    assertStringIncludes(aborted.out, "now: stable fetches all files\n");
    assert(!aborted.out.includes("0 % canary") && !aborted.out.includes("degraded"), aborted.out);
  }));

Deno.test("rollout --percentage exits with 4 where status shows that the judge aborted", () =>
  withLibrary(async ({ run, status, store }) => {
    await run("canary");
    await store.change((rollout, now) => pass(rollout, now));
    await store.change((rollout, now) => compare(rollout, Array.from({ length: 20 }, () => 0.5), now));
    assertEquals((await status()).judgement?.verdict, "abort");
    for (const words of ["rollout --percentage 50", "rollout promote", "deploy --override because"]) {
      const { code, err } = await run(words);
      assertEquals(code, 4, err);
      assertMatch(err, /it was aborted: the canary was slower by more than 25 % .*\nhint: .*rollout retry/);
    }
  }));

Deno.test("a percentage of 0, 0.01 and 100 works; 101, -1, text and NaN exit with 2 and say what to write", () =>
  withLibrary(async ({ run, status }) => {
    for (const percentage of ["101", "-1", "text", "NaN", "1e1", "0.001", "="]) {
      for (const command of ["canary", "rollout"]) {
        const { code, err } = await run(`${command} --percentage=${percentage}`);
        assertEquals(code, 2, err);
        assertMatch(err, /Cannot use --percentage: .*\n.*(Write a number from 0 to 100|A hundredth)/s);
      }
    }
    assertEquals((await status()).state, "idle");
    for (const percentage of ["0", "0.01"]) {
      assertEquals((await run(`canary --percentage ${percentage}`)).code, 0);
      assertEquals((await status()).weight, Number(percentage));
      await run("rollout abort");
    }
    await run("canary");
    assertEquals((await run("rollout --percentage 0.01")).code, 0);
    assertEquals((await run("rollout --percentage 100 --override why")).code, 0);
    assertEquals((await status()).state, "completed");
  }));

Deno.test("canary at 100 % is refused: it would be no canary", () =>
  withLibrary(async ({ run }) => {
    const { code, err } = await run("canary --percentage 100");
    assertEquals(code, 2);
    assertStringIncludes(err, "Cannot start at 100 %: the step after the first one sets 50 %");
  }));

Deno.test("--dry-run shows what would change and changes nothing", () =>
  withLibrary(async ({ run, state }) => {
    const { code, out } = await run("canary --dry-run");
    assertEquals([code, out.split("\n")[0]], [0, 'Would be done: "turbo" is at 10 %']);
    assertEquals(await Array.fromAsync(Deno.readDir(state)), []);
    await run("canary");
    const before = await Deno.readTextFile(join(state, "rollout.json"));
    assertEquals((await run("rollout abort --dry-run")).code, 0);
    assertEquals((await run("deploy --dry-run")).code, 3);
    assertEquals(await Deno.readTextFile(join(state, "rollout.json")), before);
  }));

Deno.test("rollout status names the next command with the library that the command line names", () =>
  withLibrary(async ({ run, status, state }) => {
    const library = join(state, "../..");
    assertEquals((await status()).next, `civitai-dl canary --percentage 10 --library ${library}`);
    const begun = await run("canary");
    assertStringIncludes(begun.out, `next: civitai-dl download --output ${library}\n`);
    await run("rollout pause");
    assertEquals((await status()).next, `civitai-dl rollout resume --library ${library}`);
    const byVariable = await callCommand(rollout, ["--json"], { CIVITAI_DL_OUTPUT: library });
    assertEquals(JSON.parse(byVariable.out).next, `civitai-dl rollout resume --library ${library}`);
  }));

Deno.test("rollout refuses actions that the state does not allow with 4, and says what to do", () =>
  withLibrary(async ({ run }) => {
    for (const action of ["promote", "pause", "resume", "retry", "abort", "--percentage 50"]) {
      const { code, err } = await run(`rollout ${action}`);
      assertEquals(code, 4, err);
      assertStringIncludes(err, "hint: ");
    }
    await run("canary");
    assertEquals((await run("rollout retry")).code, 4);
    assertEquals((await run("rollout pause")).code, 0);
    assertStringIncludes((await run("rollout promote")).err, "hint: End the pause: civitai-dl rollout resume");
  }));

Deno.test("rollout refuses flags that do not go together, and an empty reason, with 2", () =>
  withLibrary(async ({ run }) => {
    for (
      const words of [
        "pause --percentage 5",
        "status --override x",
        "promote --reason x",
        "--override x",
        "jump",
      ]
    ) {
      const { code, err } = await run(`rollout ${words}`);
      assertEquals(code, 2, err);
    }
    assertStringIncludes((await run("deploy --override _")).err, "the reason is empty");
    for (const words of ["pause --reason", "abort --reason", "promote --override"]) {
      const { code, err } = await run(`rollout ${words} x\nnext:_rm`);
      assertEquals(code, 2, err);
      assertStringIncludes(err, "the reason must be one line of text");
    }
  }));

Deno.test("rollout goes on only with the rollout that the user's file describes; abort always works", () =>
  withLibrary(async ({ run, state }) => {
    await run("canary");
    const plan = join(state, "other.yml");
    const steps = "[{ setWeight: 5 }, { pause: until-promoted }, { setWeight: 100 }]";
    await Deno.writeTextFile(plan, `{ version: 1, name: other, from: stable, to: parallel, steps: ${steps} }`);
    const refused = await run(`rollout promote --plan ${plan}`);
    assertEquals(refused.code, 4);
    assertStringIncludes(refused.err, 'the rollout of the library is "turbo", not "other"');
    assertEquals((await run(`rollout abort --plan ${plan}`)).code, 0);
    assertEquals((await run(`canary --plan ${plan}`)).code, 0);
    await Deno.writeTextFile(plan, `{ version: 1, name: other, from: stabel, to: parallel, steps: ${steps} }`);
    const wrong = await run(`canary --plan ${plan}`);
    assertEquals(wrong.code, 2);
    assertMatch(wrong.err, /other\.yml:1:34: "from" is "stabel", which does not exist\n.*Did you mean "stable"\?/);
    assertEquals((await run("canary --plan missing.yml")).code, 2);
  }));

Deno.test("a configuration file can neither change a rollout nor override the judge", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, ".civitai-dl", "state"), { recursive: true });
    const config = join(folder, "civitai-dl.yml");
    await Deno.writeTextFile(config, "rollout: { percentage: 50, override: x }\ndeploy: { override: x }\n");
    const run = (...words: string[]) => call([...words, "--library", folder, "--config", config]);
    assertEquals((await run("canary")).code, 0);
    for (const words of [["rollout"], ["rollout", "promote"], ["deploy"]]) {
      const { code, err } = await run(...words);
      assertEquals([code, err.match(/"override" is no setting/)?.length], [2, 1], err);
    }
    await Deno.remove(config);
    assertStringIncludes((await callCommand(rollout, ["--library", folder])).out, " start by person, 10 %:");
  }));

Deno.test("deploy goes to 100 % for a reason, which is recorded", () =>
  withLibrary(async ({ run, status }) => {
    await run("canary");
    assertEquals((await run("deploy")).code, 3);
    assertEquals((await run("deploy --override tested")).code, 0);
    assertEquals([(await status()).state, (await status()).events.at(-1)?.override], ["completed", "tested"]);
  }));

Deno.test("rollout without a library exits with 2", async () => {
  const { code, err } = await callCommand(rollout, ["--library", "/nowhere"]);
  assertEquals(code, 2);
  assertStringIncludes(err, "Cannot find a library");
});

Deno.test("a judge's abort between two commands is told by the second one", () =>
  withLibrary(async ({ run, store }) => {
    await run("canary");
    await store.change((rollout) => record(rollout, "canary", { type: "error" }, { times: 2, now: START }));
    const { code, err } = await run("rollout promote");
    assertEquals(code, 4);
    assertStringIncludes(err, "Cannot promote: it was aborted: 2 of 2 canary downloads failed");
  }));
