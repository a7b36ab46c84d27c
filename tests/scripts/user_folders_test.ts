import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { configFolder, homeFolder } from "../../scripts/_frame/settings/user_folders.ts";

const envOf = (values: Readonly<Record<string, string>>) => (name: string): string | undefined => values[name];

Deno.test("configFolder() is where each system keeps settings, and XDG_CONFIG_HOME everywhere if it is set", () => {
  const windows = envOf({ APPDATA: "C:\\Users\\me\\AppData\\Roaming", USERPROFILE: "C:\\Users\\me" });
  assertEquals(configFolder(windows, "windows"), "C:\\Users\\me\\AppData\\Roaming");
  assertEquals(configFolder(envOf({ USERPROFILE: "/Users/me" }), "windows"), join("/Users/me", ".config"));
  for (const os of ["linux", "darwin"] as const) {
    assertEquals(configFolder(envOf({ HOME: "/home/me", APPDATA: "/wrong" }), os), join("/home/me", ".config"));
    assertEquals(configFolder(envOf({ APPDATA: "/wrong", USERPROFILE: "/wrong" }), os), undefined);
  }
  for (const os of ["linux", "darwin", "windows"] as const) {
    assertEquals(configFolder(envOf({ XDG_CONFIG_HOME: "/xdg", HOME: "/home/me", APPDATA: "/roaming" }), os), "/xdg");
  }
  assertEquals(configFolder(envOf({}), "windows"), undefined);
});

Deno.test("homeFolder() is USERPROFILE on Windows, where HOME is rarely set", () => {
  assertEquals(homeFolder(envOf({ USERPROFILE: "C:\\Users\\me" }), "windows"), "C:\\Users\\me");
  assertEquals(homeFolder(envOf({ HOME: "/c/Users/me", USERPROFILE: "C:\\Users\\me" }), "windows"), "/c/Users/me");
  assertEquals(homeFolder(envOf({ USERPROFILE: "/wrong" }), "linux"), undefined);
});
