import { assertEquals } from "@std/assert";
import { mayUseProxy } from "../../lib/base/mod.ts";

const P = "http://proxy.example:3128";

for (
  const [url, env, applies] of [
    ["https://h.example/", {}, false],
    ["https://h.example/", { HTTPS_PROXY: P }, true],
    ["https://h.example/", { https_proxy: P }, true],
    ["https://h.example/", { HTTP_PROXY: P }, false],
    ["http://h.example/", { HTTP_PROXY: P }, true],
    ["http://h.example/", { http_proxy: P }, true],
    ["http://h.example/", { HTTPS_PROXY: P }, false],
    ["http://h.example/", { ALL_PROXY: P }, true],
    ["https://h.example/", { all_proxy: P }, true],
    ["https://h.example/", { HTTPS_PROXY: P, NO_PROXY: "*" }, false],
    ["https://h.example/", { HTTPS_PROXY: P, NO_PROXY: "h.example" }, false],
    ["https://h.example/", { HTTPS_PROXY: P, no_proxy: " other.example , H.example " }, false],
    ["https://a.h.example:81/", { HTTPS_PROXY: P, NO_PROXY: "h.example" }, false],
    ["https://a.h.example/", { HTTPS_PROXY: P, NO_PROXY: ".h.example" }, false],
    ["https://ah.example/", { HTTPS_PROXY: P, NO_PROXY: "h.example" }, true],
    ["https://h.example/", { HTTPS_PROXY: P, NO_PROXY: "" }, true],
    ["https://h.example/", { HTTPS_PROXY: P, NO_PROXY: ",,." }, true],
    ["http://127.0.0.1:8080/", { HTTP_PROXY: P }, true],
    ["http://127.0.0.1:8080/", { HTTP_PROXY: P, NO_PROXY: "localhost,127.0.0.1" }, false],
    ["http://10.1.2.3/", { HTTP_PROXY: P, NO_PROXY: "10.0.0.0/8" }, true],
  ] as const
) {
  Deno.test(`mayUseProxy() returns ${applies} for ${url} and ${JSON.stringify(env)}`, () => {
    assertEquals(mayUseProxy(new URL(url), (name) => (env as Record<string, string>)[name]), applies);
  });
}
