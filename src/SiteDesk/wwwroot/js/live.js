// One event stream a browser, however many tabs: HTTP/1.1 gives a host six connections, and each stream holds one.
// The tab that holds a lock reads the stream and tells the others; when it closes, the next one gets the lock and goes on
// after the last event that any of them has seen.

/**
 * A signal from the server: what changed, never the content. Who wants the content asks for it, so that permissions and
 * language stay the server's.
 * @typedef {{ type: string, id: string, data: any }} LiveSignal
 */

/** What the server signals to staff. "resync": more happened than a signal can say. */
const types = ["ticket", "presence", "seen", "notification", "resync"];
const quietBeforeReconnect = 1_000;
const longestWait = 30_000;

/**
 * @param {string} url address of the stream
 */
export function openLiveStream(url) {
  const channel = new BroadcastChannel(`sitedesk-live:${url}`);
  // A tab that has heard nothing yet goes on from the moment its page was written: a ticket that came before the stream was
  // open would otherwise be missing until the next one.
  const written = document.querySelector("[data-live-after]")?.getAttribute("data-live-after");
  let lastEventId = sessionStorage.getItem("live-last-event-id") ?? written ?? "";

  /** @param {LiveSignal} signal */
  const deliver = (signal) => {
    if (signal.id) {
      lastEventId = signal.id;
      sessionStorage.setItem("live-last-event-id", signal.id);
    }
    document.dispatchEvent(new CustomEvent(`live:${signal.type}`, { detail: signal.data }));
  };

  channel.addEventListener("message", ({ data }) => deliver(data));

  const lead = () =>
    new Promise((/** @type {(value?: unknown) => void} */ giveUp) => {
      follow(url, () => lastEventId, (signal) => {
        deliver(signal);
        channel.postMessage(signal);
      });
      addEventListener("pagehide", () => giveUp(), { once: true });
    });

  const wantLead = () => navigator.locks.request(`sitedesk-live:${url}`, lead);
  navigator.locks.request(`sitedesk-live:${url}`, { ifAvailable: true }, (lock) => {
    if (lock) return lead();
    // Another tab reads the stream, and may have told of something before this one listened.
    document.dispatchEvent(new CustomEvent("live:resumed"));
    wantLead();
    return undefined;
  });

  // A page that comes back from the browser's cache has lost its lock and what happened meanwhile.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    wantLead();
    document.dispatchEvent(new CustomEvent("live:resumed"));
  });
}

/**
 * Reads the stream for as long as the page lives. EventSource reconnects by itself after a torn line, with the
 * Last-Event-ID header; it gives up on an answer that is no stream (a proxy's error page, a restart), and then this does it.
 * @param {string} url
 * @param {() => string} after
 * @param {(signal: LiveSignal) => void} tell
 */
function follow(url, after, tell) {
  let wait = quietBeforeReconnect;
  let isFirst = true;
  /** @type {EventSource | undefined} */
  let source;

  const connect = () => {
    const address = new URL(url, location.href);
    if (after()) address.searchParams.set("after", after());
    source = new EventSource(address);
    source.addEventListener("open", () => {
      wait = quietBeforeReconnect;
      tell({ type: "connected", id: "", data: null });
      if (!isFirst) tell({ type: "reconnected", id: "", data: null });
      isFirst = false;
    });
    source.addEventListener("error", () => {
      tell({ type: "disconnected", id: "", data: null });
      if (source?.readyState !== EventSource.CLOSED) return;
      // Jitter, so that a restarted server is not met by every browser in the same moment.
      setTimeout(connect, wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, longestWait);
    });
    for (const type of types) {
      source.addEventListener(type, (event) => tell({ type, id: event.lastEventId, data: JSON.parse(event.data) }));
    }
  };

  connect();
  addEventListener("pagehide", () => source?.close(), { once: true });
}
