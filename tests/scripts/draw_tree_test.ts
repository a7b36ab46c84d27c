import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { drawTree } from "../../scripts/_draw_tree.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

async function plant(root: string, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await Deno.mkdir(join(root, name, ".."), { recursive: true });
    await Deno.writeTextFile(join(root, name), "");
  }
}

Deno.test("drawTree() draws folders and files in order", () =>
  inTempDir(async (root) => {
    await plant(root, "b.txt", "a/two.txt", "a/deep/one.txt");
    assertEquals(
      await drawTree(root, { maxLines: 9 }),
      "├── a/\n│   ├── deep/\n│   │   └── one.txt\n│   └── two.txt\n└── b.txt",
    );
  }));

Deno.test("drawTree() counts entries above the limits of a folder and of the drawing", () =>
  inTempDir(async (root) => {
    await plant(root, ...["1", "2", "3", "4", "5", "6", "7", "8"]);
    assertEquals((await drawTree(root, { maxLines: 9 })).split("\n").slice(-2), ["├── 6", "└── … and 2 more"]);
    assertEquals((await drawTree(root, { maxLines: 2 })).split("\n"), ["├── 1", "├── 2", "… and 5 more"]);
  }));

Deno.test("drawTree() shows fewer entries of each folder before it hides a folder", () =>
  inTempDir(async (root) => {
    await plant(root, ...["1", "2", "3", "4"].map((name) => `images/${name}`), "models/lora/a.safetensors");
    assertEquals(
      await drawTree(root, { maxLines: 6 }),
      "├── images/\n│   ├── 1\n│   └── … and 3 more\n└── models/\n    └── lora/\n        └── a.safetensors",
    );
  }));

Deno.test("drawTree() names a closed folder without its content", () =>
  inTempDir(async (root) => {
    await plant(root, "logs/download.log", "models/a.safetensors");
    assertEquals(
      await drawTree(root, { maxLines: 9, closed: ["logs"] }),
      "├── logs/\n└── models/\n    └── a.safetensors",
    );
  }));

Deno.test("drawTree() is empty for an empty folder", () =>
  inTempDir(async (root) => assertEquals(await drawTree(root, { maxLines: 9 }), "")));
