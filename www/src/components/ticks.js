// @ts-check
// Renders a component every second while it is in the page: for countdowns.

export class Ticks {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #host;

  /** @param {import("lit").ReactiveControllerHost} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected() {
    this.#timer = setInterval(() => this.#host.requestUpdate(), 1000);
  }

  hostDisconnected() {
    clearInterval(this.#timer);
  }
}
