import { assertEquals } from "@std/assert";
import { debianVersion } from "../../scripts/_package/debian_version.ts";
import { hasProgram } from "../helpers/has_program.ts";

Deno.test("debianVersion() adds the revision, and a tilde before the name of a preview", () => {
  const versions = ["1.1.0", "1.1.0-alpha", "1.1.0-rc.1"].map(debianVersion);
  assertEquals(versions, ["1.1.0-1", "1.1.0~alpha-1", "1.1.0~rc.1-1"]);
});

Deno.test({
  name: "debianVersion() keeps the order of versions for dpkg",
  ignore: !await hasProgram("dpkg", "--version"),
  async fn() {
    const versions = ["1.0.4", "1.1.0-alpha", "1.1.0-beta", "1.1.0-rc.1", "1.1.0-rc.2", "1.1.0"].map(debianVersion);
    for (const [index, version] of versions.slice(1).entries()) {
      const args = ["--compare-versions", versions[index]!, "lt", version];
      assertEquals((await new Deno.Command("dpkg", { args }).output()).code, 0, args.join(" "));
    }
  },
});
