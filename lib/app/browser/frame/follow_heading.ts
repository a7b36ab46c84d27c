import { useEffect } from "preact/hooks";
import { useApp } from "../context.ts";

/**
 * Move the focus to the heading of a view that was opened by navigation, and name the document after the heading. It may
 * come later than the view, when its content has to be fetched first.
 */
export function useHeading(): void {
  const { route, heading, hasNavigated } = useApp();
  const { view, id } = route.value;
  useEffect(() => {
    const main = document.getElementById("main");
    if (main === null) return;
    let isFocused = !hasNavigated();
    const follow = (): void => {
      const node = main.querySelector("h1");
      if (node === null) return;
      heading.value = node.textContent;
      // The grid puts the focus back on the card that was opened.
      if (isFocused || main.querySelector(":focus") !== null) return;
      isFocused = true;
      node.tabIndex = -1;
      node.focus({ preventScroll: view === "library" });
    };
    const observer = new MutationObserver(follow);
    observer.observe(main, { childList: true, subtree: true, characterData: true });
    if (view !== "library" && !isFocused) scrollTo(0, 0);
    follow();
    return () => observer.disconnect();
  }, [view, id]);
}
