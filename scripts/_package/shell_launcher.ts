import type { LaunchFlags } from "./launch_flags.ts";

/** What a shell launcher starts. */
export interface LaunchedProgram {
  /** Absolute path of Deno. */
  readonly deno: string;
  /** Absolute path of the bundle. */
  readonly bundle: string;
}

/** Write a shell script that starts the program with the permissions of its command. */
export function shellLauncher({ deno, bundle }: LaunchedProgram, { commands, otherwise }: LaunchFlags): string {
  const groups = Object.groupBy(Object.entries(commands), ([, flags]) => wordsOf(flags));
  const cases = Object.entries(groups).map(([words, entries]) =>
    `  ${entries!.map(([name]) => name).join(" | ")})\n    set -- ${words} ${bundle} "$@" ;;`
  );
  return `#!/bin/sh
# Starts civitai-dl with the permissions that its command needs.
export CIVITAI_DL_COMMAND=civitai-dl
case "\${1-}" in
${cases.join("\n")}
  *)
    set -- ${wordsOf(otherwise)} ${bundle} "$@" ;;
esac
exec ${deno} run -q --no-prompt --no-config --no-lock --cached-only "$@"
`;
}

/** Some hosts have a star, which a shell would replace by names of files. */
function wordsOf(flags: readonly string[]): string {
  return flags.map((flag) => /^[\w.,=\/:-]+$/.test(flag) ? flag : `'${flag}'`).join(" ");
}
