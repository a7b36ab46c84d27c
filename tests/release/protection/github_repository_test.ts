import { assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { parseGithubRepository } from "../../../lib/release/mod.ts";

const API = "https://api.github.com";

for (
  const [address, api] of [
    ["https://github.com/owner/na.me", API],
    ["https://github.com/owner/na.me.git", API],
    ["https://user:secret@GitHub.com/owner/na.me.git/", API],
    ["http://www.github.com/owner/na.me", API],
    ["git://github.com/owner/na.me.git", API],
    ["ssh://git@github.com/owner/na.me.git", API],
    ["ssh://git@ssh.github.com:443/owner/na.me.git", API],
    ["git+ssh://git@github.com:22/owner/na.me", API],
    ["git@github.com:owner/na.me.git", API],
    ["git@github.com:/owner/na.me.git", API],
    ["github.com:owner/na.me", API],
    ["org-123@github.com:owner/na.me.git", API],
    ["git@acme.ghe.com:owner/na.me.git", "https://api.acme.ghe.com"],
    ["https://acme.ghe.com/owner/na.me", "https://api.acme.ghe.com"],
  ] as const
) {
  Deno.test(`parseGithubRepository() understands ${address.replace("secret", "***")}`, () => {
    assertEquals(parseGithubRepository(address, { remote: "origin" }), { owner: "owner", name: "na.me", api });
  });
}

for (
  const [address, words] of [
    ["/srv/git/owner/name.git", "but a folder"],
    ["../name.git", "but a folder"],
    ["C:/git/name.git", "but a folder"],
    ["file:///srv/git/name.git", "but a folder"],
    ["./odd:folder/name", "but a folder"],
    ["https://gitlab.com/owner/name.git", "on gitlab.com, which is not GitHub"],
    ["git@codeberg.org:owner/name.git", "on codeberg.org, which is not GitHub"],
    // The token would go there.
    ["https://github.com.evil.example/owner/name", "on github.com.evil.example, which is not GitHub"],
    ["https://github.example.com/owner/name", "on github.example.com, which is not GitHub"],
    ["https://evil.example/github.com/owner/name", "on evil.example, which is not GitHub"],
    ["https://github.com@evil.example/owner/name", "on evil.example, which is not GitHub"],
    ["https://a.b.ghe.com.example/owner/name", "which is not GitHub"],
    ["https://github.com/owner", "names no repository"],
    ["https://github.com/owner/name/tree/main", "names no repository"],
    ["https://github.com/owner/%2e%2e", "names no repository"],
    ["git@github.com:owner/na me.git", "names no repository"],
    ["git@github.com:../..", "names no repository"],
  ] as const
) {
  Deno.test(`parseGithubRepository() refuses ${address}`, () => {
    const error = assertThrows(() => parseGithubRepository(address, { remote: "origin" }), KitError);
    assertEquals([error.code, error.message.includes(words)], ["usage", true], error.message);
  });
}

Deno.test("parseGithubRepository() uses the API that is given, if it fits the remote and is safe", () => {
  const parse = (address: string, api: string) => parseGithubRepository(address, { remote: "origin", api }).api;
  const enterprise = "https://git.example.com/api/v3";
  assertEquals(parse("git@git.example.com:owner/name.git", `${enterprise}/`), enterprise);
  assertEquals(parse("https://github.com/owner/name", API), API);
  assertEquals(parse("https://git.example.com/owner/name", "http://127.0.0.1:8080"), "http://127.0.0.1:8080");
  for (const api of ["http://git.example.com/api/v3", "git.example.com", "https://u:p@git.example.com", "ftp://x/y"]) {
    const error = assertThrows(() => parse("https://git.example.com/owner/name", api), KitError);
    assertEquals(error.message.includes("GITHUB_API_URL"), true, error.message);
  }
  // CI sets it to the API of github.com, whatever the remote is.
  const error = assertThrows(() => parse("https://gitlab.com/owner/name", API), KitError);
  assertEquals(error.message.includes("gitlab.com, which is not GitHub"), true);
});
