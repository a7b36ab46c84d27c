import { systemClock } from "../../lib/base/mod.ts";
import { openSharedAlerts } from "./_shared_alerts.ts";

const [folder] = Deno.args;
if (folder === undefined) throw new TypeError("Cannot work: no folder is given");
const manager = await openSharedAlerts(folder);
// Until it is killed.
for (;;) {
  await manager.tick();
  await systemClock.sleep(5);
}
