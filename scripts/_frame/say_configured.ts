import { type CommandContext, type FlagValue, renderCommandLine } from "../../lib/cli/mod.ts";

/**
 * Say which flags the configuration sets that leave something out of a result. Whoever has typed no such flag would take
 * what is shown for all that there is.
 *
 * @param filters The values of the flags that select, by name
 */
export function sayConfigured(
  { sourceOf, display }: Pick<CommandContext, "sourceOf" | "display">,
  filters: Readonly<Record<string, FlagValue | undefined>>,
): void {
  const words = Object.entries(filters).filter(([name]) => sourceOf(name) === "config").flatMap(([name, value]) =>
    typeof value === "boolean" ? [`--${value ? "" : "no-"}${name}`] : [`--${name}`, [value].flat().join(",")]
  );
  if (words.length > 0) display.log(`By the configuration: ${renderCommandLine(words)}`);
}
