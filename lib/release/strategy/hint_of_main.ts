import type { PushStep, RefChange } from "../../git/mod.ts";
import type { Strategy } from "./strategy.ts";

/** Say what to do if the remote refuses a push of the stable branch; nothing if it is not pushed. */
export function hintOfMain(
  { main }: Pick<Strategy, "main">,
  changes: readonly Pick<RefChange, "ref">[],
): Pick<PushStep, "ifRefused"> {
  if (!changes.some(({ ref }) => ref === `refs/heads/${main}`)) return {};
  return { ifRefused: `If ${main} is protected, set mainBy: pull-request in config/branches.yml` };
}
