// @ts-check
// Does a few things at a time. What takes long leaves its slot to others while it goes on, so that one dead server delays none.

export class Slots {
  #free;
  #slowAfter;
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {number} many @param {number} slowAfter milliseconds */
  constructor(many, slowAfter) {
    this.#free = many;
    this.#slowAfter = slowAfter;
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  async run(work) {
    if (this.#free > 0) this.#free--;
    else await new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
    let isHeld = true;
    const leave = () => {
      if (!isHeld) return;
      isHeld = false;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    };
    const timer = setTimeout(leave, this.#slowAfter);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      leave();
    }
  }
}
