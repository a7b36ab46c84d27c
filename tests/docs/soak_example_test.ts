import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { fileURLToPath } from "node:url";

const EXAMPLE = fileURLToPath(new URL("../../docs/examples/soak.ts", import.meta.url));

interface Said {
  readonly verdict: string;
  readonly claims: readonly {
    readonly id: string;
    readonly events: number;
    readonly trials: number;
    readonly bound: number | null;
    readonly verdict: string;
  }[];
}

/** Soak a server that fails at the given rate. */
async function soakServer(failsEvery: number): Promise<Said> {
  let requests = 0;
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    const status = ++requests % failsEvery === 0 ? 500 : 200;
    return new Response("answer", { status });
  });
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--allow-net=127.0.0.1", EXAMPLE, `http://127.0.0.1:${server.addr.port}/`],
  }).output();
  const text = new TextDecoder();
  assertEquals(text.decode(stderr).trimEnd().split("\n").length, 3, text.decode(stderr));
  const said: Said = JSON.parse(text.decode(stdout));
  assertEquals([said.claims[0]!.trials, code], [requests, said.verdict === "pass" ? 0 : 1]);
  return said;
}

Deno.test("docs/examples/soak.ts passes a good server and fails a bad one", async () => {
  const [good, bad] = await Promise.all([soakServer(Infinity), soakServer(4)]);
  assertEquals(good.claims.map(({ id, verdict }) => [id, verdict]), [
    ["timeout_rate", "pass"],
    ["success_rate", "pass"],
    ["deadlocks", "pass"],
  ]);
  assert(good.claims[0]!.bound! < 0.01 && good.claims[0]!.trials >= 299);
  assertEquals([bad.verdict, bad.claims[1]!.verdict], ["fail", "fail"]);
});

Deno.test("docs/examples/soak.ts has at most twenty lines and does not depend on Civitai", async () => {
  const text = await Deno.readTextFile(EXAMPLE);
  assertLessOrEqual(text.trimEnd().split("\n").length, 20);
  assertEquals(text.replaceAll(/@civitai-dl\/civitai-dl|civitai-dl\/no-console/g, "").match(/civitai/i), null);
});
