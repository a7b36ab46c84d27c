/** Makes the index of the library in the first argument, and says when it has begun; killed by a test. */
import { ViewIndex } from "../../../lib/app/view/view_index.ts";

await using view = await ViewIndex.open({
  root: Deno.args[0]!,
  onChange: () => void Deno.stdout.writeSync(new TextEncoder().encode("shown\n")),
});
await view.refresh();
