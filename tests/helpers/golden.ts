/** Two samples of ten times each, with p-values and medians published by a known tool. */
export const JSON_TIMES = {
  before: [1726, 1723, 1707, 1707, 1713, 1729, 1736, 1707, 1705, 1774],
  after: [1423, 1416, 1411, 1413, 1412, 1426, 1422, 1424, 1447, 1425],
};

/** Two samples from the same source without a difference. */
export const GOB = {
  before: [3069, 3075, 3069, 3067, 3207, 3064, 3064, 3058, 3059, 3062],
  after: [3075, 3065, 3059, 3065, 3060, 3081, 3186, 3135, 3087, 3062],
};
