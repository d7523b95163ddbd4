// @ts-check
// A mistake in the command line, the environment or the configuration. It is reported without a stack.

export class UsageError extends Error {
  /** @override */
  name = "UsageError";
}
