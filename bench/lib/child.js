// @ts-check
// A Node process that answers messages one at a time, and ends with this process.

import { fork } from "node:child_process";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class Child {
  #child;

  /** @param {string} file @param {string[]} args @param {string[]} [nodeOptions] */
  constructor(file, args, nodeOptions = []) {
    const child = fork(file, args, { execArgv: nodeOptions, serialization: "advanced" });
    this.#child = child;
    running.add(child);
    child.once("exit", () => running.delete(child));
  }

  get pid() {
    return this.#child.pid ?? 0;
  }

  /** Returns its next message. @param {number} seconds it may take @returns {Promise<any>} */
  answer(seconds) {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(reject, new Error(`no response within ${seconds} s`)), seconds * 1000);
      const onExit = () => settle(reject, new Error("the process ended before it responded"));
      const onMessage = (/** @type {any} */ message) =>
        message.error === undefined ? settle(resolve, message) : settle(reject, new Error(message.error));
      /** @param {(value: any) => void} how @param {any} value */
      const settle = (how, value) => {
        clearTimeout(timer);
        child.off("exit", onExit).off("message", onMessage);
        how(value);
      };
      child.once("exit", onExit).once("message", onMessage);
    });
  }

  /** @param {import("node:child_process").Serializable} message @param {number} [seconds] @returns {Promise<any>} */
  ask(message, seconds = 120) {
    const answer = this.answer(seconds);
    this.#child.send(message);
    return answer;
  }

  async stop() {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exited;
  }
}
