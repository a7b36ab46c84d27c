/**
 * Ten planted troubles, each led to its end in at most three commands by following what the program prints. With
 * `--write`, they are played in each language, and the transcripts in `docs/runbook/` and `docs/ja/runbook/` are written
 * from these runs. Takes two minutes for each language:
 * `deno run -q -P=acceptance tests/acceptance/troubles.ts [--write]`
 *
 * @module
 */
import { type Language, LANGUAGES } from "../../lib/base/mod.ts";
import { tellProgress } from "./_flag.ts";
import { checkOf, type Told, verdictsOf } from "./_stranger.ts";
import { playTrouble, type Trouble, TROUBLES } from "./_troubles.ts";

const HEAD: Readonly<Record<Language, string>> = {
  en: `# Ten transcripts

Ten problems were caused on purpose, and each was solved by following what the commands print. The transcripts are the output of real
runs, at most three commands each; \`…\` stands for checks of \`doctor\` that found nothing.
\`deno run -q -P=acceptance tests/acceptance/troubles.ts --write\` plays them again.
`,
  ja: `# 10 件の実行記録

10 種類の問題を実際に発生させ、コマンドの出力に従って解決するまでの記録です。出力は環境変数 \`LANG=ja_JP.UTF-8\` を設定した端末での実際の実行結果で、いずれも 3 コマンド以内で解決しています。\`…\` は、\`doctor\` の項目のうち問題がなかったものの省略を表します。\`deno run -q -P=acceptance tests/acceptance/troubles.ts --write\` で再実行できます。
`,
};

const PATHS: Readonly<Record<Language, string>> = {
  en: "docs/runbook/transcripts.md",
  ja: "docs/ja/runbook/transcripts.md",
};

/** The lines of a terminal. */
function transcriptOf(told: readonly Told[]): string {
  return told.map(({ command, output }) => `$ ${command}\n${withoutGoodChecks(output)}`).join("\n").trim();
}

/** Leave out the checks of a table that found nothing, unless it has only them. */
function withoutGoodChecks(output: string): string {
  if (![...verdictsOf(output).values()].includes("bad")) return output;
  const lines: string[] = [];
  let isLeftOut = false;
  for (const line of output.split("\n")) {
    const check = checkOf(line);
    if (check !== null) isLeftOut = check.verdict !== "bad";
    else if (/^\d+ (?:checks?|項目): /.test(line)) isLeftOut = false;
    if (!isLeftOut) lines.push(line);
    else if (lines.at(-1) !== "…") lines.push("…");
  }
  return lines.join("\n");
}

function render(language: Language, played: ReadonlyMap<Trouble, readonly Told[]>): string {
  const sections = [...played].map(([{ title, story }, told]) =>
    `## ${title[language]}\n\n${story[language]}\n\n\`\`\`\n${transcriptOf(told)}\n\`\`\`\n`
  );
  return [HEAD[language], ...sections].join("\n");
}

/** Write a document. The formatter of the repository leaves Japanese ones alone. */
async function write(language: Language, text: string): Promise<void> {
  const path = PATHS[language];
  await Deno.writeTextFile(path, text);
  if (language === "ja") return;
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", path] }).output();
  if (!success) throw new Error(`Cannot format "${path}"`);
}

if (import.meta.main) {
  const isWriting = Deno.args.includes("--write");
  for (const language of isWriting ? LANGUAGES : ["en"] as const) {
    const played = new Map<Trouble, readonly Told[]>();
    for (const trouble of TROUBLES) {
      const missing = await trouble.missing?.() ?? null;
      if (missing !== null) {
        tellProgress(`skipped: ${trouble.name}: ${missing}`);
        continue;
      }
      const told = await playTrouble(trouble, language);
      tellProgress(`${trouble.name} (${language}): its end after ${told.length} commands`);
      played.set(trouble, told);
    }
    if (!isWriting) continue;
    if (played.size < TROUBLES.length) throw new Error("Cannot write the transcripts: some troubles were skipped");
    await write(language, render(language, played));
  }
}
