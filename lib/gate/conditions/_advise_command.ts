import { parseDuration } from "../../base/mod.ts";

/**
 * Give a command the flags with which its next run would decide, so that it does not contradict the reason beside it. A
 * flag never gets less than the command has.
 *
 * @param command The command of the condition
 * @param flags Flags with their values, such as `--duration 6h` or `--rounds 2400`
 */
export function adviseCommand(command: string, flags: readonly string[]): string {
  return flags.reduce((words, flag) => {
    const [name, value] = flag.split(" ");
    const [before, old] = new RegExp(`${name} (\\S+)`).exec(words) ?? [];
    if (before === undefined) return `${words} ${flag}`;
    return amountOf(value!) > amountOf(old!) ? words.replace(before, flag) : words;
  }, command);
}

function amountOf(value: string): number {
  return /^\d+$/.test(value) ? Number(value) : parseDuration(value);
}
