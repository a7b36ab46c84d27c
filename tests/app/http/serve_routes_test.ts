import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { createRedactor, KitError } from "../../../lib/base/mod.ts";
import type { StatusDocument } from "../../../lib/monitor/mod.ts";
import { parseListen } from "../../../lib/app/http/parse_listen.ts";
import { askRaw, statusOf } from "./_ask_raw.ts";
import { nextEvent, readEvents } from "./_read_events.ts";
import { sampleStatus } from "../../helpers/servers/sample_status.ts";
import { startServer } from "../../helpers/servers/status_server.ts";

const TOKEN = "0123456789abcdef";

Deno.test("serveApp() serves each path with its content type", async () => {
  await using test = await startServer();
  const expected = {
    "/": "text/html; charset=utf-8",
    "/page/main.js": "text/javascript; charset=utf-8",
    "/page/theme.css": "text/css; charset=utf-8",
    "/page/icon.svg": "image/svg+xml; charset=utf-8",
    "/api/v1/status": "application/json",
    "/metrics": "text/plain; version=0.0.4; charset=utf-8",
    "/healthz": "application/json",
  };
  for (const [path, type] of Object.entries(expected)) {
    const answer = await fetch(test.url + path);
    assertEquals([path, answer.status, answer.headers.get("content-type")], [path, 200, type]);
    assert((await answer.text()).length > 0);
  }
});

Deno.test("serveApp() serves the current document and the metrics", async () => {
  await using test = await startServer();
  assertEquals(await (await fetch(`${test.url}/api/v1/status`)).json(), test.status);
  const text = await (await fetch(`${test.url}/metrics`)).text();
  assertEquals(text.slice(0, text.indexOf("# HELP")), "# TYPE up gauge\nup 1\n");
});

Deno.test("serveApp() answers /healthz with 503 and the reason if unhealthy", async () => {
  let reason: string | null = null;
  await using test = await startServer({ health: () => ({ isHealthy: reason === null, reason }) });
  const well = await fetch(`${test.url}/healthz`);
  assertEquals([well.status, await well.json()], [200, { status: "ok", reason: null }]);
  reason = "No tick for 90 s";
  const ill = await fetch(`${test.url}/healthz`);
  assertEquals([ill.status, await ill.json()], [503, { status: "failing", reason: "No tick for 90 s" }]);
});

Deno.test("serveApp() sends security headers with every response, including refusals", async () => {
  await using test = await startServer();
  for (const path of ["/", "/api/v1/status", "/nothing", "/page/../serve_routes.ts", "/page/main.ts"]) {
    const answer = await fetch(test.url + path);
    await answer.body?.cancel();
    const { headers } = answer;
    assertMatch(headers.get("content-security-policy")!, /^default-src 'none'; script-src 'self'; style-src 'self';/);
    assertEquals(
      ["x-content-type-options", "referrer-policy", "cache-control"].map((name) => headers.get(name)),
      ["nosniff", "no-referrer", "no-store"],
    );
    assertEquals([...headers.keys()].filter((name) => name.startsWith("access-control-")), []);
    assertEquals(answer.status, path === "/" || path === "/api/v1/status" ? 200 : 404);
  }
});

Deno.test("serveApp() accepts only GET and HEAD", async () => {
  await using test = await startServer();
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
    const answer = await fetch(`${test.url}/api/v1/status`, { method });
    await answer.body?.cancel();
    assertEquals([method, answer.status, answer.headers.get("allow")], [method, 405, "GET, HEAD"]);
  }
  const head = await askRaw(
    test.server.port,
    `HEAD / HTTP/1.1\nHost: 127.0.0.1:${test.server.port}\nConnection: close`,
  );
  assertEquals(statusOf(head), 200);
  assertEquals(head.split("\r\n\r\n")[1], "");
});

Deno.test("serveApp() refuses foreign host names", async () => {
  await using test = await startServer();
  const { port } = test.server;
  const ask = async (host: string): Promise<number> =>
    statusOf(await askRaw(port, `GET /api/v1/status HTTP/1.1\n${host}\nConnection: close`));
  const good = [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`];
  for (const host of good) assertEquals([host, await ask(`Host: ${host}`)], [host, 200]);
  const bad = [
    ...["evil.example", `evil.example:${port}`, "127.0.0.1", "127.0.0.1:1", `127.0.0.1.evil.example:${port}`],
    ...[`192.168.1.5:${port}`, `localhost.:${port}`],
  ];
  for (const host of bad) assertEquals([host, await ask(`Host: ${host}`)], [host, 421]);
  assert([400, 421].includes(await ask(`Host: 127.0.0.1:${port}\nHost: evil.example`)));
  assert([400, 421].includes(await ask("X-No: host")));
});

Deno.test("serveApp() refuses a foreign host in the request line", async () => {
  await using test = await startServer();
  const { port } = test.server;
  const ask = (target: string): Promise<string> =>
    askRaw(port, `GET ${target} HTTP/1.1\nHost: 127.0.0.1:${port}\nConnection: close`);
  assertEquals(statusOf(await ask(`http://evil.example:${port}/api/v1/status`)), 421);
  assertEquals(statusOf(await ask(`http://127.0.0.1:${port}/api/v1/status`)), 200);
});

Deno.test("serveApp() refuses requests from other sites, but not links from them", async () => {
  await using test = await startServer();
  const { port } = test.server;
  const ask = async (...lines: readonly string[]): Promise<number> => {
    const head = [`GET /api/v1/status HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...lines, "Connection: close"];
    return statusOf(await askRaw(port, head.join("\n")));
  };
  assertEquals(await ask(`Origin: http://127.0.0.1:${port}`), 200);
  assertEquals(await ask("Origin: https://evil.example"), 403);
  assertEquals(await ask("Origin: null"), 403);
  assertEquals(await ask(`Origin: http://127.0.0.1:${port + 1}`), 403);
  assertEquals(await ask("Sec-Fetch-Site: same-origin"), 200);
  assertEquals(await ask("Sec-Fetch-Site: none"), 200);
  assertEquals(await ask("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"), 403);
  assertEquals(await ask("Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"), 403);
  assertEquals(await ask("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"), 403);
  assertEquals(await ask("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"), 200);
});

Deno.test("serveApp() with a token requires it in a header", async () => {
  await using test = await startServer({ token: TOKEN });
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<number> => {
    const answer = await fetch(test.url + path, { headers });
    await answer.body?.cancel();
    return answer.status;
  };
  for (
    const path of [
      "/",
      "/api/v1/events",
      "/api/v1/status",
      "/metrics",
      "/healthz",
      "/page/main.js",
      `/metrics?token=${TOKEN}`,
    ]
  ) {
    assertEquals([path, await ask(path)], [path, 401]);
  }
  assertEquals(await ask("/metrics", { authorization: `Bearer ${TOKEN}` }), 200);
  for (const wrong of [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`, "Bearer", "Bearer é"]) {
    assertEquals([wrong, await ask("/metrics", { authorization: wrong })], [wrong, 401]);
  }
});

Deno.test("serveApp() exchanges the token of a first visit for a cookie, and removes it from the URL", async () => {
  await using test = await startServer({ token: TOKEN });
  const first = await fetch(`${test.url}/?token=${TOKEN}`, { redirect: "manual" });
  await first.body?.cancel();
  const cookie = first.headers.get("set-cookie")!;
  assertEquals([first.status, first.headers.get("location")], [303, "/"]);
  assertMatch(cookie, /^civitai_dl_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  assert(!cookie.includes(TOKEN));
  const ask = async (value: string): Promise<number> => {
    const answer = await fetch(`${test.url}/api/v1/status`, { headers: { cookie: value } });
    await answer.body?.cancel();
    return answer.status;
  };
  const session = cookie.split(";")[0]!;
  assertEquals(await ask(`other=1; ${session}`), 200);
  assertEquals(await ask(`${session}x`), 401);
  const wrong = await fetch(`${test.url}/?token=${TOKEN}1`, { redirect: "manual", headers: { accept: "text/html" } });
  assertEquals([wrong.status, wrong.headers.get("set-cookie")], [401, null]);
  assertMatch(await wrong.text(), /<html lang="en">/);
});

Deno.test("serveApp() refuses to listen for other machines without a token", async () => {
  for (const listen of ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.com:0"]) {
    const error = await assertRejects(() => startServer({ listen }), KitError, "without a token");
    assertEquals([error.code, error.hint], ["usage", "Give a token with --page-token-file, or listen on 127.0.0.1"]);
  }
  const short = await assertRejects(() => startServer({ listen: "0.0.0.0:0", token: "short" }), KitError);
  assertEquals(short.code, "usage");
  assert(!`${short.message} ${short.hint}`.includes("short"));
});

Deno.test("serveApp() on all addresses accepts any address and the given names", async () => {
  await using test = await startServer({
    listen: "0.0.0.0:0",
    token: TOKEN,
    hosts: ["nas.local", "monitor.example:443"],
  });
  const { port } = test.server;
  const ask = async (host: string): Promise<number> => {
    const head = `GET /healthz HTTP/1.1\nHost: ${host}\nAuthorization: Bearer ${TOKEN}\nConnection: close`;
    return statusOf(await askRaw(port, head));
  };
  const good = [`192.168.1.5:${port}`, `[fd00::1]:${port}`, `NAS.local:${port}`, "monitor.example:443"];
  for (const host of good) assertEquals([host, await ask(host)], [host, 200]);
  for (const host of [`evil.example:${port}`, "192.168.1.5:1", "nas.local:8443", "evil.example"]) {
    assertEquals([host, await ask(host)], [host, 421]);
  }
});

Deno.test("serveApp() behind a TLS proxy accepts the proxy's bare name", async () => {
  await using test = await startServer({ hosts: ["nas.example", "monitor.example:443", "lan.example:8443"] });
  const { port } = test.server;
  const ask = async (lines: string): Promise<number> =>
    statusOf(await askRaw(port, `GET /healthz HTTP/1.1\n${lines}\nConnection: close`));
  for (const host of ["nas.example", "nas.example:443", "monitor.example", "lan.example:8443"]) {
    assertEquals([host, await ask(`Host: ${host}\nOrigin: https://${host}`)], [host, 200]);
  }
  assertEquals(await ask("Host: NAS.example"), 200);
  for (const host of ["other.example", "nas.example.evil.example", "lan.example", "127.0.0.1:443"]) {
    assertEquals([host, await ask(`Host: ${host}`)], [host, 421]);
  }
});

Deno.test("serveApp() gives a hint if the port is in use", async () => {
  await using test = await startServer();
  const listen = `127.0.0.1:${test.server.port}`;
  const error = await assertRejects(
    () => startServer({ listen }),
    KitError,
    `Cannot listen on "${listen}": the port is in use`,
  );
  assertEquals([error.code, error.hint], [
    "usage",
    "Another serve or monitor may be using it: stop it, or choose another port",
  ]);
});

Deno.test("serveApp() survives invalid requests", async () => {
  await using test = await startServer();
  const { port } = test.server;
  const host = `Host: 127.0.0.1:${port}`;
  const bad = {
    "\0\x01\xff\r\n": [400],
    [`OPTIONS * HTTP/1.1\n${host}\nConnection: close`]: [400],
    [`GET foo HTTP/1.1\n${host}\nConnection: close`]: [400],
    [`GET /%zz?%zz HTTP/1.1\n${host}\nConnection: close`]: [404],
    [`GET /?token=%zz HTTP/1.1\n${host}\nConnection: close`]: [200],
    [`GET / HTTP/1.1\n${host}\nX: ${"x".repeat(100_000)}`]: [400, 431],
  };
  for (const [head, statuses] of Object.entries(bad)) {
    const status = statusOf(await askRaw(port, head));
    assert(statuses.includes(status), `${status} for ${JSON.stringify(head.slice(0, 60))}`);
  }
  assertEquals((await (await fetch(`${test.url}/healthz`)).json()).status, "ok");
});

Deno.test("serveApp() hides internal errors", async () => {
  const status = (): never => {
    throw new Error("secret path");
  };
  const errors: unknown[] = [];
  await using test = await startServer({ status, metricsText: status, onError: (error) => errors.push(error) });
  const { server } = test;
  for (const path of ["api/v1/status", "metrics", "api/v1/events"]) {
    const answer = await fetch(server.url + path);
    assertEquals([path, answer.status], [path, 500]);
    assert(!(await answer.text()).includes("secret"));
  }
  assertEquals(errors.length, 3);
});

Deno.test("serveApp() frees the port when it is closed", async () => {
  // Another process may take a freed port first, but hardly five times in a row; a server that keeps its port fails
  // every time.
  const listenAgain = async (): Promise<boolean> => {
    const first = await startServer();
    await first.server.close();
    try {
      await using second = await startServer({ listen: `127.0.0.1:${first.server.port}` });
      assertEquals(second.server.port, first.server.port);
      return true;
    } catch (error) {
      if (error instanceof KitError && error.message.endsWith("the port is in use")) return false;
      throw error;
    }
  };
  for (let tries = 1; !await listenAgain(); tries++) assert(tries < 5, "no port was free again");
});

Deno.test("parseListen() reads addresses and reports what is wrong with others", () => {
  assertEquals(parseListen("127.0.0.1:9847"), { hostname: "127.0.0.1", port: 9847 });
  assertEquals(parseListen("[::1]:0"), { hostname: "::1", port: 0 });
  assertEquals(parseListen("9847"), { hostname: "127.0.0.1", port: 9847 });
  assertEquals(parseListen("NAS.local:80"), { hostname: "nas.local", port: 80 });
  const bad = {
    "::1": "brackets",
    "::1:9847": "brackets",
    "127.0.0.1": "it is not an address",
    "127.0.0.1:70000": "above 65535",
    "999.0.0.1:1": "is not an IPv4 address",
    "[zz]:1": "is not an IPv6 address",
    "": "it is not an address",
    "a b:1": "is not a host name",
    "http://x:1": "it is not an address",
  };
  for (const [text, why] of Object.entries(bad)) assertThrows(() => parseListen(text), SyntaxError, why);
});

Deno.test("serveApp() shows no key and nothing active in document, events, metrics and health", async () => {
  const said = "a\x1b]0;owned\x07b\u202ec own-s\u200becret-key ?token=s3cret";
  const clean = "abc [redacted] ?token=[redacted]";
  const sample = sampleStatus();
  await using test = await startServer({
    first: { ...sample, failures: [{ ...sample.failures[0]!, path: said, message: said }] },
    redact: createRedactor(["own-secret-key"]),
    metricsText: () => `up{name="${said}"} 1\n`,
    health: () => ({ isHealthy: false, reason: said }),
  });
  const { failures: [failure] } = await (await fetch(`${test.url}/api/v1/status`)).json() as StatusDocument;
  assertEquals([failure?.path, failure?.message], [clean, clean]);
  const text = await (await fetch(`${test.url}/metrics`)).text();
  assertEquals(text.slice(0, text.indexOf("# HELP")), `up{name="${clean}"} 1\n`);
  assertEquals((await (await fetch(`${test.url}/healthz`)).json()).reason, clean);
  const events = readEvents(await fetch(`${test.url}/api/v1/events`));
  for (let event = await nextEvent(events);; event = await nextEvent(events)) {
    if (event.event !== "status") continue;
    assertEquals((JSON.parse(event.data) as StatusDocument).failures[0]?.message, clean);
    break;
  }
  await events.return(undefined);
});
