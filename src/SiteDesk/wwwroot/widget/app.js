// The conversation in this tab, with or without its panel. Started by the loader.

import { createApi } from './api.js';
import { createConversation } from './conversation.js';
import { createStore } from './store.js';

/** @param {import('./types').Host} host */
export function start(host) {
  const store = createStore(host.site, () => {
    // Another tab has begun the conversation: it is this tab's too.
    if (store.get('known') && !conversation.state.conversation) retry();
    conversation.count();
    changed('messages');
  });
  const api = createApi(host, store);
  /** @type {any} */
  let panel = null;
  /** @type {Promise<any> | null} */
  let loading = null;
  const conversation = createConversation(host, store, api, changed);
  const visits = store.get('pages');
  if (host.config.privacy.pageTracking && visits === host.config.privacy.consentVersion) import('./pages.js').then(({ follow }) => follow(api, store));

  /** @param {string} what @param {any} [detail] */
  function changed(what, detail) {
    if (what === 'consent') {
      store.set('consent', null);
      refresh();
    }
    if (panel) panel.update(what, detail);
    if (detail && detail.mine && detail.from && store.get('sound')) import('./sound.js').then(({ chime }) => chime());
  }

  async function wake() {
    await conversation.load();
    conversation.state.connected = true;
    changed('connection');
    conversation.follow();
    conversation.flush();
  }

  /** Wakes, and if the server is not reached, again and again while the panel is open. */
  function retry() {
    wake().catch(() => {
      conversation.state.connected = false;
      changed('connection');
      setTimeout(() => conversation.state.open && !conversation.state.loaded && retry(), 3000 + Math.random() * 3000);
    });
  }

  /** @param {boolean} [quietly] without taking the focus from the page */
  async function open(quietly) {
    if (!panel) {
      loading = loading || import('./panel.js').then(({ createPanel }) => createPanel({ host, store, api, conversation, close }));
      try {
        panel = await loading;
      } catch (error) {
        loading = null;
        throw error;
      }
    }
    panel.show(quietly);
    store.stay(true);
    host.bubble.setAttribute('aria-expanded', 'true');
    conversation.setOpen(true);
    if (!conversation.state.loaded) retry();
    if (Date.now() - host.configAt > 60000) refresh();
  }

  /** Who is on duty may have changed since the page was opened, and what is to be agreed to. */
  async function refresh() {
    host.configAt = Date.now();
    try {
      const config = await api.call('GET', '/config?language=' + encodeURIComponent(host.config.language), undefined, { anonymous: true });
      conversation.state.presence = config.presence;
      Object.assign(host.config.privacy, config.privacy);
      changed('presence');
    } catch {
      // Not reached: the next opening asks again, and the panel already says that there is no connection.
      host.configAt = 0;
    }
  }

  function close() {
    if (!panel || !panel.hide()) return;
    store.stay(false);
    host.bubble.setAttribute('aria-expanded', 'false');
    conversation.setOpen(false);
    host.bubble.focus({ preventScroll: true });
  }

  return {
    open, close, wake,
    reopen: () => open(true),
    toggle: () => conversation.state.open ? close() : open(),
    async report() {
      await open();
      panel.report();
    },
  };
}
