/**
 * Permissions of an installed bundle, the same as those built into an executable. The network is not limited to hosts,
 * because alerts can be sent to any host that the user specifies.
 */
const FLAGS = [
  ...["--no-prompt", "--no-config", "--no-lock", "--cached-only"],
  "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=20",
  ...["read", "write", "env", "sys", "net", "run"].map((name) => `--allow-${name}`),
];

/**
 * Write the script that starts a bundle in its own folder, wherever that folder is moved.
 *
 * @param deno Path of the Deno that built the bundle; if it is gone, the one in PATH is used
 * @param os The operating system
 */
export function launcherOf(deno: string, os: typeof Deno.build.os = Deno.build.os): string {
  if (os === "windows") {
    return `@echo off\r\nsetlocal\r\nset CIVITAI_DL_COMMAND=civitai-dl\r\nset DENO="${deno}"\r\nif not exist %DENO% set DENO=deno\r\n` +
      `%DENO% run -q ${FLAGS.join(" ")} "%~dp0civitai-dl.js" %*\r\n`;
  }
  return `#!/bin/sh
# Starts the version of civitai-dl that is in the same folder. Its messages name commands as they are typed.
export CIVITAI_DL_COMMAND=civitai-dl
here=$(dirname -- "$(readlink -f -- "$0")") || exit 1
deno=${quoted(deno)}
[ -x "$deno" ] || deno=deno
exec "$deno" run -q ${FLAGS.join(" ")} "$here/civitai-dl.js" "$@"
`;
}

/** Starts the executable in the same folder, on Windows, where its name needs an ending. */
export const WINDOWS_LAUNCHER = `@echo off\r\n"%~dp0civitai-dl.exe" %*\r\n`;

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
