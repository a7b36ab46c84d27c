// deno run -q -P=acceptance tests/acceptance/benchmark_compare.ts: a 30 % slower function is named, and equal code is
// never called slower, ten times in a row and with all processors busy. Some ten minutes.
import { command } from "../../scripts/benchmark_compare.ts";
import { inRepository } from "../helpers/repository/fixture_repository.ts";
import { commitBenches } from "../helpers/repository/bench_repository.ts";
import { callCommand } from "../helpers/call_command.ts";

/** The result of a comparison. */
interface Ended {
  readonly what: string;
  readonly code: number;
  readonly verdicts: Readonly<Record<string, string>>;
}

const TIMES = Number(Deno.args[0] ?? 10);

if (import.meta.main) {
  let isGood = true;
  await inRepository(async (fixture) => {
    const base = await commitBenches(fixture, { hash: 40_000, parse: 40_000 });
    const slower = await commitBenches(fixture, { hash: 52_000, parse: 40_000 });
    const compare = async (what: string, target: string): Promise<Ended> => {
      const words = ["--repo", fixture.root, "--baseline", base, "--target", target, "--runs", "20", "--json"];
      const { code, out, err } = await callCommand(command, words);
      if (code !== 0 && code !== 1 && code !== 3) throw new Error(err);
      const { comparison } = JSON.parse(out);
      const verdicts = Object.fromEntries(
        comparison.claims.map((one: { id: string; verdict: string }) => [one.id, one.verdict]),
      );
      await say({ what, code, verdicts });
      return { what, code, verdicts };
    };
    const found = await compare("30 % slower hash", slower);
    isGood &&= found.code === 1 && found.verdicts["slowdown:work: hash"] === "fail" &&
      found.verdicts["slowdown:work: parse"] !== "fail";
    for (let time = 0; time < TIMES; time++) isGood &&= (await compare("equal", base)).code !== 1;
    const load = Array.from(
      { length: navigator.hardwareConcurrency },
      () => new Deno.Command(Deno.execPath(), { args: ["eval", "for (;;);"], stdin: "null" }).spawn(),
    );
    try {
      for (let time = 0; time < Math.ceil(TIMES / 5); time++) {
        isGood &&= (await compare("equal, all processors busy", base)).code !== 1;
      }
    } finally {
      for (const child of load) child.kill("SIGKILL");
      await Promise.all(load.map((child) => child.status));
    }
  });
  await say({ isGood });
  if (!isGood) Deno.exitCode = 1;
}

async function say(line: unknown): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
}
