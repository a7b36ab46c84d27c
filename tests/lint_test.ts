import { assertEquals, assertStringIncludes } from "@std/assert";
import plugin, { NODE_ROOMS, ROOMS } from "../lint.ts";

function found(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, file, source).map(({ id, message }) => `${id}: ${message}`);
}

function rulesFired(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, file, source).map(({ id }) => id.replace("civitai-dl/", ""));
}

const IMPORTS = {
  static: 'import { x } from "SOURCE";',
  type: 'import type { X } from "SOURCE";',
  effect: 'import "SOURCE";',
  all: 'export * from "SOURCE";',
  named: 'export { x } from "SOURCE";',
  dynamic: 'await import("SOURCE");',
  inline: 'type X = import("SOURCE").X;',
};
for (const [form, template] of Object.entries(IMPORTS)) {
  Deno.test(`layers detects an upward import: ${form}`, () => {
    const source = template.replace("SOURCE", "../civitai/mod.ts");
    assertEquals(found("lib/transfer/probe.ts", source), [
      'civitai-dl/layers: Room "transfer" may not import "civitai": it may import base, failsafe',
    ]);
    assertEquals(found("lib/downloader/plan.ts", source), []);
  });
}

const ALLOWED = [
  ["lib/cli/a.ts", "../base/mod.ts"],
  ["lib/cli/a.ts", "./b.ts"],
  ["lib/cli/deep/a.ts", "../b.ts"],
  ["lib/cli/deep/a.ts", "../_b.ts"],
  ["lib/cli/deep/a.ts", "./_b.ts"],
  ["lib/cli/a.ts", "./deep/b.ts"],
  ["lib/cli/help/a.ts", "../command/b.ts"],
  ["lib/downloader/fetch/limits/a.ts", "../../plan/choose/b.ts"],
  ["lib/downloader/plan/report/a.ts", "../choose/b.ts"],
  ["lib/cli/a.ts", "@std/cli"],
  ["lib/cli/a.ts", "npm:fast-string-width@^3"],
  ["lib/base/a.ts", "node:path"],
  ["lib/gate/a.ts", "../judge/mod.ts"],
  ["scripts/download.ts", "../lib/downloader/mod.ts"],
  ["scripts/download.ts", "@std/yaml"],
  ["scripts/benchmark.ts", "../benchmarks/peers/mod.ts"],
  ["benchmarks/peers/a.ts", "../../lib/sandbox/mod.ts"],
  ["benchmarks/peers/a.ts", "./_b.ts"],
  ["tests/benchmarks/a_test.ts", "../../benchmarks/peers/_b.ts"],
  ["cli.ts", "./scripts/_commands.ts"],
  ["scripts/_commands.ts", "./download.ts"],
  ["mod.ts", "./lib/base/mod.ts"],
  ["tests/cli/a_test.ts", "../../lib/cli/_bind_arguments.ts"],
  ["tests/scripts/a_test.ts", "../../scripts/download.ts"],
  ["tests/a_test.ts", "./helpers/fake_clock.ts"],
  ["std/cli/mod.ts", "npm:minimist@^1.2.8"],
] as const;
for (const [file, source] of ALLOWED) {
  Deno.test(`lint allows ${file} to import ${source}`, () => {
    assertEquals(found(file, `import "${source}";`), []);
  });
}

const FORBIDDEN = [
  ["lib/base/a.ts", "../cli/mod.ts", "layers", "it may import no other room"],
  ["lib/base/a.ts", "npm:zod@4", "layers", "the platform only"],
  ["lib/stats/a.ts", "@std/async", "layers", "the platform only"],
  ["benchmarks/peers/a.ts", "../../scripts/download.ts", "layers", "rooms only"],
  ["benchmarks/peers/a.ts", "../../tests/helpers/fake_clock.ts", "layers", "Only tests"],
  ["benchmarks/peers/a.ts", "../../lib/bench/sample.ts", "no-deep-imports", "mod.ts"],
  ["lib/bench/a.ts", "../../benchmarks/peers/mod.ts", "layers", "nothing of benchmarks/"],
  ["checks/a.ts", "../scripts/_frame/child.ts", "layers", "rooms only"],
  ["scripts/gate.ts", "../checks/check_lint.ts", "layers", "through checks/mod.ts"],
  ["lib/gate/a.ts", "../../checks/mod.ts", "layers", "nothing of checks/"],
  ["lib/gate/a.ts", "../bench/mod.ts", "layers", "it may import base, config"],
  ["lib/sandbox/a.ts", "../civitai/mod.ts", "layers", "it may import base"],
  ["lib/utils/a.ts", "../base/mod.ts", "layers", "not in the table"],
  ["lib/cli/a.ts", "../../scripts/x.ts", "layers", "nothing of scripts/"],
  ["lib/cli/a.ts", "../../tests/helpers/x.ts", "layers", "Only tests may import tests"],
  ["lib/cli/a.ts", "../../mod.ts", "layers", "nothing of the root"],
  ["lib/cli/a.ts", "@civitai-dl/civitai-dl", "layers", "not by the package's name"],
  ["lib/cli/a.ts", "../../std/cli/mod.ts", "layers", 'Import "@std/cli" by its name'],
  ["scripts/a.ts", "./b.ts", "layers", "may not import a script"],
  ["scripts/a.ts", "../tests/helpers/x.ts", "layers", "Only tests may import tests"],
  ["std/cli/mod.ts", "../../lib/base/mod.ts", "layers", "nothing of the project"],
  ["lib/cli/help/a.ts", "../terminal/_b.ts", "private-to-folder", '"_b.ts" is private to lib/cli/terminal/'],
  ["lib/cli/mod.ts", "./terminal/_b.ts", "private-to-folder", "take its underscore away"],
  ["lib/cli/terminal/a.ts", "../help/b.ts", "one-way-folders", "of lib/cli/, it may import none beside it"],
  ["lib/cli/command/a.ts", "../help/b.ts", "one-way-folders", "of lib/cli/, it may import terminal"],
  [
    "lib/downloader/plan/choose/a.ts",
    "../report/b.ts",
    "one-way-folders",
    "of lib/downloader/plan/, it may import none",
  ],
  ["lib/downloader/plan/choose/a.ts", "../../fetch/limits/b.ts", "one-way-folders", "import arms, hosts"],
  ["lib/cli/deep/a.ts", "../help/b.ts", "one-way-folders", "List the folders of lib/cli/"],
  ["lib/cli/a.ts", "../base/clock.ts", "no-deep-imports", 'room "base" through its mod.ts'],
  ["scripts/a.ts", "../lib/cli/run/execute.ts", "no-deep-imports", 'room "cli" through its mod.ts'],
  ["mod.ts", "./lib/base/clock.ts", "no-deep-imports", 'room "base" through its mod.ts'],
] as const;
for (const [file, source, rule, message] of FORBIDDEN) {
  Deno.test(`${rule} refuses an import of ${source} in ${file}`, () => {
    const [first, ...others] = found(file, `import "${source}";`);
    assertEquals(others, []);
    assertStringIncludes(first ?? "nothing", `civitai-dl/${rule}: `);
    assertStringIncludes(first!, message);
  });
}

Deno.test("named-exports refuses export * only in an entry", () => {
  for (const file of ["mod.ts", "lib/base/mod.ts", "checks/mod.ts"]) {
    assertEquals(rulesFired(file, 'export * from "./a.ts";'), ["named-exports"], file);
    assertEquals(rulesFired(file, 'export { a, type B } from "./a.ts";'), [], file);
  }
  assertEquals(rulesFired("benchmarks/peers/mod.ts", 'export * from "./a.ts";'), []);
});

Deno.test("no-nested-ternary refuses a choice within a choice, on either side", () => {
  const nested = ["const a = b ? 1 : c ? 2 : 3;", "const a = b ? (c ? 1 : 2) : 3;", "const a = (b ? c : d) ? 1 : 2;"];
  for (const source of nested) assertEquals(rulesFired("lib/base/a.ts", source), ["no-nested-ternary"], source);
  assertEquals(rulesFired("lib/base/a.ts", "const a = b ? f(c ? 1 : 2) : 3;"), []);
});

Deno.test("plain-literals refuses spread literals and pairs of lists, but not swaps and conditions", () => {
  const refused = [
    "f({ ...{ a, b } });",
    "const x = { a, ...{ b: 1 } };",
    "const x = { ...{ a: 1, b } as const };",
    "const [a, b] = [1, 2];",
    "[a, b] = [1, 2];",
  ];
  for (const source of refused) assertEquals(rulesFired("tests/a_test.ts", source), ["plain-literals"], source);
  const allowed = [
    "[a, b] = [b, a];",
    "const [a, b] = await both();",
    "const [first] = [...all()];",
    "const x = { ...given, ...(isOn ? { a } : {}) };",
    "const x = [...[1, 2]];",
    "f({ ...{} });",
  ];
  for (const source of allowed) assertEquals(rulesFired("lib/base/a.ts", source), [], source);
});

Deno.test("quoted-commands refuses unquoted values in commands that are printed, and nothing else", () => {
  const refused = [
    "const x = `git switch ${name}`;",
    "const x = `Push it: git push ${remote} main`;",
    "const x = `See it: git log origin/${name}; then stop`;",
    "const x = `Next: civitai-dl branch finish ${name}`;",
    "const x = `civitai-dl release stable --override ${quote(reason)}`;",
  ];
  for (const source of refused) assertEquals(rulesFired("scripts/a.ts", source), ["quoted-commands"], source);
  assertEquals(rulesFired("lib/git/a.ts", "const x = `git fetch ${remote} tag ${tag}`;").length, 2);
  const allowed = [
    "const x = shell`git switch ${name}`;",
    "const x = `Look: ${shell`git log ${name}`} (${title})`;",
    "const x = `git switch ${quoteWord(name)}`;",
    "const x = `git ended with ${code}`;",
    "const x = `Run civitai-dl verify. Files: ${count}`;",
    'const x = `civitai-dl rollback abort ends "${name}"`;',
    "const x = `.civitai-dl/${name}`;",
  ];
  for (const source of allowed) assertEquals(rulesFired("lib/base/a.ts", source), [], source);
  assertEquals(rulesFired("tests/a_test.ts", refused[0]!), []);
});

Deno.test("node-syntax refuses using in the rooms that Node loads, and below them", () => {
  for (
    const source of ["using a = open();", "async () => { await using a = open(); };", "for (using a of all()) a();"]
  ) {
    assertEquals(rulesFired("lib/failsafe/retry/a.ts", source), ["node-syntax"], source);
    assertEquals(rulesFired("lib/downloader/a.ts", source), [], source);
  }
  const entries = ["alerts", "bench", "failsafe", "gate", "sandbox"];
  const reached = new Set(entries);
  for (const room of reached) for (const below of ROOMS[room]!) reached.add(below);
  assertEquals([...NODE_ROOMS], [...reached].toSorted());
});

Deno.test("no-exit applies everywhere except in runMain", () => {
  for (
    const file of [
      "lib/base/a.ts",
      "lib/cli/run/execute.ts",
      "scripts/a.ts",
      "std/cli/mod.ts",
      "tests/a_test.ts",
      "cli.ts",
    ]
  ) {
    assertEquals(rulesFired(file, "Deno.exit(1);"), ["no-exit"], file);
  }
  assertEquals(rulesFired("lib/base/a.ts", 'Deno["exit"](1); process.exit(1); const { exit } = Deno;').length, 2);
  assertEquals(rulesFired("lib/cli/run/run_main.ts", "Deno.exit(1);"), []);
  assertEquals(rulesFired("lib/base/a.ts", "Deno.exitCode; app.exit();"), []);
});

Deno.test("no-console applies everywhere except in lib/cli", () => {
  for (const file of ["lib/base/a.ts", "scripts/a.ts", "tests/a_test.ts", "cli.ts"]) {
    assertEquals(rulesFired(file, 'console.log("x");'), ["no-console"], file);
  }
  assertEquals(rulesFired("lib/cli/a.ts", 'console.log("x");'), []);
  assertEquals(rulesFired("lib/base/a.ts", 'display.log("x"); my.console.log("x");'), []);
});

Deno.test("lint resolves absolute paths of this repository and ignores files elsewhere", () => {
  const root = new URL("..", import.meta.url).pathname;
  assertEquals(rulesFired(`${root}lib/base/a.ts`, "Deno.exit(1);"), ["no-exit"]);
  assertEquals(rulesFired("/elsewhere/lib/base/a.ts", "Deno.exit(1);"), []);
});

Deno.test("lint ignores an import with a computed source", () => {
  assertEquals(found("lib/base/a.ts", "await import(name);"), []);
});

Deno.test("one-rename refuses a rename that meets no patience on Windows", () => {
  for (const call of ["Deno.rename(a, b)", "Deno.renameSync(a, b)"]) {
    assertEquals(rulesFired("lib/library/a.ts", call), ["one-rename"]);
    assertEquals(rulesFired("scripts/a.ts", call), ["one-rename"]);
    assertEquals(rulesFired("lib/base/files/rename_file.ts", call), []);
    assertEquals(rulesFired("tests/a_test.ts", call), []);
  }
});

Deno.test("coverage-reason detects comments that take lines out of the coverage without a reason", () => {
  for (const directive of ["deno-coverage-ignore", "deno-coverage-ignore-start", "deno-coverage-ignore-file"]) {
    for (const bare of ["", " ", " -- no", ": TODO"]) {
      assertEquals(rulesFired("lib/base/a.ts", `// ${directive}${bare}\nexport const a = 1;\n`), ["coverage-reason"]);
    }
    const reason = `// ${directive} -- no disk of a test is full\nexport const a = 1;\n`;
    assertEquals(rulesFired("lib/base/a.ts", reason), []);
  }
  assertEquals(rulesFired("lib/base/a.ts", "// deno-coverage-ignore-stop\nexport const a = 1;\n"), []);
  assertEquals(rulesFired("lib/base/a.ts", "// what deno-coverage-ignore does\nexport const a = 1;\n"), []);
});

const FAILING = [
  'Deno.test("a", () => assertEquals(a(), 1));',
  'Deno.test({ name: "a", fn: async () => { await assertRejects(() => a()); } });',
  'Deno.test("a", () => { if (a() !== 1) throw new Error("no"); });',
  'function see() { assert(a()); }\nconst look = () => see();\nDeno.test("a", () => look());',
  'import { judge } from "./_judge.ts";\nDeno.test("a", () => judge(1));',
  'class Life { step() { assert(true); } }\nDeno.test("a", () => new Life().step());',
  "for (const one of [1, 2]) Deno.test(`a ${one}`, () => assert(one));",
  'Deno.test.each([1, 2])("a %s", (one) => assert(one));',
] as const;
const EMPTY = [
  'Deno.test("a", () => {});',
  'Deno.test("a", () => a());',
  'import { a } from "../lib/base/mod.ts";\nDeno.test("a", async () => { await a(); });',
  'Deno.test({ name: "a", fn: () => a() });',
  'Deno.test.each([1, 2])("a %s", (one) => a(one));',
  'function see() { a(); look(); }\nfunction look() { see(); }\nDeno.test("a", () => see());',
] as const;
Deno.test("asserting-tests detects tests that nothing can fail", () => {
  for (const source of FAILING) assertEquals([source, rulesFired("tests/base/a_test.ts", source)], [source, []]);
  for (const source of EMPTY) {
    assertEquals([source, rulesFired("tests/base/a_test.ts", source)], [source, ["asserting-tests"]]);
    assertEquals(rulesFired("tests/base/_a.ts", source), []);
  }
});
