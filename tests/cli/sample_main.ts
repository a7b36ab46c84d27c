import { confirm, defineCommand, runMain } from "../../lib/cli/mod.ts";

function raise(message: string): never {
  throw new TypeError(message);
}

/** A command for tests that need a real process: it waits for a signal, draws, fails, writes much, or prompts. */
if (import.meta.main) {
  const command = defineCommand({
    name: "act",
    summary: "Act",
    args: [{
      name: "WHAT",
      summary: "What to do",
      required: true,
      choices: ["wait", "hang", "draw", "crash", "throw", "write", "ask", "read"],
    }],
    async run({ args, signal, io, display }) {
      const stopped = new Promise((resolve) => signal.addEventListener("abort", () => resolve("stopped")));
      const alive = setInterval(() => {}, 1000);
      try {
        switch (args[0]) {
          case "wait":
            io.writeErr("ready\n");
            return await stopped;
          case "hang":
            io.writeErr("ready\n");
            return await new Promise(() => {});
          case "draw":
            display.log("ready");
            display.openStatus().update(["bar 1", "bar 2"]);
            return await new Promise(() => {});
          case "crash":
          case "throw":
            display.openStatus().update(["bar 1", "bar 2"]);
            if (args[0] === "throw") setTimeout(() => raise("nobody catches this"));
            else void Promise.resolve().then(() => raise("nobody waits for this"));
            return await new Promise(() => {});
          case "write":
            for (let line = 0; line < 100_000; line++) io.writeOut(`line ${line}\n`);
            return undefined;
          case "read":
            return [
              await io.readLine("first? "),
              await io.readLine("second? ", { signal }),
              await io.readLine("third? "),
            ];
          default:
            return await confirm(io, "Go on?", { signal });
        }
      } finally {
        clearInterval(alive);
      }
    },
    render: (result) => `result ${JSON.stringify(result)}`,
  });
  await runMain({ name: "civitai-dl", version: "", summary: "Act", commands: [command], defaultCommand: "act" });
}
