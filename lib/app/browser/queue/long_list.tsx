import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type RowWindow, windowOf } from "./window_of.ts";

/** What {@linkcode LongList} shows. */
export interface LongListProps<Item> {
  readonly id: string;
  readonly items: readonly Item[];
  /** Height of every row, in pixels. */
  readonly rowHeight: number;
  readonly keyOf: (item: Item) => number;
  /** The content of a row. */
  readonly row: (item: Item, index: number) => VNode;
}

/** A list of equal rows, of which only those near the screen are drawn. */
export function LongList<Item>({ id, items, rowHeight, keyOf, row }: LongListProps<Item>): VNode {
  const list = useRef<HTMLUListElement>(null);
  const [drawn, draw] = useState<RowWindow>({ first: 0, end: 40 });
  const count = items.length;
  useLayoutEffect(() => {
    const follow = (): void => {
      const { top } = list.current!.getBoundingClientRect();
      const next = windowOf({ count, rowHeight, top, height: innerHeight });
      draw((old) => old.first === next.first && old.end === next.end ? old : next);
    };
    follow();
    addEventListener("scroll", follow, { passive: true });
    addEventListener("resize", follow);
    return () => {
      removeEventListener("scroll", follow);
      removeEventListener("resize", follow);
    };
  }, [count, rowHeight]);
  return (
    <ul id={id} class="long" ref={list} style={{ height: `${count * rowHeight}px` }}>
      {items.slice(drawn.first, drawn.end).map((item, at) => {
        const index = drawn.first + at;
        const style = { top: `${index * rowHeight}px`, height: `${rowHeight}px` };
        return (
          <li key={keyOf(item)} style={style} aria-setsize={count} aria-posinset={index + 1}>
            {row(item, index)}
          </li>
        );
      })}
    </ul>
  );
}
