import { functionName, longForms, shellQuote, visibleFlags } from "./_completion_words.ts";
import type { Command, LoadedProgram } from "../command/command.ts";
import type { Flag } from "../command/flag.ts";
import { mergeFlags } from "../command/merge_flags.ts";

/**
 * Generate a script for bash 3.2 and later. Bash splits `--flag=value` at the equals sign, so the script searches for
 * the flag one word further back.
 */
export function bashCompletions(program: LoadedProgram): string {
  const name = functionName(program);
  const { commands } = program;
  const verbs = commands.map((command) => command.name).join(" ");
  const shared = mergeFlags([], program.flags).filter((flag) => !flag.hidden);
  const fallback = commands.find((command) => command.name === program.defaultCommand);
  const first = fallback === undefined ? shared : visibleFlags(program, fallback);
  const skipped = shared.filter((flag) => flag.type !== "boolean").flatMap(spellings).join("|");
  return `# bash completion of ${program.name}
${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="" verb="" index word
  (( COMP_CWORD > 0 )) && prev="\${COMP_WORDS[COMP_CWORD-1]}"
  if [[ "$cur" == "=" ]]; then
    cur=""
  elif [[ "$prev" == "=" ]]; then
    prev="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for (( index = 1; index < COMP_CWORD; index++ )); do
    word="\${COMP_WORDS[index]}"
    case "$word" in
${skipped === "" ? "" : `      ${skipped}) (( index++ )) ;;\n`}      -*|=) ;;
      *) verb="$word"; break ;;
    esac
  done
  COMPREPLY=()
  case " ${verbs} " in
    *" $verb "*) ;;
    *) ${fallback === undefined ? 'verb=""' : `[[ -z "$verb" ]] || verb=${fallback.name}`} ;;
  esac
  case "$verb:$prev" in
${
    [
      ...valueCases("", first),
      ...commands.flatMap((command) => valueCases(command.name, visibleFlags(program, command))),
    ].join("\n")
  }
  esac
  case "$verb" in
${commands.map((command) => wordCase(program, command)).join("\n")}
    *)
      if [[ "$cur" == -* ]]; then
        ${words([...first.flatMap(longForms), "--version"])}
      else
        ${words(verbs.split(" "))}
      fi ;;
  esac
}
${name}_words() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$1" -- "$2"))
}
${name}_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$1"))
}
complete -F ${name} ${program.name}
`.replaceAll("@words", `${name}_words`).replaceAll("@files", `${name}_files`);
}

/** Generate the cases that complete a flag's value; for free text, they offer nothing. */
function valueCases(verb: string, flags: readonly Flag[]): string[] {
  return flags.filter((flag) => flag.type !== "boolean").map((flag) => {
    const pattern = spellings(flag).map((spelling) => `${verb}:${spelling}`).join("|");
    return `    ${pattern}) ${valueWords(flag)}; return ;;`;
  });
}

function valueWords(flag: Flag): string {
  if (flag.choices !== undefined) return words(flag.choices);
  return flag.type === "path" ? '@files "$cur"' : ":";
}

function wordCase(program: LoadedProgram, command: Command): string {
  const flags = visibleFlags(program, command).flatMap(longForms);
  const choices = (command.args ?? []).flatMap((spec) => spec.choices ?? spec.suggestions ?? []);
  const other = choices.length > 0 ? words(choices) : '@files "$cur"';
  const takesWords = command.args !== undefined && command.args.length > 0;
  return `    ${command.name})
      if [[ "$cur" == -* ]]; then
        ${words(flags)}
      else
        ${takesWords ? other : ":"}
      fi ;;`;
}

function words(list: readonly string[]): string {
  return `@words ${shellQuote(list.join("\n"))} "$cur"`;
}

function spellings(flag: Flag): string[] {
  return [`--${flag.name}`, ...(flag.short === undefined ? [] : [`-${flag.short}`])];
}
