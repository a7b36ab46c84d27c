/// <reference lib="deno.worker" />
for (let child = 0; child < 200; child++) await new Deno.Command("true").output();
self.postMessage("done");

export {};
