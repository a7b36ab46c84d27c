/** Set the text of a node unless it is unchanged, because every change disturbs screen readers and selections. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Set an attribute, or remove it with `null`. */
export function setAttribute(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** Create an element. Text from outside is inserted as text, never as markup. */
export function make(tag, className = "", children = []) {
  const node = document.createElement(tag);
  if (className !== "") node.className = className;
  node.append(...children);
  return node;
}

/** The element with this id. */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Synchronize the children of a list with the items. A row keeps its element as long as its item exists, so that focus,
 * selection and transitions survive an update.
 */
export function syncList(list, items, { keyOf, create, update }) {
  const rows = new Map(Array.from(list.children, (row) => [row.dataset.key, row]));
  const counts = new Map();
  let previous = null;
  for (const item of items) {
    const name = keyOf(item);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    const key = `${count}:${name}`;
    const row = rows.get(key) ?? create(item);
    rows.delete(key);
    row.dataset.key = key;
    const place = previous === null ? list.firstElementChild : previous.nextElementSibling;
    if (row !== place) list.insertBefore(row, place);
    update(row, item);
    previous = row;
  }
  for (const row of rows.values()) row.remove();
}

/** The elements of a row that were created by `part`, by name. */
export function parts(row) {
  const found = {};
  for (const node of row.querySelectorAll("[data-part]")) found[node.dataset.part] = node;
  return found;
}

/** Create an element that `parts` finds. */
export function part(name, tag = "span", className = "") {
  const node = make(tag, className);
  node.dataset.part = name;
  return node;
}
