import { assertEquals } from "@std/assert";
import { NoRoomError } from "../../../lib/downloader/fetch/limits/disk_space.ts";
import { LeftOutItems } from "../../../lib/downloader/fetch/_left_out.ts";

function refusal(neededBytes: number, isOutgrown = false): NoRoomError {
  return new NoRoomError("no room", { neededBytes, isOutgrown });
}

/** Items of 10, 20 and 30 bytes, and one of an unknown size that had received 15 bytes. */
function someItems(): LeftOutItems {
  const items = new LeftOutItems();
  for (const bytes of [10, 20, 30]) items.add({ key: `sized ${bytes}`, sizeBytes: bytes }, refusal(bytes));
  items.add({ key: "outgrown", sizeBytes: null }, refusal(15, true));
  return items;
}

Deno.test("LeftOutItems chooses what fits now, items of known sizes apart from outgrown ones", () => {
  assertEquals([...someItems().chooseSized(20)], ["sized 10", "sized 20"]);
  assertEquals([...someItems().chooseSized(-1)], []);
  assertEquals([...someItems().chooseOutgrown(20)], ["outgrown"]);
  assertEquals([...someItems().chooseOutgrown(14)], []);
  assertEquals([someItems().count, someItems().bytes, someItems().neededBytes], [4, 75, 75]);
});

Deno.test("LeftOutItems.chooseSized() chooses again only if one of the last choice has left the list", () => {
  const items = someItems();
  items.chooseSized(20);
  items.delete("sized 10");
  assertEquals([...items.chooseSized(20)], ["sized 20"]);
  items.add({ key: "sized 20", sizeBytes: 20 }, refusal(20));
  assertEquals([...items.chooseSized(100)], []);
  assertEquals([...items.chooseSized(100)], []);
});

Deno.test("LeftOutItems.chooseSized() counts it as progress if an item turns out to be larger than stated", () => {
  const items = someItems();
  items.chooseSized(20);
  items.add({ key: "sized 20", sizeBytes: 20 }, refusal(25, true));
  assertEquals([...items.chooseSized(20)], ["sized 10"]);
  assertEquals([...items.chooseOutgrown(30)], ["sized 20", "outgrown"]);
});

Deno.test("LeftOutItems.chooseOutgrown() chooses each item once, whatever refuses it then", () => {
  const items = someItems();
  items.chooseOutgrown(20);
  items.add({ key: "outgrown", sizeBytes: null }, refusal(0));
  assertEquals([[...items.chooseSized(5)], [...items.chooseOutgrown(100)]], [[], []]);
});
