// @ts-check
// One sentence about all rows of an incident, by the rules of `scheduler.incidents()`.

/** What follows a URL: neither the rest of another name, nor a slash at its end. */
const END_OF_NAME = /^(?![\w$()+%.~-])(?:\/(?=[\s"\u201d]|$))?/;

/**
 * @param {string} message
 * @param {(string | null)[]} urls
 * @returns {string} with `/…` in place of the databases in `urls`
 */
export function withoutNames(message, urls) {
  // A URL can begin with the other.
  for (const url of [...urls].sort((one, other) => (other ?? "").length - (one ?? "").length)) {
    const [, server, name] = /^([^:/?#]+:\/\/[^/?#]+)(.*?)\/?$/.exec(url ?? "") ?? [];
    if (!name) continue;
    const [first = "", ...others] = message.split(server + name);
    message = others.reduce((text, part) => {
      const end = END_OF_NAME.exec(part)?.[0];
      return text + server + (end === undefined ? name + part : `/…${part.slice(end.length)}`);
    }, first);
  }
  return message;
}
