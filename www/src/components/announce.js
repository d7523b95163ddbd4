// @ts-check
// Announces events on the page to screen readers.

/** @param {string} text @param {"announcer" | "incident-announcer"} [id] */
export function announce(text, id = "announcer") {
  const announcer = document.getElementById(id);
  if (announcer) announcer.textContent = text;
}
