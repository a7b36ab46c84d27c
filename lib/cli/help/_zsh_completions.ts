import { functionName, longForms, shellQuote, visibleFlags } from "./_completion_words.ts";
import { placeholderOf } from "./_format_flag.ts";
import type { ArgSpec, Command, LoadedProgram } from "../command/command.ts";
import type { Flag } from "../command/flag.ts";

/** Generate a script for the completion system of zsh. */
export function zshCompletions(program: LoadedProgram): string {
  const name = functionName(program);
  const { commands } = program;
  const list = commands.map((command) => `    ${shellQuote(`${command.name}:${command.summary}`)}`).join("\n");
  return `#compdef ${program.name}
# zsh completion of ${program.name}
${name}() {
  local context state state_descr line verb
  typeset -A opt_args
  local -a verbs
  verbs=(
${list}
  )
  if (( CURRENT == 2 )) && [[ "$words[2]" != -* ]]; then
    _describe -t commands command verbs
    return
  fi
  verb="$words[2]"
  if (( \${+functions[${name}_$verb]} )); then
    shift words
    (( CURRENT-- ))
  else
    verb=${program.defaultCommand ?? commands[0]?.name ?? ""}
  fi
  ${name}_$verb
}
${commands.map((command) => commandFunction(program, command)).join("\n")}
if [[ "$funcstack[1]" == ${name} ]]; then
  ${name} "$@"
else
  compdef ${name} ${program.name}
fi
`;
}

function commandFunction(program: LoadedProgram, command: Command): string {
  const specs = [
    ...visibleFlags(program, command).flatMap(flagSpecs),
    ...(command.args ?? []).map(argSpec),
  ];
  return `${functionName(program)}_${command.name}() {
  _arguments -s -S \\
${specs.map((spec) => `    ${spec}`).join(" \\\n")}
}`;
}

function flagSpecs(flag: Flag): string[] {
  const summary = escapeSpec(flag.summary);
  const repeat = flag.multiple ? "*" : "";
  const value = flag.type === "boolean" ? "" : `:${escapeSpec(placeholderOf(flag))}:${action(flag)}`;
  const long = longForms(flag).map((form) =>
    shellQuote(`${repeat}${form}${value === "" ? "" : "="}[${summary}]${value}`)
  );
  const hasShort = flag.short !== undefined;
  return hasShort ? [...long, shellQuote(`${repeat}-${flag.short}[${summary}]${value}`)] : long;
}

function action(flag: Flag): string {
  if (flag.choices !== undefined) return `(${flag.choices.map(escapeSpec).join(" ")})`;
  return flag.type === "path" ? "_files" : " ";
}

function argSpec(spec: ArgSpec): string {
  const words = spec.choices ?? spec.suggestions;
  const offer = words === undefined ? "_files" : `(${words.map(escapeSpec).join(" ")})`;
  return shellQuote(`${spec.multiple ? "*" : ""}:${escapeSpec(spec.name)}:${offer}`);
}

/** Escape the characters that have a special meaning in an `_arguments` specification. */
function escapeSpec(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}
