import { resolve } from "node:path";
import { type CommandContext, type Flag, type FlagScalar, renderCommandLine } from "../../lib/cli/mod.ts";
import { CHOICE_FLAGS, ENGINE_FLAGS, LIMIT_FLAG } from "../_frame/flags.ts";

/**
 * Write the choice of a run, and its limits, as they are typed: a `download` that fetches the same must not fetch more,
 * or keep more free. What the top of the configuration says applies to both, and so does the section of `download` to
 * its own runs; what the section of another command says does not.
 *
 * @param command Name of the command that has run
 * @returns Flags with a space before each; empty if there are none
 */
export function choiceWords(
  { flags, sourceOf }: { readonly flags: object; readonly sourceOf: CommandContext["sourceOf"] },
  command: string,
): string {
  const values = flags as Readonly<Record<string, FlagScalar | readonly FlagScalar[] | undefined>>;
  const words = [...CHOICE_FLAGS, LIMIT_FLAG, ...ENGINE_FLAGS].flatMap((flag) => {
    const key = flag.name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    // Not every command has all of them.
    if (!Object.hasOwn(values, key)) return [];
    const source = sourceOf(flag.name);
    const isOfSection = source === "config" && (flag as Flag).setting !== "shared" && command !== "download";
    if (source !== "flag" && !isOfSection) return [];
    return [values[key] ?? []].flat().flatMap((one) => wordsOf(flag, one));
  });
  return words.length === 0 ? "" : ` ${renderCommandLine(words)}`;
}

function wordsOf({ name, type }: Pick<Flag, "name" | "type">, value: FlagScalar): readonly string[] {
  if (type === "boolean") return [value === true ? `--${name}` : `--no-${name}`];
  // The command may be typed in another folder.
  if (type === "path") return [`--${name}`, resolve(String(value))];
  return [`--${name}`, type === "duration" ? `${Number(value) / 1000}s` : String(value)];
}
