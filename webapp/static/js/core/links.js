// Addresses within texts of data as links. Images and videos are links, too: nothing of another host is loaded.

import { element } from "./dom.js";

const ADDRESS = /https?:\/\/[^\s<>"'«»،؛]+/gi;
// What ends a sentence is no part of an address; a bracket is where it closes one of its own.
const TRAILING = /[.,;:!?)\]}'"]+$/;

/**
 * Return a text as children of an element, each address of http and https in it a link.
 * @param {string} text
 * @returns {Child[]}
 */
export function linked(text) {
  /** @type {Child[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    const href = safe(address);
    if (!href) continue;
    parts.push(text.slice(end, match.index), element("a", { href, rel: "noopener noreferrer nofollow", referrerpolicy: "no-referrer", target: "_blank", dir: "ltr" }, address));
    end = match.index + address.length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}

/** @param {string} address */
function trimmed(address) {
  const bare = address.replace(TRAILING, "");
  const rest = address.slice(bare.length);
  return rest.startsWith(")") && bare.includes("(") && !bare.includes(")") ? `${bare})` : bare;
}

/** @param {string} address */
function safe(address) {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  // An address with a name before its host looks like one of another place.
  return /^https?:$/.test(url.protocol) && !url.username && url.hostname ? url.href : null;
}
