import { assertEquals } from "@std/assert";
import { checkout } from "../../tasks.ts";
import { loadProgram } from "../../lib/cli/mod.ts";
import { checkDocumentedCommands } from "../../scripts/_docs/check_documented_commands.ts";
import { tasksOf } from "../../scripts/_docs/tasks.ts";

const program = await loadProgram(checkout);
const known = { program, tasks: tasksOf(program.commands) };

function problemsOf(line: string): readonly string[] {
  return checkDocumentedCommands("page.md", `# A\n\n\`\`\`sh\n${line}\n\`\`\`\n`, known);
}

for (
  const line of [
    "civitai-dl download --user NAME --dry-run",
    "civitai-dl --users users.txt",
    "deno task -q branch create-phase 1",
    "npx -y deno@2.9.6 task demo",
    "sudo -u civitai CIVITAI_API_KEY=x civitai-dl verify --deep -o ~/models",
    "ls | civitai-dl download --from -",
    "civitai-dl gate --help",
    "civitai-dl --version",
    "deno task ok --skip-tests",
    "deno test -P tests/",
    "something else --entirely",
  ]
) {
  Deno.test(`checkDocumentedCommands() accepts ${line}`, () => assertEquals(problemsOf(line), []));
}

for (
  const [line, reason] of [
    ["civitai-dl download --usr NAME", 'Unknown flag "--usr": did you mean "--user"?'],
    ["deno task nothing", 'there is no task "nothing"'],
    ["deno task branch fly", 'Cannot use "fly" for ACTION'],
    ["civitai-dl benchmark --phase five", 'Cannot use "five" for --phase'],
    ["civitai-dl downlod NAME", 'Unknown command "downlod": did you mean "download"?'],
  ] as const
) {
  Deno.test(`checkDocumentedCommands() refuses ${line}`, () => {
    const [problem, ...others] = problemsOf(line);
    assertEquals(others, []);
    assertEquals(problem?.startsWith(`page.md:4: ${line}: ${reason}`), true, problem);
  });
}

for (
  const code of [
    "civitai-dl handle-issue",
    "civitai-dl rollback --list --repo\nFOLDER",
    "deno task COMMAND --help",
    "deno task --config …/deno.json verify",
    "benchmark --phase",
    "deno task benchmark --phase N --output",
    "download --no-images",
    "deno task profile -- download --sandbox",
    "profile --interval -- download --sandbox",
    "logs/download.log",
  ]
) {
  Deno.test(`checkDocumentedCommands() accepts \`${code.replace("\n", " ")}\` in a text`, () =>
    assertEquals(checkDocumentedCommands("page.md", `# A\n\nSee \`${code}\`.\n`, known), []));
}

for (
  const [code, reason] of [
    ["civitai-dl download --usr NAME", 'Unknown flag "--usr": did you mean "--user"?'],
    ["deno task nothing", 'there is no task "nothing"'],
    ["deno task branch fly", 'Cannot use "fly" for ACTION'],
    ["download --usr", "there is no flag --usr"],
    ["civitai-dl download --usr", "there is no flag --usr"],
  ] as const
) {
  Deno.test(`checkDocumentedCommands() refuses \`${code}\` in a text`, () => {
    const [problem, ...others] = checkDocumentedCommands("page.md", `# A\n\nFirst\nsee \`${code}\`.\n`, known);
    assertEquals(others, []);
    assertEquals(problem?.startsWith(`page.md:4: ${code}: ${reason}`), true, problem);
  });
}
