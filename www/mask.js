// @ts-check
// Keeps secrets off the screen. CouchDB takes user info out of the URLs that it shows, but neither out of all of its
// error texts nor secrets out of query strings.

const PASSWORD = /(\/\/[^\s"'`/?#@:]*:)[^\s"'`/?#]*@/g;
const QUERY_VALUE = /([?&][^\s"'`=&#]+=)[^\s"'`&#]+/g;

/** @param {string} text */
export const mask = (text) => text.replace(PASSWORD, "$1•••@").replace(QUERY_VALUE, "$1•••");
