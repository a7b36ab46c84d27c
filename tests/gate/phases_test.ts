import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { gateJsonSchema, parseGateConfig, runGate } from "../../lib/gate/mod.ts";
import { CLAIM_IDS } from "../../lib/soak/mod.ts";
import { CHECK_NAMES } from "../../checks/house_checks.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { evidenceText, NOW, SHA } from "../helpers/evidence/gate_evidence.ts";
import { importsOf } from "../helpers/imports_of.ts";

const read = (path: string) => Deno.readTextFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)));
const config = parseGateConfig(read("config/phases.yml"), { file: "config/phases.yml", checks: CHECK_NAMES });

/** The paths that a kind of report depends on do not have these. A page of the runbook is shown, and changes no run. */
function uncovered(imported: readonly string[], paths: readonly string[]): readonly string[] {
  return imported.filter((file) =>
    !file.endsWith(".md") && !paths.some((path) => file === path || file.startsWith(`${path}/`))
  );
}

/** What the specification asks of each phase: its words, the condition, and the threshold or hours of work. */
const SPECIFIED: Readonly<
  Record<string, readonly (readonly [words: string, id: string, threshold?: string | number])[]>
> = {
  1: [
    ["全テストスイート PASS", "tests", "= 0"],
    ["ベンチマーク測定完了", "benchmark", "> 0"],
    ["タイムアウト率 < 1%", "timeout-rate", "< 1 %"],
    ["24時間連続実行テスト成功", "day-run", 24],
    ["メモリリーク無し", "no-leak"],
    ["文書更新完了", "documents", "= 0"],
    ["ruff: 0 violations", "lint", "= 0"],
    ["mypy: 0 errors", "types", "= 0"],
    ["black: formatted", "format", "= 0"],
    ["coverage: ≥ 85%", "coverage", ">= 85 %"],
  ],
  2: [
    ["安定性向上確認", "stability-improved"],
    ["エラーハンドリング強化テスト", "error-handling", "= 0"],
    ["フォールバック機能動作確認", "fallback", "= 0"],
    ["1週間連続実行テスト成功", "week-run", 168],
    ["性能劣化 < 5%", "no-regression", "< 1.05"],
    ["タイムアウト率: < 1%", "timeout-rate", "< 1 %"],
    ["エラー自動復旧率: > 95%", "recovery-rate", "> 95 %"],
    ["全件ダウンロード成功率: > 99%", "success-rate", "> 99 %"],
  ],
  3: [
    ["並行処理安定性テスト", "concurrency", "= 0"],
    ["メモリリーク検証", "no-leak"],
    ["負荷テスト成功", "load", "= 0"],
    ["負荷テスト成功", "load-success", ">= 99.5 %"],
    ["負荷テスト成功", "load-speed", ">= 50"],
    ["負荷テスト成功", "load-memory", "<= 160"],
    ["デッドロック検出: 0件", "deadlocks", "= 0"],
    ["性能向上: ≥ 120% (Phase1比)", "speed-up", ">= 1.20"],
    ["安定性スコア: ≥ Phase2水準", "stability-kept"],
    ["並行処理エラー率: < 0.1%", "concurrency-error-rate", "< 0.1 %"],
  ],
  // 全環境での動作確認 is not judged on one machine: ci.yml tests every system.
  4: [
    ["長期間運用テスト", "long-run", 168],
    ["本番環境テスト", "production"],
    ["性能向上: ≥ 200%", "speed-up-final", ">= 2.00"],
    ["安定性維持または向上", "stability-kept-final"],
    ["プロダクション対応", "packaging", "= 0"],
  ],
};

Deno.test("config/phases.yml asks for what the specification asks for", () => {
  for (const { name, conditions } of config.phases) {
    for (const [words, id, threshold] of SPECIFIED[name]!) {
      const found = conditions.find((one) => one.id === id);
      const hours = found?.source.type === "evidence" ? found.source.demand.minDurationMs / 3_600_000 : 0;
      const asked = typeof threshold === "number" ? hours : found?.require?.text;
      assertEquals([words, asked], [words, threshold]);
    }
  }
});

Deno.test("config/phases.yml: each phase inherits all conditions of the previous one, and each names its command", () => {
  for (const [index, phase] of config.phases.entries()) {
    const before = config.phases[index - 1]?.conditions.map((one) => one.id) ?? [];
    assertEquals(phase.conditions.map((one) => one.id).slice(0, before.length), before);
    for (const { id, command } of phase.conditions) assertEquals([id, command !== ""], [id, true]);
  }
});

/** The conditions that fail by one claim of a minute's run, and those that pass it over. */
async function judgeFault(toxics: string, claim: string) {
  const settings = { toxics, engine: "stable" };
  const claims = [{ id: claim, events: 12, trials: 100, verdict: "fail" }];
  const text = evidenceText({ schema: "civitai-dl/stability", plannedMs: 60_000, actualMs: 60_000, settings, claims });
  const { conditions } = config.phases[3]!;
  const only = conditions.flatMap(({ id, source }) =>
    source.type === "evidence" && source.demand.schema === "civitai-dl/stability" ? [id] : []
  );
  const repository = { sha: SHA, isDirty: false, changedSince: () => Promise.resolve([]) };
  const evidence = [{ name: "soak.json", text }];
  const { rows } = await runGate(config.phases[3]!, { only, evidence, repository, clock: new FakeClock(NOW) });
  const isNamed = rows.every((row) => row.evidence !== null || row.passedOver.length === 1);
  return { failed: rows.filter((row) => row.verdict === "fail").map((row) => row.id), isNamed };
}

Deno.test("config/phases.yml lets a fault refute with any settings, and a rate unless the faults are harsher", async () => {
  const runs = ["day-run", "week-run", "long-run"];
  const conditionOf = new Map([
    ["timeout_rate", "timeout-rate"],
    ["late_cut_rate", "timeout-rate"],
    ["success_rate", "success-rate"],
    ["recovery_rate", "recovery-rate"],
    ["recovery_rate:turbo", "recovery-rate"],
    ["concurrency_error_rate", ""],
    ["completeness", "completeness"],
    ["wire_bytes", "wire-bytes"],
    ["deadlocks", "deadlocks"],
    ["restarts", "harmless-faults"],
    ["integrity", "harmless-faults"],
    ["reconciliation_requests", "concurrency"],
    ["reconciliation_bytes", "concurrency"],
    ["leak_heap", "no-leak"],
    ["leak_external", "no-leak"],
    ["leak_handles", "no-leak"],
    ["leak_timers", "no-leak"],
    ["memory_cap", "memory"],
  ]);
  assertEquals(CLAIM_IDS.filter((id) => !conditionOf.has(id)), ["duration"]);
  for (const [claim, own] of conditionOf) {
    for (const toxics of ["none", "mild", "harsh"]) {
      const { failed, isNamed } = await judgeFault(toxics, claim);
      const isExcused = toxics === "harsh" && /^(?:timeout|success|recovery)_rate/.test(claim);
      const expected = isExcused ? [] : [...own === "" ? [] : [own], ...runs];
      assertEquals(failed.toSorted(), expected.toSorted(), `${claim}, ${toxics}`);
      assertEquals(isNamed, true, claim);
    }
  }
});

Deno.test("config/phases.yml names only existing test files", async () => {
  for (const { id, source } of config.phases[3]!.conditions) {
    const paths = source.type === "check" ? source.parameters.paths : undefined;
    for (const path of Array.isArray(paths) ? paths : []) {
      const stat = await Deno.stat(fileURLToPath(new URL(`../../${path}`, import.meta.url)));
      assertEquals(stat.isFile || stat.isDirectory, true, id);
    }
  }
});

Deno.test("config/phases.yml names only existing tasks for missing evidence", () => {
  const { tasks } = JSON.parse(read("deno.json"));
  const unknown = config.phases[3]!.conditions.filter(({ command }) => {
    const [, task] = /^deno task (\S+)/.exec(command) ?? [];
    return task === undefined ? !/^(deno lint|deno check|git diff)\b/.test(command) : !Object.hasOwn(tasks, task);
  });
  assertEquals(unknown.map(({ id, command }) => [id, command]), []);
});

Deno.test("config/phases.yml lists every source of the program that a production test is made of", async () => {
  const paths = config.sourcesOf["civitai-dl/production"]!;
  const imported = await importsOf(["cli.ts"], { follows: () => true });
  assertEquals(uncovered(imported, paths), []);
});

Deno.test("config/phases.yml lists every source that a stability run imports", async () => {
  assertEquals(Object.keys(config.sourcesOf), [
    "civitai-dl/stability",
    "civitai-dl/paired-stability",
    "civitai-dl/production",
  ]);
  for (const [schema, script] of [["stability", "stability"], ["paired-stability", "paired_stability"]] as const) {
    const paths = config.sourcesOf[`civitai-dl/${schema}`]!;
    // Without the other commands, which the program imports lazily.
    const imported = await importsOf([`scripts/${script}.ts`, "scripts/_stability/worker.ts"], {
      follows: ({ from, isDynamic }) => !(isDynamic && from === "scripts/_commands.ts"),
    });
    assertEquals(imported.includes("lib/transfer/mod.ts") && imported.length > 500, true);
    assertEquals(uncovered(imported, paths), []);
    for (const path of [...paths, ...config.sources]) {
      await Deno.stat(fileURLToPath(new URL(`../../${path}`, import.meta.url)));
    }
  }
});

Deno.test("config/phases.schema.json equals the schema of the parser", () => {
  assertEquals(JSON.parse(read("config/phases.schema.json")), gateJsonSchema({ checks: CHECK_NAMES }));
});

Deno.test("docs/settings.md names each check, in both languages", () => {
  for (const page of ["docs/settings.md", "docs/ja/settings.md"]) {
    const [row] = /^\| `phases\[\]\.conditions\[\]\.check` .*$/m.exec(read(page))!;
    for (const name of CHECK_NAMES) assertStringIncludes(row, `\`${name}\``, page);
  }
});

Deno.test("docs/gate.md shows a valid file of phases in the terms of the program", () => {
  const text = read("docs/gate.md");
  const { phases } = parseGateConfig(/^```yaml\n(.*?)^```$/ms.exec(text)![1]!, { checks: CHECK_NAMES });
  assertEquals(phases[1]!.conditions.map((one) => `${one.id} ${one.require?.text}`), [
    "lint = 0",
    "timeout-rate < 1 %",
    "week-run undefined",
  ]);
});
