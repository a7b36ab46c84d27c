import { assertEquals } from "@std/assert";
import { createPaint, type Invocation, nameCommands } from "../../lib/cli/mod.ts";

const CHECKOUT: Invocation = {
  name: "civitai-dl",
  commands: ["download", "list", "rollout", "health-check"],
  beforeCommand: "deno task",
  beforeFlag: "deno task download",
  program: "deno run -P=library cli.ts",
  tasks: ["gate", "compile"],
  beforeTask: "deno task",
};
const BUNDLE: Invocation = {
  ...CHECKOUT,
  beforeCommand: "deno run -ERWSN civitai-dl.js",
  beforeFlag: "deno run -ERWSN civitai-dl.js",
  program: "deno run -ERWSN civitai-dl.js",
};
const INSTALLED: Invocation = {
  ...CHECKOUT,
  beforeCommand: "civitai-dl",
  beforeFlag: "civitai-dl",
  program: "civitai-dl",
};

Deno.test("nameCommands() names the commands that exist in a checkout", () => {
  const named = [
    ["civitai-dl rollout status", "deno task rollout status"],
    ["Look at civitai-dl rollout status; civitai-dl list.", "Look at deno task rollout status; deno task list."],
    ["`civitai-dl health-check` や civitai-dl list で", "`deno task health-check` や deno task list で"],
    ["まずcivitai-dl list を", "まずdeno task list を"],
    ['eval "$(civitai-dl list)"', 'eval "$(deno task list)"'],
    ["CIVITAI_API_KEY=x civitai-dl download", "CIVITAI_API_KEY=x deno task download"],
    ["civitai-dl --user NAME", "deno task download --user NAME"],
    ["civitai-dl --user=NAME -o DIR", "deno task download --user=NAME -o DIR"],
    ["civitai-dl -o DIR", "deno task download -o DIR"],
    ["civitai-dl [options] [arguments]", "deno task download [options] [arguments]"],
    ["See civitai-dl --help", "See deno run -P=library cli.ts --help"],
    ["civitai-dl COMMAND --help", "deno task COMMAND --help"],
    // Help breaks lines between any two words.
    ["Finish it with civitai-dl\n    rollout promote", "Finish it with deno task\n    rollout promote"],
  ] as const;
  for (const [text, expected] of named) assertEquals(nameCommands(text, CHECKOUT), expected);
});

Deno.test("nameCommands() finds a command that is painted", () => {
  const { cyan, bold } = createPaint({ color: true });
  assertEquals(nameCommands(cyan("civitai-dl list"), CHECKOUT), cyan("deno task list"));
  assertEquals(nameCommands(`${bold("Usage:")} civitai-dl list`, CHECKOUT), `${bold("Usage:")} deno task list`);
});

Deno.test("nameCommands() leaves all that is no command", () => {
  for (
    const text of [
      "civitai-dl",
      "civitai-dl 1.0.0",
      "Use the newer civitai-dl that wrote it",
      "civitai-dl listing, civitai-dl list-all, civitai-dl list.txt, civitai-dl list/of",
      "~/models/.civitai-dl/state, .civitai-dl list",
      "civitai-dl.yml download",
      "/opt/civitai-dl list, ./civitai-dl list, C:\\civitai-dl list, ~civitai-dl list",
      "https://github.com/civitai-dl/civitai-dl list",
      "@civitai-dl/civitai-dl list",
      "my-civitai-dl list",
      "dist/civitai-dl.js list",
      "npx civitai-dl list",
      "deno task list",
    ]
  ) assertEquals(nameCommands(text, CHECKOUT), text);
});

Deno.test("nameCommands() names what starts a bundle, and nothing else where the program is installed", () => {
  const text = "civitai-dl --user NAME, then civitai-dl list or civitai-dl --help";
  const start = BUNDLE.program;
  assertEquals(nameCommands(text, BUNDLE), `${start} --user NAME, then ${start} list or ${start} --help`);
  assertEquals(nameCommands(text, INSTALLED), text);
});

Deno.test("nameCommands() names a task of a checkout as such wherever the program runs", () => {
  for (const invocation of [CHECKOUT, BUNDLE, INSTALLED]) {
    assertEquals(nameCommands("Next: civitai-dl gate --phase 1", invocation), "Next: deno task gate --phase 1");
  }
});

Deno.test("nameCommands() does not change its own result again", () => {
  for (const invocation of [CHECKOUT, BUNDLE, INSTALLED]) {
    const once = nameCommands("civitai-dl rollout status; civitai-dl --help; civitai-dl --user NAME", invocation);
    assertEquals(nameCommands(once, invocation), once);
  }
});
