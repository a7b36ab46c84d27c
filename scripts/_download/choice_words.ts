import { resolve } from "node:path";
import { type CommandContext, type Flag, type FlagScalar, renderCommandLine } from "../../lib/cli/mod.ts";
import { CHOICE_FLAGS, ENGINE_FLAGS, LIMIT_FLAG } from "../_frame/flags.ts";

/**
 * Write the choice that was typed, and the limits, as they are typed: another command that fetches the same must not
 * fetch more, or keep more free. What the configuration says applies to every command.
 *
 * @returns Flags with a space before each; empty if none was typed
 */
export function choiceWords(
  { flags, sourceOf }: { readonly flags: object; readonly sourceOf: CommandContext["sourceOf"] },
): string {
  const values = flags as Readonly<Record<string, FlagScalar | readonly FlagScalar[] | undefined>>;
  const words = [...CHOICE_FLAGS, LIMIT_FLAG, ...ENGINE_FLAGS].flatMap((flag) => {
    const key = flag.name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    // Not every command has all of them.
    if (!Object.hasOwn(values, key) || sourceOf(flag.name) !== "flag") return [];
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
