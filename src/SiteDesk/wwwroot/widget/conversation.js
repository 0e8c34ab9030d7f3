// What is known of the visitor's conversation, and what is on its way there. No pixels here.

import { Problem } from './api.js';
import { uuid } from './store.js';

// How long an answer is awaited with the panel closed.
const waitFor = 30 * 60 * 1000;
// How long somebody counts as there who has answered.
const talkLasts = 10 * 60 * 1000;
const typingLasts = 7000;

/**
 * @param {import('./types').Host} host
 * @param {ReturnType<import('./store.js').createStore>} store
 * @param {ReturnType<import('./api.js').createApi>} api
 * @param {(what: string, detail?: any) => void} changed
 */
export function createConversation(host, store, api, changed) {
  /** @type {Map<number, import('./types').Message>} */
  const messages = new Map();
  const state = {
    /** @type {import('./types').Conversation | null} */
    conversation: null,
    presence: host.config.presence,
    /** @type {{name: string} | null} */
    typing: null,
    connected: true,
    loaded: false,
    open: false,
  };
  let lastEventId = '';
  /** Ends the stream, or the waiting for it. @type {null | (() => void)} */
  let leave = null;
  /** What receiving needs; a visitor who has not written yet has nothing to receive. @type {Promise<any> | null} */
  let live = null;
  /** @type {ReturnType<import('./tabs.js').createTabs> | null} */
  let tabs = null;
  /** @type {Promise<void> | null} */
  let loading = null;
  let sending = false;
  let attempt = 0;
  let resend = 0;
  let typedAt = 0;
  let typingTimer = 0;

  window.addEventListener('online', () => flush());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      follow();
      look();
    }
  });

  /** @returns {import('./types').Message[]} in the order of the conversation */
  function all() {
    return [...messages.values()].sort((a, b) => a.id - b.id);
  }

  /** @returns {import('./types').Outgoing[]} what the server does not have yet, oldest first */
  function outbox() {
    const arrived = new Set([...messages.values()].map((message) => message.clientId));
    return (store.get('outbox') || []).filter((/** @type {any} */ item) => !arrived.has(item.id));
  }

  /** Fetches the conversation as it stands. */
  function load() {
    return loading || (loading = fetchAll().finally(() => { loading = null; }));
  }

  async function fetchAll() {
    if (store.get('known')) {
      // First listen, then look: what happens in between is heard.
      await join();
      try {
        const snapshot = /** @type {import('./types').Snapshot} */ (await api.call('GET', '/conversation'));
        state.conversation = snapshot.conversation;
        for (const message of snapshot.messages) messages.set(message.id, message);
        reached(snapshot.lastEventId);
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 401 && error.status !== 404) throw error;
        return forget();
      }
    }
    state.loaded = true;
    changed('messages');
    look();
    count();
  }

  /** The server no longer knows this visitor: the next message begins anew. */
  function forget() {
    // What was agreed to and told went with it: it is asked anew.
    for (const name of ['token', 'known', 'waiting', 'unread', 'contact', 'consent', 'pages', 'noContact']) store.set(name, null);
    messages.clear();
    state.conversation = null;
    state.loaded = true;
    lastEventId = '';
    stop();
    count();
    changed('messages');
  }

  /** Keeps the stream open while there is something to hear: the panel is open, or an answer is awaited. */
  function follow() {
    const wanted = store.get('known') && state.loaded && (state.open || (store.get('waiting') || 0) > Date.now());
    if (!wanted) return stop();
    if (leave) return;
    let given = false;
    leave = () => { given = true; };
    join().then(({ tabs, receive }) => {
      if (!given) leave = tabs.contest(() => receive(receiving));
    }, () => {
      leave = null;
      if (!given) setTimeout(follow, 5000 + Math.random() * 5000);
    });
  }

  /** @returns {Promise<{tabs: NonNullable<typeof tabs>, receive: typeof import('./receiver.js').receive}>} */
  function join() {
    return live || (live = Promise.all([import('./tabs.js'), import('./receiver.js')]).then(([{ createTabs }, { receive }]) => {
      tabs = createTabs(store, (/** @type {any} */ message) => message.event ? apply(message.event, false) : changed('messages'));
      return { tabs, receive };
    }).catch((error) => {
      live = null;
      throw error;
    }));
  }

  const receiving = {
    api,
    lastId: () => lastEventId,
    /** @param {import('./types').StreamEvent} event */
    onEvent(event) {
      apply(event, true);
      if (tabs) tabs.post({ event });
    },
    /** @param {boolean} online */
    onConnection(online) {
      state.connected = online;
      changed('connection');
      if (online) flush();
      else follow();
    },
    /** @param {Problem} problem */
    onRefused(problem) {
      leave = null;
      if (problem.status === 401 || problem.status === 404) forget();
    },
  };

  function stop() {
    if (leave) leave();
    leave = null;
    if (!state.connected) {
      state.connected = true;
      changed('connection');
    }
  }

  /** @param {import('./types').StreamEvent} event @param {boolean} mine whether this tab received it itself */
  function apply(event, mine) {
    reached(event.id);
    const data = event.data;
    if (event.type === 'resync') resync(mine);
    else if (event.type === 'message') arrived(data, mine);
    else if (event.type === 'withdrawn') {
      messages.delete(data.messageId);
      changed('messages');
      count();
    }
    else if (event.type === 'typing') showTyping(data);
    else if (event.type === 'presence') {
      state.presence = data;
      changed('presence');
    } else if (event.type === 'state' && !(Number(data.number) < Number(state.conversation && state.conversation.number))) {
      // Of a conversation that was split off an older one, that one's state says nothing.
      state.conversation = data;
      if (data.state === 'closed') store.set('waiting', null);
      changed('state');
      count();
    } else if (event.type === 'seen' && state.conversation) {
      if (data.by === 'visitor') state.conversation.seenByVisitor = data.messageId;
      else state.conversation.seenByStaff = data.messageId;
      changed('state');
      count();
    }
  }

  /** More has changed than events can say, perhaps also what there is to listen to: fetched whole, and listened to anew. @param {boolean} mine */
  function resync(mine) {
    if (mine) stop();
    quietly(load().then(follow));
  }

  /** The position to go on from; ids are decimal numbers that grow. @param {string | null | undefined} id */
  function reached(id) {
    if (id && Number(id) >= Number(lastEventId || 0)) lastEventId = id;
  }

  /** @param {import('./types').Message} message @param {boolean} mine */
  function arrived(message, mine) {
    const fresh = !messages.has(message.id);
    messages.set(message.id, message);
    if (message.author !== 'customer') {
      showTyping(null);
      store.set('waiting', Date.now() + waitFor);
      // Where a person writes, the assistant is silent from then on.
      if (message.author === 'agent' && state.conversation) state.conversation.isWithAssistant = false;
    }
    changed('messages', fresh && message.author !== 'customer' ? { from: message, mine } : undefined);
    look();
    count();
  }

  /** @param {any} data */
  function showTyping(data) {
    clearTimeout(typingTimer);
    state.typing = data && data.on !== false ? data : null;
    if (state.typing) typingTimer = setTimeout(() => showTyping(null), typingLasts);
    changed('typing');
  }

  /** Counts what the visitor has not seen and shows it on the bubble. */
  function count() {
    const seen = state.conversation ? state.conversation.seenByVisitor : 0;
    const unread = state.open && document.visibilityState === 'visible' ? 0
      : all().filter((message) => message.author !== 'customer' && message.id > seen).length;
    if ((store.get('unread') || 0) !== unread) store.set('unread', unread || null);
    host.badge(unread);
  }

  /** What is shown is seen, however it came. */
  function look() {
    if (state.open && document.visibilityState === 'visible') markSeen();
  }

  function markSeen() {
    const last = all().filter((message) => message.author !== 'customer').pop();
    if (!last || !state.conversation || state.conversation.seenByVisitor >= last.id) return;
    state.conversation.seenByVisitor = last.id;
    count();
    quietly(api.call('POST', '/seen', { messageId: last.id }));
  }

  /** @param {Omit<import('./types').Outgoing, 'id' | 'at' | 'page'>} message */
  function send(message) {
    const waiting = store.get('outbox') || [];
    waiting.push({
      ...message, id: uuid(), at: new Date().toISOString(),
      before: before(),
      page: { url: location.href.slice(0, 2000), title: document.title.slice(0, 300), referrer: document.referrer.slice(0, 2000) },
    });
    store.set('outbox', waiting);
    api.token();
    changed('messages');
    attempt = 0;
    return flush();
  }

  /** @returns {import('./types').Before | undefined} */
  function before() {
    const visit = store.get('visit');
    return !store.get('known') && (visit || host.typed) ? { visit: visit ? visit.name : undefined, typed: host.typed || [] } : undefined;
  }

  /** Sends what waits, in order. Two tabs may send the same: equal ids are one message. */
  async function flush() {
    clearTimeout(resend);
    if (sending) return;
    sending = true;
    try {
      for (let next = waitingNow(); next; next = waitingNow()) {
        try {
          await deliver(next);
          attempt = 0;
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          if (error.status === 401 && store.get('known')) {
            forget();
            continue;
          }
          if (error.passing) {
            state.connected = false;
            changed('connection');
            const delay = Math.max(error.retryAfter * 1000, 500 + Math.random() * Math.min(60000, 1000 * 2 ** attempt++));
            resend = setTimeout(flush, delay);
            return;
          }
          change(next.id, (item) => ({ ...item, refused: error.message }));
          // Another wording than the page knows is agreed to by now.
          if ((error.body.errors || {}).consent) changed('consent');
        }
      }
    } finally {
      sending = false;
    }
  }

  function waitingNow() {
    return outbox().find((item) => !item.refused);
  }

  /** @param {import('./types').Outgoing} item */
  async function deliver(item) {
    const { id, text, files, page, contact, report, consent, honeypot, choice, before } = item;
    const answer = await api.call('POST', '/messages', {
      id, text, files: files.map((file) => file.token), page, contact, report, consent, honeypot, choice, before,
      language: host.config.language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    }, { timeout: 30000 });
    store.set('known', true);
    // Over: it has led to a conversation.
    store.set('visit', null);
    store.set('waiting', Date.now() + waitFor);
    if (!state.connected && !leave) state.connected = true;
    state.conversation = answer.conversation;
    state.loaded = true;
    if (!lastEventId) reached(answer.lastEventId);
    change(id, () => null);
    arrived(answer.message, true);
    changed('state');
    if (tabs) tabs.post({ event: { type: 'message', data: answer.message } });
    if (tabs) follow();
    else quietly(load().then(follow));
  }

  /** @param {string} id @param {(item: any) => any} how null takes it out */
  function change(id, how) {
    const items = (store.get('outbox') || []).map((/** @type {any} */ item) => item.id === id ? how(item) : item).filter(Boolean);
    store.set('outbox', items.length ? items : null);
    if (tabs) tabs.post({ outbox: true });
    changed('messages');
  }

  /** Who has just answered is there, whatever the hours say. */
  function isAnswered() {
    return all().some((message) => message.author === 'agent' && Date.now() - Date.parse(message.at) < talkLasts);
  }

  return {
    state, isAnswered, all, outbox, load, send, flush, follow, markSeen, count, changed,
    /** @param {boolean} open */
    setOpen(open) {
      state.open = open;
      follow();
      if (open) markSeen();
      count();
    },
    /** @param {string} id @param {any} more what was agreed to and told since */
    retry(id, more) {
      change(id, ({ refused, ...item }) => ({ ...item, ...more }));
      flush();
    },
    /** @param {string} id */
    discard: (id) => change(id, () => null),
    /** The visitor is writing; told at most every few seconds. */
    typing() {
      if (!store.get('known') || Date.now() - typedAt < 4000) return;
      typedAt = Date.now();
      quietly(api.call('POST', '/typing', { on: true }));
    },
    /** @param {import('./types').Contact} contact */
    async contact(contact) {
      state.conversation = await api.call('POST', '/contact', contact);
      changed('state');
    },
  };

  /** For what may be lost without harm: the next event says it again. @param {Promise<any>} request */
  function quietly(request) {
    request.catch((error) => {
      if (error instanceof Problem && error.status === 401) forget();
    });
  }
}
