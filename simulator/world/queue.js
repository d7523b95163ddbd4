// @ts-check
/** Future events, earliest first (a binary heap; events with the same time keep the order in which they were added). */

/** @template T */
export class Queue {
  /** @type {{ at: number, order: number, item: T }[]} */
  #heap = [];
  #order = 0;

  /** @param {number} at @param {T} item */
  push(at, item) {
    const heap = this.#heap;
    const node = { at, order: this.#order++, item };
    let i = heap.push(node) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(node, heap[parent])) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = node;
  }

  /**
   * Removes and returns the earliest event that is due at `now`.
   * @param {number} now
   * @returns {{ at: number, item: T } | undefined}
   */
  takeDue(now) {
    const heap = this.#heap;
    if (heap.length === 0 || heap[0].at > now) return undefined;
    const first = heap[0];
    const last = heap[heap.length - 1];
    heap.pop();
    if (heap.length > 0) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
        if (!before(heap[child], last)) break;
        heap[i] = heap[child];
        i = child;
      }
      heap[i] = last;
    }
    return first;
  }

  clear() {
    this.#heap = [];
  }
}

/** @param {{ at: number, order: number }} a @param {{ at: number, order: number }} b */
function before(a, b) {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
