#!/usr/bin/env node
// Starts civitai-dl with the Deno of the npm package "deno", and the permissions that the command needs.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../civitai-dl.js", import.meta.url));
const { commands, otherwise } = JSON.parse(readFileSync(new URL("../permissions.json", import.meta.url), "utf8"));

/** The deno of this system. Its package puts it into place at the first start if npm does not run install scripts. */
function findDeno() {
  try {
    return createRequire(import.meta.url)("deno/install_api.cjs").runInstall();
  } catch (error) {
    process.stderr.write(
      `error: Cannot start civitai-dl: there is no Deno for this system (${error.message.split("\n")[0]})\n` +
        "hint: Install it again without --omit=optional; Deno exists for Linux with glibc, macOS and Windows\n",
    );
    return null;
  }
}

/**
 * What the user types to start the program; its messages name commands with it. npx starts the package of a project from
 * the project's own folder, and says so in a variable.
 */
const IS_NPX = import.meta.url.includes("/_npx/") || process.env.npm_command === "exec";
const TYPED = IS_NPX ? "npx civitai-dl" : "civitai-dl";
const env = { ...process.env, CIVITAI_DL_COMMAND: TYPED };

/** Become the program, so that every signal reaches it. An older Node and Windows cannot. */
function become(deno, args) {
  if (typeof process.execve !== "function" || process.platform === "win32") return;
  try {
    process.execve(deno, [deno, ...args], env);
  } catch {
    // It is not possible here either: the program runs as a child.
  }
}

/** Run the program as a child, pass signals on, and end as it ends. */
function runAsChild(deno, args) {
  const child = spawn(deno, args, { stdio: "inherit", env });
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"]) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both; a second one would make the program stop at once.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    process.stderr.write(`error: Cannot start civitai-dl: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 1;
    if (signal === null) return;
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const words = process.argv.slice(2);
const permissions = Object.hasOwn(commands, words[0] ?? "") ? commands[words[0]] : otherwise;
const isolated = ["--no-prompt", "--no-config", "--no-lock", "--cached-only"];
const args = ["run", "-q", ...isolated, ...permissions, PROGRAM, ...words];
const deno = findDeno();
if (deno === null) process.exitCode = 1;
else {
  become(deno, args);
  runAsChild(deno, args);
}
