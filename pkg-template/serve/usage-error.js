// @ts-check

/** An error in the user's options, reported without a stack. */
export class UsageError extends Error {
  /** @override */
  name = "UsageError";
}
