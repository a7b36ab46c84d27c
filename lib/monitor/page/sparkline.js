const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 600;
const HEIGHT = 100;
/** Up to this share of the width, the label of the first point has room beside that of the last one. */
const YOUNG_SHARE = 0.8;

/** The curve and the area below it as SVG paths, the newest point at the right edge. */
export function sparkPaths(history, slots = 120) {
  const points = history.length === 1 ? [history[0], history[0]] : history;
  if (points.length === 0) return { curve: "", area: "", peak: 0 };
  const peak = Math.max(...points);
  const step = WIDTH / (Math.max(slots, points.length) - 1);
  const left = WIDTH - step * (points.length - 1);
  const place = (value, index) => {
    const y = HEIGHT - (peak > 0 ? Math.max(0, value) / peak * (HEIGHT - 8) : 0) - 1;
    return `${(left + index * step).toFixed(1)} ${y.toFixed(1)}`;
  };
  const curve = `M${points.map(place).join("L")}`;
  return { curve, area: `${curve}L${WIDTH} ${HEIGHT}L${left.toFixed(1)} ${HEIGHT}Z`, peak };
}

/**
 * Positions of the labels of the first point and of the peak, as fractions of the width: from the left edge in the left
 * half, from the right edge in the right half, so that no text leaves the chart. `from` is `null` while the chart is so
 * young that its first point is where the label of the last one is.
 */
export function sparkLabels(history, slots = 120) {
  const points = Math.max(2, history.length);
  const first = 1 - (points - 1) / (Math.max(slots, points) - 1);
  const highest = history.length === 0 ? 0 : history.lastIndexOf(Math.max(...history));
  const peak = first + (1 - first) * highest / (points - 1);
  const side = (share) => share <= 0.5 ? { left: share } : { right: 1 - share };
  return { from: first > YOUNG_SHARE ? null : side(first), peak: side(peak) };
}

/** Draw the curve into an element. */
export function drawSparkline(box, history, label) {
  let picture = box.firstElementChild;
  if (picture === null) {
    picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    picture.setAttribute("preserveAspectRatio", "none");
    picture.setAttribute("role", "img");
    for (const name of ["area", "curve"]) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", name);
      path.setAttribute("vector-effect", "non-scaling-stroke");
      picture.append(path);
    }
    box.append(picture);
  }
  const { curve, area } = sparkPaths(history);
  picture.setAttribute("aria-label", label);
  picture.children[0].setAttribute("d", area);
  picture.children[1].setAttribute("d", curve);
}
