import { renderStreamMessage, visit } from "@hotwired/turbo";

const tokenOfPage = () => document.querySelector('meta[name="antiforgery-token"]')?.getAttribute("content") ?? "";

// A frame that advances the address replaces the head by its own, which has no token: the last one seen stays good.
let lastToken = tokenOfPage();

/** The token that proves a request came from one of our own pages. */
export function requestToken() {
  lastToken = tokenOfPage() || lastToken;
  return lastToken;
}

/** @type {Map<string, { again: boolean, wanted: () => boolean }>} */
const running = new Map();

/**
 * Fetches Turbo streams and applies them. Asked for while it is already under way, it runs once more afterwards and not
 * in parallel, so that a storm of signals costs two requests and the newest answer always wins.
 * @param {string} url
 * @param {() => boolean} [wanted] Whether what was asked for is still shown: the answer for a list that was left meanwhile would
 *   replace the rows of the next one.
 * @returns {Promise<void>}
 */
export async function refresh(url, wanted = () => true) {
  const current = running.get(url);
  if (current) {
    current.again = true;
    current.wanted = wanted;
    return;
  }
  const turn = { again: false, wanted };
  running.set(url, turn);
  try {
    do {
      turn.again = false;
      const response = await fetch(url, { headers: { Accept: "text/vnd.turbo-stream.html" } });
      if (response.status === 401) return visit(location.href);
      if (!response.ok) continue;
      const streams = await response.text();
      if (turn.wanted()) renderStreamMessage(streams);
    } while (turn.again);
  } catch (error) {
    // The network is away; the stream says so to the reader, and its return refreshes everything.
    if (!(error instanceof TypeError)) throw error;
  } finally {
    running.delete(url);
  }
}

/**
 * Sends something small in the background.
 * @param {string} url
 * @param {"POST" | "PUT" | "DELETE"} method
 * @param {Record<string, string>} fields
 * @param {{ keepalive?: boolean }} [options]
 */
export function send(url, method, fields, options = {}) {
  return fetch(url, {
    method,
    headers: { "X-Antiforgery-Token": requestToken(), Accept: "text/vnd.turbo-stream.html, text/html" },
    body: new URLSearchParams(fields),
    keepalive: options.keepalive ?? false,
  });
}
