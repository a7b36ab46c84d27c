/** The task `release check TAG` of the project in the life: its own program says its version, not this one. */
import { checkAgreement } from "../../../../lib/release/stages/check_agreement.ts";

if (import.meta.main) {
  const [, tag] = Deno.args;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-lock", "--allow-env", "cli.ts", "--version"],
  }).output();
  checkAgreement({
    tag: tag!,
    config: await Deno.readTextFile("deno.json"),
    changelog: await Deno.readTextFile("CHANGELOG.md"),
    manual: null,
    program: new TextDecoder().decode(stdout),
    // The tag is made after this check.
    message: null,
  });
}
