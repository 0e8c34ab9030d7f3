// The tabs of one browser: one of them holds the stream, all of them hear it.

import { uuid } from './store.js';

/**
 * @param {ReturnType<import('./store.js').createStore>} store
 * @param {(message: any) => void} onMessage
 */
export function createTabs(store, onMessage) {
  const me = uuid();
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel(store.prefix + 'wire') : null;
  if (channel) channel.onmessage = (event) => onMessage(event.data);
  else {
    window.addEventListener('storage', (event) => {
      if (event.key === store.prefix + 'wire' && event.newValue) onMessage(JSON.parse(event.newValue).message);
    });
  }

  /** @param {any} message */
  function post(message) {
    if (channel) channel.postMessage(message);
    else store.set('wire', { message, me, at: Date.now() + Math.random() });
  }

  /**
   * Runs `lead` in one tab at a time, until the returned function is called in it or the tab is gone.
   * @param {() => () => void} lead begins, and returns how to end
   * @returns {() => void} steps down, or stops waiting
   */
  function contest(lead) {
    return /** @type {any} */ (navigator).locks ? byLock(lead) : byLease(lead);
  }

  /** @param {() => () => void} lead */
  function byLock(lead) {
    const abort = new AbortController();
    /** @type {() => void} */
    let release = () => {};
    navigator.locks.request(store.prefix + 'leader', { signal: abort.signal }, () => new Promise((resolve) => {
      const end = lead();
      release = () => { end(); resolve(null); };
    })).catch((/** @type {any} */ error) => {
      if (error.name !== 'AbortError') byLease(lead); // an opaque origin has no locks
    });
    return () => { abort.abort(); release(); };
  }

  // Before Safari 15.4: a lease in the storage, renewed by its holder, taken over when it has run out.
  /** @param {() => () => void} lead */
  function byLease(lead) {
    /** @type {null | (() => void)} */
    let end = null;
    const look = () => {
      const lease = store.get('lease');
      const mine = lease && lease.me === me;
      if (mine || !lease || lease.until < Date.now()) {
        store.set('lease', { me, until: Date.now() + 6000 });
        // A second look later decides: of two tabs that wrote at once, the last one stays.
        if (mine && !end) end = lead();
      } else if (end) {
        end();
        end = null;
      }
    };
    const timer = setInterval(look, 2000);
    look();
    const leave = () => {
      clearInterval(timer);
      window.removeEventListener('pagehide', leave);
      if (end) {
        end();
        end = null;
        store.set('lease', null);
      }
    };
    window.addEventListener('pagehide', leave);
    return leave;
  }

  return { post, contest };
}
