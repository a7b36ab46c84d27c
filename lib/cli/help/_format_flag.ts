import type { Flag } from "../command/flag.ts";

const PLACEHOLDERS: Readonly<Record<Flag["type"], string>> = {
  boolean: "",
  string: "TEXT",
  integer: "N",
  number: "NUMBER",
  duration: "TIME",
  size: "SIZE",
  date: "DATE",
  choice: "CHOICE",
  path: "PATH",
};

/** The placeholder of the flag's value in help; empty for a boolean. */
export function placeholderOf(flag: Flag): string {
  if (flag.type === "boolean") return "";
  return flag.placeholder ?? PLACEHOLDERS[flag.type];
}

/** Format the flag for help: `-u, --user NAME`, or `--[no-]resume` for a boolean that is on by default. */
export function formatFlag(flag: Flag): string {
  const name = flag.type === "boolean" && flag.default === true ? `--[no-]${flag.name}` : `--${flag.name}`;
  const short = flag.short === undefined ? "" : `-${flag.short}, `;
  const value = placeholderOf(flag);
  return `${short}${name}${value === "" ? "" : ` ${value}`}`;
}

/** List the notes that follow a flag's summary in help: choices, unit, bounds, default, environment variable. */
export function flagNotes(flag: Flag): string[] {
  const notes: string[] = [];
  if (flag.choices !== undefined) notes.push(`one of ${flag.choices.join(", ")}`);
  if (flag.unit !== undefined) notes.push(flag.unit);
  if (flag.min !== undefined && flag.max !== undefined) notes.push(`${flag.min} to ${flag.max}`);
  else if (flag.min !== undefined) notes.push(`at least ${flag.min}`);
  else if (flag.max !== undefined) notes.push(`at most ${flag.max}`);
  if (flag.multiple) {
    notes.push(flag.split === undefined ? "repeatable" : `repeatable, or separated by "${flag.split}"`);
  }
  if (flag.required) notes.push("required");
  if (flag.example !== undefined) notes.push(`such as ${flag.example}`);
  const value = defaultText(flag);
  if (value !== undefined) notes.push(`default ${value}`);
  if (flag.env !== undefined) notes.push(`env ${flag.env}`);
  return notes;
}

/** The default in the user's notation; `undefined` if there is none, or for a boolean that is off by default. */
function defaultText(flag: Flag): string | undefined {
  if (flag.default === undefined || flag.default === false) return undefined;
  if (flag.default === true) return "on";
  return Array.isArray(flag.default) ? flag.default.join(flag.split ?? " ") : String(flag.default);
}
