// @ts-check
// Standard input that comes late, never, or without end.

import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { bytesOf } from "../../pkg/cli/input.js";

const never = new AbortController().signal;

test("all that comes, until its end", async () => {
  const stream = new PassThrough();
  const reading = bytesOf(stream, 100, never);
  stream.write("late");
  await new Promise((resolve) => setImmediate(resolve));
  stream.end("r");
  assert.equal((await reading).toString(), "later");
});

test("one byte more than the limit, and no more is read", async () => {
  const stream = new PassThrough();
  stream.write("x".repeat(1_000));
  assert.equal((await bytesOf(stream, 10, never)).length, 11);
  assert.ok(stream.destroyed);
});

test("a signal ends the wait, with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("Ctrl-C");
  const stream = new PassThrough();
  const reading = bytesOf(stream, 10, controller.signal);
  controller.abort(reason);
  await assert.rejects(reading, (error) => error === reason);
  await assert.rejects(bytesOf(new PassThrough(), 10, controller.signal), (error) => error === reason);
});
