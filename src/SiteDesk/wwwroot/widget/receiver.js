// Receiving: one resumable stream; long polling where something between here and the server holds the stream back.

import { Problem } from './api.js';

const silence = 7000; // the server speaks at once; who hears nothing for so long sits behind a proxy that buffers
const stale = 45000; // two pings and a little
const streamAgain = 300000;

/**
 * @param {object} needs
 * @param {ReturnType<import('./api.js').createApi>} needs.api
 * @param {() => string} needs.lastId the position to go on from
 * @param {(event: import('./types').StreamEvent) => void} needs.onEvent
 * @param {(online: boolean) => void} needs.onConnection
 * @param {(problem: Problem) => void} needs.onRefused the server does not want this visitor
 * @returns {() => void} ends it
 */
export function receive({ api, lastId, onEvent, onConnection, onRefused }) {
  let ended = false;
  let failures = 0;
  let pollUntil = 0;
  /** @type {AbortController | null} */
  let current = null;
  /** @type {() => void} */
  let wake = () => {};
  let lastByte = Date.now();

  const hurry = () => {
    if (document.visibilityState === 'hidden') return;
    wake();
    if (current && Date.now() - lastByte > stale) current.abort();
  };
  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  const watch = setInterval(() => {
    if (current && Date.now() - lastByte > stale) current.abort();
  }, 5000);
  run();

  async function run() {
    while (!ended) {
      current = new AbortController();
      lastByte = Date.now();
      try {
        if (Date.now() < pollUntil) await poll(current.signal);
        else await stream(current);
      } catch (error) {
        if (error instanceof Problem && !error.passing) {
          end();
          onRefused(error);
          return;
        }
        if (!ended && ++failures > 1) onConnection(false);
      }
      if (ended || Date.now() < pollUntil && failures === 0) continue;
      // Full jitter: a restarted server must not meet all its visitors in the same second.
      await pause(failures === 0 ? 200 + Math.random() * 800 : Math.random() * Math.min(30000, 1000 * 2 ** failures) + 250);
    }
  }

  /** @param {AbortController} abort */
  async function stream(abort) {
    let heard = false;
    const impatience = setTimeout(() => {
      if (!heard) {
        pollUntil = Date.now() + streamAgain;
        abort.abort();
      }
    }, silence);
    try {
      const response = await api.open('/stream', { Accept: 'text/event-stream', 'Last-Event-ID': lastId() }, abort.signal);
      if (!response.ok || !response.body) throw new Problem(response.status, null);
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parse = parser(onEvent);
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        if (!heard) {
          heard = true;
          clearTimeout(impatience);
          alive();
        }
        lastByte = Date.now();
        parse(decoder.decode(value, { stream: true }));
      }
    } finally {
      clearTimeout(impatience);
      abort.abort();
    }
  }

  /** @param {AbortSignal} signal */
  async function poll(signal) {
    const response = await api.open('/events?after=' + encodeURIComponent(lastId()), { Accept: 'application/json' }, signal);
    if (!response.ok) throw new Problem(response.status, null);
    const { events } = await response.json();
    alive();
    for (const event of events) onEvent(event);
  }

  function alive() {
    failures = 0;
    onConnection(true);
  }

  /** @param {number} milliseconds */
  function pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => { clearTimeout(timer); resolve(null); };
    });
  }

  function end() {
    ended = true;
    clearInterval(watch);
    window.removeEventListener('online', hurry);
    document.removeEventListener('visibilitychange', hurry);
    if (current) current.abort();
    wake();
  }

  return end;
}

/**
 * Reads an event stream (HTML standard, section 9.2.6) piece by piece.
 * @param {(event: import('./types').StreamEvent) => void} onEvent
 * @returns {(chunk: string) => void}
 */
export function parser(onEvent) {
  let rest = '';
  let type = '', data = '', id = '';
  return (chunk) => {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() || '';
    for (const line of lines) {
      if (line === '') {
        if (data) onEvent({ id: id || null, type: type || 'message', data: JSON.parse(data) });
        type = data = id = '';
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
      if (field === 'data') data += (data && '\n') + value;
      else if (field === 'event') type = value;
      else if (field === 'id') id = value;
    }
  };
}
