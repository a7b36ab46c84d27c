// The files of the page by name, as text, so that the program has them without a file beside it.
export { default as "controls.css" } from "./styles/controls.css" with { type: "text" };
export { default as "early.js" } from "./early.js" with { type: "text" };
export { default as "figures.css" } from "./styles/figures.css" with { type: "text" };
export { default as "icon.svg" } from "./icon.svg" with { type: "text" };
export { default as "index.html" } from "./index.html" with { type: "text" };
export { default as "layout.css" } from "./styles/layout.css" with { type: "text" };
export { default as "library.css" } from "./styles/library.css" with { type: "text" };
export { default as "main.js" } from "./bundle/main.js" with { type: "text" };
export { default as "model.css" } from "./styles/model.css" with { type: "text" };
export { default as "plan.css" } from "./styles/plan.css" with { type: "text" };
export { default as "queue.css" } from "./styles/queue.css" with { type: "text" };
export { default as "rows.css" } from "./styles/rows.css" with { type: "text" };
export { default as "theme.css" } from "./styles/theme.css" with { type: "text" };
export { default as "words_en.js" } from "./bundle/words_en.js" with { type: "text" };
export { default as "words_ja.js" } from "./bundle/words_ja.js" with { type: "text" };
