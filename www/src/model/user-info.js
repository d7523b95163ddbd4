// @ts-check
// Splits name and password off a URL, so that no password stays on the screen.

import { decoded } from "./ends.js";

/**
 * Removes `name:password@` from a URL, also from one without a scheme, which no client accepts.
 *
 * @param {string} text
 */
export function withoutUserInfo(text) {
  const [, name, word, rest] = /^(?:\/\/)?([^:/?#@]*):(?!\/\/)(.*)@([^@]*)$/s.exec(text) ?? [];
  if (rest !== undefined) return { url: rest, username: decoded(name ?? ""), password: decoded(word ?? "") };
  if (!URL.canParse(text)) return { url: text, username: "", password: "" };
  const url = new URL(text);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const isPlain = username === "" && password === "";
  return { url: isPlain ? text : url.href, username: decoded(username), password: decoded(password) };
}
