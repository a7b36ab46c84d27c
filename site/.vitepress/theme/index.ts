// The theme of VitePress with rules of our own. Its form, a default export, is what VitePress loads.
import theme from "vitepress/theme";
import "./style.css";

export default theme;
