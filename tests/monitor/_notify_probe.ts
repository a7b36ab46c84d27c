import { SdNotifier } from "../../lib/monitor/mod.ts";

/** Notifies the service manager of the environment; warnings go to standard error. */
const encoder = new TextEncoder();
const notifier = new SdNotifier({ onWarning: (message) => void Deno.stderr.writeSync(encoder.encode(`${message}\n`)) });
await notifier.notifyReady("up and well");
await notifier.notifyAlive();
await notifier.notifyStopping();
