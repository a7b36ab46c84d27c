import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { assertKeyMayGo } from "../../scripts/_frame/key_trip.ts";
import {
  findConfigSecrets,
  findSecrets,
  findToken,
  missingKeyWarning,
  parseKeyFile,
  requireUsableKey,
} from "../../scripts/_frame/settings/secrets.ts";
import { startProgram } from "../helpers/start_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const none = () => undefined;

function envOf(variables: Readonly<Record<string, string>>): (name: string) => string | undefined {
  return (name) => variables[name];
}

async function keyFile(folder: string, text: string, mode = 0o600): Promise<string> {
  const path = join(folder, "key.md");
  await Deno.writeTextFile(path, text);
  await Deno.chmod(path, mode);
  return path;
}

Deno.test("findToken() prefers the flag to a named file and the environment", () =>
  inTempDir(async (folder) => {
    const file = await keyFile(folder, "of-the-file\n");
    const env = envOf({ CIVITAI_API_KEY: "of-the-environment", CIVITAI_TOKEN: "older-name" });
    assertEquals(findToken({ flag: " of-the-flag ", source: "flag", file, env })?.token, "of-the-flag");
    assertEquals(findToken({ flag: "of-the-configuration", source: "config", file, env })?.token, "of-the-file");
    assertEquals(findToken({ file, env }), { token: "of-the-file", origin: `"${file}"`, warning: null });
    assertEquals(findToken({ env }), {
      token: "of-the-environment",
      origin: "CIVITAI_API_KEY",
      warning: null,
    });
    assertEquals(findToken({ env: envOf({ CIVITAI_TOKEN: "older-name" }) })?.token, "older-name");
  }));

for (
  const [token, said] of [
    ["Bearer abcdef0123456789", 'from CIVITAI_API_KEY: it begins with "Bearer"'],
    ['"abcdef0123456789"', "it is in quotation marks"],
    ["abc…", "it contains spaces or invalid characters"],
    ["abc def", "it contains spaces or invalid characters"],
  ] as const
) {
  Deno.test(`requireUsableKey() refuses ${token}`, () => {
    assertThrows(() => requireUsableKey({ token, origin: "CIVITAI_API_KEY" }), KitError, said);
  });
}

Deno.test("findToken() warns of a key that others can see", () =>
  inTempDir(async (folder) => {
    const file = await keyFile(folder, "of-the-file\n", 0o644);
    assertEquals(findToken({ file, env: none })?.warning, `"${file}" can be read by other users: chmod 600 ${file}`);
    assertEquals(findToken({ flag: "x", source: "flag", env: none })?.warning?.startsWith("--token shows"), true);
    for (const source of ["env", "config"] as const) {
      assertEquals(findToken({ flag: "x", source, env: none })?.warning, null);
    }
  }));

Deno.test("findToken() warns of a configuration with a key that others can read", () =>
  inTempDir(async (folder) => {
    const config = await keyFile(folder, "token: x\n", 0o644);
    const places = { flag: "x", source: "config", config, env: none } as const;
    assertEquals(findToken(places)?.warning, `"${config}" can be read by other users: chmod 600 ${config}`);
    await Deno.chmod(config, 0o600);
    assertEquals(findToken(places)?.warning, null);
  }));

Deno.test("findConfigSecrets() finds global and command keys, and those in named files", () =>
  inTempDir(async (folder) => {
    const file = await keyFile(folder, "of-the-file\n");
    const values = {
      "token": "of-all",
      "download": { "token": 12345678, "limit": 3 },
      "token-file": file,
      "type": ["x"],
    };
    assertEquals(findConfigSecrets(values).toSorted(), ["12345678", "of-all", "of-the-file"]);
    assertEquals(findConfigSecrets({ "token": null, "layout": "classic" }), []);
  }));

Deno.test("findToken() finds the key among other lines of a file", () =>
  inTempDir(async (folder) => {
    const file = await keyFile(folder, "# My Civitai API key\r\n\r\n  abcdef0123456789  \r\n");
    assertEquals(findToken({ file, env: none })?.token, "abcdef0123456789");
  }));

Deno.test("findToken() reports what is wrong with a named file", () =>
  inTempDir(async (folder) => {
    const empty = await keyFile(folder, "no key in here\n");
    for (const file of [empty, join(folder, "none"), folder]) {
      const error = assertThrows(() => findToken({ file, env: none }), KitError, `from "${file}"`);
      assertEquals(error.code, "usage");
    }
  }));

Deno.test("findSecrets() finds every key that may be in use", () =>
  inTempDir(async (folder) => {
    const file = await keyFile(folder, "of-the-file\n");
    const env = envOf({ CIVITAI_API_KEY: "of-the-environment" });
    assertEquals(findSecrets(["list"], env), ["of-the-environment"]);
    assertEquals(findSecrets(["--token", "flag-1", "--token=flag-2"], none), ["flag-1", "flag-2"]);
    assertEquals(findSecrets(["--token-file", file], none), ["of-the-file"]);
    assertEquals(findSecrets(["x", `--token-file=${file}`], none), ["of-the-file"]);
    assertEquals(findSecrets(["--token-file", join(folder, "none")], none), []);
    assertEquals(findSecrets(["--token"], none), []);
  }));

Deno.test("missingKeyWarning() appears only for Civitai itself without a key", () => {
  assertStringIncludes(missingKeyWarning(undefined, "https://civitai.com") ?? "", "every download needs one");
  assertStringIncludes(missingKeyWarning(undefined, "https://civitai.red/") ?? "", "https://civitai.com/user/account");
  assertEquals(missingKeyWarning("0123456789abcdef", "https://civitai.com"), null);
  assertEquals(missingKeyWarning(undefined, "http://127.0.0.1:8000"), null);
});

Deno.test("assertKeyMayGo() accepts Civitai, this machine, and hosts of the command line", () => {
  const found = { source: "config", isKeyInConfig: false } as const;
  for (
    const trip of [
      { ...found, baseUrl: "https://civitai.com" },
      { ...found, baseUrl: "https://civitai.red/api/v1" },
      { ...found, baseUrl: "http://127.0.0.1:8080" },
      { ...found, baseUrl: "http://localhost:8080" },
      { ...found, baseUrl: "no address" },
      { ...found, baseUrl: "https://evil.example", source: "flag" },
      { ...found, baseUrl: "https://evil.example", isKeyInConfig: true },
    ] as const
  ) assertKeyMayGo(trip);
});

Deno.test("assertKeyMayGo() refuses a host that only a found configuration or the environment names", () => {
  const strange = [
    "https://evil.example",
    "http://civitai.com",
    "https://civitai.com.evil.example",
    "https://127.evil.example",
    "https://xcivitai.com",
    "https://civitai.com@evil.example",
  ];
  for (const baseUrl of strange) {
    const refuse = () => assertKeyMayGo({ baseUrl, source: "config", isKeyInConfig: false });
    const error = assertThrows(refuse, KitError, "only the configuration names it");
    assertEquals([error.code, error.hint?.includes("--base-url")], ["unsafe", true]);
  }
  const byEnv = { baseUrl: "https://evil.example", source: "env", isKeyInConfig: false } as const;
  assertThrows(() => assertKeyMayGo(byEnv), KitError, "only CIVITAI_DL_BASE_URL names it");
});

Deno.test("a configuration in the working folder cannot redirect the user's key", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "civitai-dl.yml"), "base-url: https://evil.example\n");
    const start = (args: readonly string[], env: Readonly<Record<string, string>>) =>
      startProgram(["search", "--query", "x", ...args], {
        folder,
        origins: ["http://127.0.0.1"],
        env: { XDG_CONFIG_HOME: folder, ...env },
      }).ended;
    const key = { CIVITAI_API_KEY: "0123456789abcdef" };
    const refused = await start([], key);
    assertEquals(refused.code, 4, refused.stderr);
    assertStringIncludes(
      refused.stderr,
      'Cannot send the API key to "https://evil.example": only the configuration names it',
    );
    assertStringIncludes(refused.stderr, "--base-url https://evil.example");
    await Deno.writeTextFile(join(folder, "api_key.md"), "0123456789abcdef\n", { mode: 0o600 });
    assertEquals((await start([], {})).code, 4);
    const named = await start(["--base-url", "https://evil.example"], key);
    assertEquals(named.stderr.includes("Cannot send the API key"), false, named.stderr);
    await Deno.remove(join(folder, "api_key.md"));
    assertEquals((await start([], {})).stderr.includes("Cannot send the API key"), false);
  }));

const KEY = "abcdef0123456789";

for (
  const text of [
    KEY,
    `\uFEFF${KEY}\r\n`,
    `API_KEY=${KEY}\n`,
    `\uFEFFAPI_KEY: ${KEY}`,
    `api_key = "${KEY}"`,
    `export CIVITAI_API_KEY='${KEY}'`,
    `CIVITAI_TOKEN=${KEY}`,
    `api_key: "${KEY}",`,
    `# My key\n\n- API_KEY: \`${KEY}\``,
    `# My key\n\n* **API key:** ${KEY}`,
    `1. ${KEY}`,
    `> ${KEY}`,
    "# Key\n```\n" + KEY + "\n```\n",
    "```text\nAPI_KEY=" + KEY + "\n```\n",
    `Civitai-account\nToken: ${KEY}\n`,
    `\`${KEY}\`\n`,
    `"${KEY}"`,
    `API_KEY=${KEY} # of 2026`,
  ]
) {
  Deno.test(`parseKeyFile(${JSON.stringify(text)}) finds the key`, () => assertEquals(parseKeyFile(text), KEY));
}

Deno.test("parseKeyFile() accepts no heading, comment or sentence as a key", () => {
  for (
    const text of [
      "",
      "# abcdef0123456789\n",
      "no key in here\n",
      "API_KEY=\n",
      "<!-- abcdef0123456789 -->",
      "```\n```",
    ]
  ) {
    assertEquals(parseKeyFile(text), null, text);
  }
});

Deno.test("findToken() reports an api_key.md without a readable key", () =>
  inTempDir(async (folder) => {
    const run = () =>
      startProgram(["search", "--query", "x", "--base-url", "http://127.0.0.1:1", "--timeout", "1s"], {
        folder,
        origins: ["http://127.0.0.1:1"],
        env: { XDG_CONFIG_HOME: folder },
      }).ended;
    await Deno.writeTextFile(join(folder, "api_key.md"), "API_KEY=<your key>\n", { mode: 0o600 });
    const refused = await run();
    assertEquals(refused.code, 2, refused.stderr);
    assertStringIncludes(refused.stderr, 'Cannot read the API key from "api_key.md": no line looks like a key');
    assertStringIncludes(refused.stderr, "API_KEY=KEY");
  }));
