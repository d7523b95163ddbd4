// @ts-check
// Reads a password from standard input: a terminal does not show it.

import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { UsageError } from "./usage-error.js";

/** @returns {Promise<string>} the first line */
export async function askPassword() {
  const { stdin, stderr } = process;
  const isTerminal = stdin.isTTY === true;
  if (isTerminal) stderr.write("Password: ");
  const nowhere = new Writable({ write: (_, __, done) => done() });
  const lines = createInterface({ input: stdin, output: isTerminal ? nowhere : undefined, terminal: isTerminal });
  try {
    const password = await new Promise((resolve) => {
      lines.once("line", resolve).once("close", () => resolve(""));
    });
    if (isTerminal) stderr.write("\n");
    if (password === "") throw new UsageError("The password is empty.");
    return password;
  } finally {
    lines.close();
  }
}
