import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { fileURLToPath } from "node:url";
import { program } from "../../cli.ts";
import { EXIT_CODES, type Language, LANGUAGES } from "../../lib/base/mod.ts";
import { type Command, CONFIG_FLAG, GLOBAL_FLAGS, loadProgram } from "../../lib/cli/mod.ts";
import {
  FAILURE_CLASSES,
  findRunbookPage,
  PROBLEM_IDS,
  PROBLEMS,
  type RunbookPage,
  suggestRunbookPage,
} from "../../lib/problems/mod.ts";
import { CHECK_NAMES } from "../../scripts/_health/health_flags.ts";

const root = new URL("../../", import.meta.url);

const FOLDERS: Readonly<Record<Language, string>> = { en: "docs/runbook", ja: "docs/ja/runbook" };

/** Files of a folder of the runbook that are not pages of the program. */
const OTHERS = new Set(["README.md", "transcripts.md"]);

/** The pages in the program, one for each file of the runbook. */
async function readPages(language: Language): Promise<readonly RunbookPage[]> {
  const files = await Array.fromAsync(Deno.readDir(new URL(FOLDERS[language], root)));
  const names = files.filter(({ name }) => !OTHERS.has(name)).map(({ name }) => name.replace(/\.md$/, ""));
  return await Promise.all(
    names.toSorted().map(async (name) => {
      const page = await findRunbookPage(name, language);
      assert(page?.page === name, `the program has no page ${name} (${language})`);
      return page;
    }),
  );
}

async function readAllPages(): Promise<readonly RunbookPage[]> {
  return (await Promise.all(LANGUAGES.map(readPages))).flat();
}

/** Text for comparison: without line breaks, code marks and spaces between Japanese and Latin letters. */
function plain(text: string): string {
  return text.replaceAll("`", "").replaceAll(/\s+/g, " ").toLowerCase();
}

Deno.test("the runbook has a page for each problem; a class of failure stands there in the words of the table", async () => {
  for (const id of PROBLEM_IDS) assert(await findRunbookPage(id) !== undefined, id);
  for (const failure of FAILURE_CLASSES) {
    const { next } = PROBLEMS[failure];
    for (const language of LANGUAGES) {
      const { title, meaning, remedy } = PROBLEMS[failure][language];
      const { page, text, title: heading } = (await findRunbookPage(failure, language))!;
      assertEquals([page, heading], [failure, `${failure}: ${title}`]);
      for (const sentence of [meaning, remedy]) assertStringIncludes(plain(text), plain(sentence));
      assertStringIncludes(text, next.split(" ").slice(0, 2).join(" "));
    }
  }
});

Deno.test("a page of the runbook has the title of its problem in the table, in both languages", async () => {
  for (const id of PROBLEM_IDS.filter((one) => PROBLEMS[one].page === undefined)) {
    for (const language of LANGUAGES) {
      const { title } = (await findRunbookPage(id, language))!;
      assertEquals(title, `${id}: ${PROBLEMS[id][language].title}`);
    }
  }
});

/** Load the command of a task that exists only in a checkout. */
async function loadMaintainersCommand(name: string): Promise<Command | null> {
  const path = new URL(`scripts/${name.replaceAll("-", "_")}.ts`, root).href;
  return await import(path).then(({ command }) => command, () => null);
}

Deno.test("every command that the runbook and the remedies name exists, with its flags", async () => {
  const { commands } = await loadProgram(program);
  const checks = new Set<string>(CHECK_NAMES);
  const texts = (await readAllPages()).map(({ path, text }) => ({ path, text }));
  for (const id of PROBLEM_IDS) {
    const { next, en, ja } = PROBLEMS[id];
    texts.push({ path: id, text: `\`${next}\`` });
    for (const { remedy } of [en, ja]) {
      texts.push({ path: id, text: remedy.replaceAll(/civitai-dl [a-z -]+/g, "`$&`") });
    }
  }
  for (const name of ["docs/troubleshooting.md", "docs/runbook/transcripts.md"]) {
    texts.push({ path: name, text: await Deno.readTextFile(new URL(name, root)) });
  }
  let found = 0;
  for (const { path, text } of texts) {
    for (const [, line] of text.matchAll(/(?:`|→ |^\$ |^)(?:civitai-dl|deno task) ([a-z][^`\n#>]*)/gm)) {
      const [verb, ...words] = line!.trim().split(/\s+/);
      const command = commands.find(({ name }) => name === verb) ?? await loadMaintainersCommand(verb!);
      assert(command !== null, `${path}: there is no command ${verb}`);
      const end = words.indexOf("--");
      for (const [index, word] of (end < 0 ? words : words.slice(0, end)).entries()) {
        const [, flag, value] = /^--([a-z-]+)(?:=(\S+))?/.exec(word) ?? [];
        if (flag === undefined) continue;
        const isKnown = [...command.flags ?? [], ...GLOBAL_FLAGS, CONFIG_FLAG].some(({ name }) =>
          name === flag || `no-${name}` === flag
        );
        assert(isKnown, `${path}: ${verb} has no flag --${flag}`);
        if (verb !== "doctor" || flag !== "only") continue;
        for (const check of (value ?? words[index + 1]!).split(",")) {
          assert(checks.has(check), `${path}: no check ${check}`);
        }
      }
      found++;
    }
  }
  assert(found > 150, `only ${found} commands were read`);
});

Deno.test("the program and the index of the runbook have every page, in both languages", async () => {
  for (const language of LANGUAGES) {
    const pages = await readPages(language);
    for (const { path, text } of pages) assertEquals(text, await Deno.readTextFile(new URL(path, root)));
    const index = await Deno.readTextFile(new URL(`${FOLDERS[language]}/README.md`, root));
    const listed = [...index.matchAll(/^\| \[`([^`]+)`\]/gm)].map(([, page]) => page!);
    assertEquals(listed.toSorted(), pages.map(({ page }) => page));
  }
});

Deno.test("every link between pages of the runbook leads to a page", async () => {
  const targets = (await readAllPages()).flatMap((page) =>
    [...page.text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target]) => new URL(target!, new URL(page.path, root)))
  );
  assert(targets.length > 0);
  for (const target of targets) assert(await exists(fileURLToPath(target)), target.href);
});

Deno.test("findRunbookPage() explains codes of errors, exit codes, alerts and statuses", async () => {
  for (const code of [...Object.keys(EXIT_CODES), "unexpected"]) {
    const { page } = (await findRunbookPage(code))!;
    assert(page === "exit-codes" || page === code, `${code}: ${page}`);
  }
  for (const [code, exit] of Object.entries(EXIT_CODES)) {
    assertEquals((await findRunbookPage(String(exit)))?.page, code === "integrity" ? code : "exit-codes");
  }
  for (const signal of ["129", "130", "143"]) {
    assertEquals((await findRunbookPage(signal))?.problem, "interrupted");
  }
  assertEquals((await findRunbookPage("HighTimeoutRate"))?.page, "high-timeout-rate");
  assertEquals((await findRunbookPage(" ENOSPC "))?.page, "disk");
  assertEquals((await findRunbookPage("503"))?.page, "server");
  assertEquals((await findRunbookPage("paused"))?.page, "engine-mode");
});

Deno.test("findRunbookPage() names the problem of an exit code, which its page has in the words of the table", async () => {
  assertEquals((await findRunbookPage("4", "ja"))!.problem, "unsafe");
  for (const id of PROBLEM_IDS.filter((id) => id === "unexpected" || (id in EXIT_CODES && id !== "integrity"))) {
    for (const language of LANGUAGES) {
      const { meaning, remedy } = PROBLEMS[id][language];
      const { text } = (await findRunbookPage(id, language))!;
      for (const sentence of [meaning, remedy]) assertStringIncludes(plain(text), plain(sentence));
    }
  }
});

Deno.test("findRunbookPage() finds nothing for an unknown word, and suggestRunbookPage() the nearest", async () => {
  for (const word of ["", "zebra", "constructor", "99", "| x"]) {
    assertEquals(await findRunbookPage(word), undefined, word);
  }
  assertEquals(await suggestRunbookPage("tiemout"), "timeout");
  assertEquals(await suggestRunbookPage("zzzzzzzz"), undefined);
});

Deno.test("findRunbookPage() takes a page's name as words", async () => {
  assertEquals((await findRunbookPage("High disk usage"))?.page, "high-disk-usage");
});
