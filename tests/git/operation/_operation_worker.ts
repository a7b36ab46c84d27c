/** Runs the operation in the variable PLAN, or continues or undoes one: `_operation_worker.ts ROOT REGISTRY [ACTION]`. */
import { KitError } from "../../../lib/base/mod.ts";
import { continueOperation, openRepository, runOperation, undoOperation } from "../../../lib/git/mod.ts";

if (import.meta.main) {
  const [root, registry, action] = Deno.args;
  const repository = await openRepository(root!);
  const options = { registry: registry!, runCheck: () => Promise.resolve(null) };
  try {
    if (action === "continue") await continueOperation(repository, options);
    else if (action === "undo") await undoOperation(repository, options);
    else await runOperation(repository, JSON.parse(Deno.env.get("PLAN")!), options);
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    await Deno.stderr.write(new TextEncoder().encode(`${error.message}\n`));
    Deno.exitCode = error.exitCode;
  }
}
