import { functionName, longForms, visibleFlags } from "./_completion_words.ts";
import type { Command, LoadedProgram } from "../command/command.ts";
import type { Flag } from "../command/flag.ts";
import { mergeFlags } from "../command/merge_flags.ts";

/** Generate a script for fish 3 and later. */
export function fishCompletions(program: LoadedProgram): string {
  const { commands } = program;
  const verbs = commands.map((command) => command.name).join(" ");
  const start = `function ${functionName(program)}_verb
  set -l words (commandline -opc)
  for word in $words[2..-1]
    if contains -- $word ${verbs}
      echo $word
      return
    end
  end
${program.defaultCommand === undefined ? "" : `  if set -q words[2]\n    echo ${program.defaultCommand}\n  end\n`}end
`;
  const bare = `complete -c ${program.name} -n 'test -z "$(${functionName(program)}_verb)"'`;
  const fallback = commands.find((command) => command.name === program.defaultCommand);
  const shared = mergeFlags([], program.flags).filter((flag) => !flag.hidden);
  const first = fallback === undefined ? shared : visibleFlags(program, fallback);
  return [
    `# fish completion of ${program.name}\n${start}`,
    ...commands.map(({ name, summary }) => `${bare} -f -a ${name} -d ${fishQuote(summary)}\n`),
    ...first.flatMap((flag) => flagLines(bare, flag)),
    ...commands.map((command) => commandLines(program, command)),
  ].join("");
}

function commandLines(program: LoadedProgram, command: Command): string {
  const head = `complete -c ${program.name} -n 'test "$(${functionName(program)}_verb)" = ${command.name}'`;
  const flags = visibleFlags(program, command).flatMap((flag) => flagLines(head, flag));
  const args = command.args ?? [];
  const choices = args.flatMap((spec) => spec.choices ?? spec.suggestions ?? []);
  const choiceLines = choices.length === 0 ? [] : [`${head} -f -a ${fishQuote(choices.join(" "))}\n`];
  const argLines = args.length === 0 ? [`${head} -f\n`] : choiceLines;
  return [...argLines, ...flags].join("");
}

function flagLines(head: string, flag: Flag): string[] {
  return longForms(flag).map((form) => {
    const short = flag.short === undefined || form !== `--${flag.name}` ? "" : ` -s ${flag.short}`;
    return `${head} -l ${form.slice(2)}${short}${value(flag)} -d ${fishQuote(flag.summary)}\n`;
  });
}

function value(flag: Flag): string {
  if (flag.type === "boolean") return "";
  if (flag.type === "path") return " -r -F";
  return flag.choices === undefined ? " -x" : ` -x -a ${fishQuote(flag.choices.join(" "))}`;
}

/** Quote text for fish, which recognizes two escapes inside single quotes: `\\` and `\'`. */
function fishQuote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
