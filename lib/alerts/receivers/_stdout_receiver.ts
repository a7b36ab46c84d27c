import { systemClock } from "../../base/mod.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import type { Receiver, ReceiverKind, ReceiverOptions } from "./receiver.ts";
import { renderNotification } from "./render_notification.ts";

/** `stdout:`: prints the notification as text for a person. */
export const STDOUT: ReceiverKind = {
  form: "stdout:",
  shown: [],
  create: createStdoutReceiver,
};

function createStdoutReceiver(url: ReceiverUrl, seams: ReceiverOptions): Receiver {
  const { print = printOut, clock = systemClock } = seams;
  if (url.rawHost !== "" || url.pathAndQuery !== "") url.fail("nothing may follow the colon");
  return {
    description: "stdout:",
    async send(notification) {
      const { title, text } = renderNotification(notification, { now: clock.now() });
      await print(`${title}\n${text}\n`);
    },
  };
}

async function printOut(text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += await Deno.stdout.write(bytes.subarray(done));
}
