// The conversation as it is read: messages by day and by author, what is on its way, who is typing.

import { formatted, h, icon, linked } from './dom.js';

/**
 * @param {import('./panel.js').Needs & {
 *   words: ReturnType<import('./words.js').createWords>,
 *   card: HTMLElement, edit: (text: string) => void, report: () => void, beforeSend: () => any }} needs
 */
export function createLog({ host, conversation, words, card, edit, report, beforeSend }) {
  const { say } = words;
  const list = h('div', { class: 'log', role: 'log', 'aria-label': say('messages'), tabindex: '0', onscroll: () => { if (atEnd()) more.hidden = true; } });
  const more = h('button', { type: 'button', class: 'more', hidden: true, onclick: () => toEnd() }, say('newBelow'));
  const element = h('div', { class: 'scroll' }, list, more);
  /** @type {Map<string, {node: HTMLElement, stamp: string}>} */
  const shown = new Map();
  let sticking = true;
  let newest = 0;
  /** @type {ReturnType<typeof import('./offers.js').createOffers> | null} */
  let offers = null;

  function update() {
    sticking = atEnd();
    const { state } = conversation;
    /** @type {[string, string, () => HTMLElement][]} key, stamp (what it looks like), how to build it */
    const rows = [];
    const sent = conversation.all();
    const waiting = conversation.outbox();
    const mark = offers ? ' offers' : '';
    if (!sent.length && !waiting.length) rows.push(['hello', state.presence.online + mark, hello]);
    let day = '', speaker = '';
    for (const message of sent) {
      const at = new Date(message.at);
      if (at.toDateString() !== day) {
        day = at.toDateString();
        speaker = '';
        const label = words.day(at);
        rows.push(['day ' + day, label, () => h('p', { class: 'when' }, h('time', { datetime: message.at.slice(0, 10) }, label))]);
      }
      const author = message.author + (message.name || '');
      if (message.author !== 'customer' && author !== speaker && message.name) {
        rows.push(['who ' + message.id, message.name + mark, () => h('p', { class: 'who', dir: 'auto' }, `${message.name} · ${words.time(at)}`, message.author === 'assistant' && offers && offers.mark())]);
      }
      speaker = author;
      rows.push([message.clientId, 'sent ' + message.text + (message.offer ? mark : ''), () => bubble(message)]);
    }
    const last = sent[sent.length - 1];
    const mine = sent.filter((message) => message.author === 'customer').pop();
    if (mine && mine === last && !waiting.length) {
      const seen = state.conversation && state.conversation.seenByStaff >= mine.id;
      rows.push(['mark', say(seen ? 'seen' : 'sent') + mine.id, () => h('p', { class: 'mark' }, `${words.time(new Date(mine.at))} · ${say(seen ? 'seen' : 'sent')}`)]);
    }
    for (const item of waiting) rows.push([item.id, item.refused || 'waiting', () => pending(item)]);
    if (state.conversation && (state.conversation.state === 'solved' || state.conversation.state === 'closed')) {
      rows.push(['ended', state.conversation.stateText, () => h('p', { class: 'when' }, say('ended', { state: /** @type {any} */ (state.conversation).stateText }))]);
    }
    if (state.typing) rows.push(['typing', state.typing.name, typing]);
    draw(rows);
    if (offers) offers.update();
    if (sticking) toEnd();
    else if (last && last.id > newest && last.author !== 'customer') more.hidden = atEnd();
    newest = last ? last.id : 0;
  }

  /** Touches only what differs, so that a screen reader hears only what is new and a selection stays. @param {[string, string, () => HTMLElement][]} rows */
  function draw(rows) {
    const keys = new Set(rows.map(([key]) => key));
    for (const [key, { node }] of shown) {
      if (keys.has(key)) continue;
      node.remove();
      shown.delete(key);
    }
    /** @type {ChildNode | null} */
    let next = list.firstChild;
    for (const [key, stamp, build] of rows) {
      let row = shown.get(key);
      if (!row || row.stamp !== stamp) {
        const node = build();
        if (row) {
          if (next === row.node) next = row.node.nextSibling;
          row.node.replaceWith(node);
        }
        shown.set(key, row = { node, stamp });
      }
      if (row.node === next) next = next.nextSibling;
      else list.insertBefore(row.node, next);
    }
    if (card.parentNode !== list || list.lastChild !== card) list.append(card);
  }

  function hello() {
    return h('div', { class: 'hello' },
      host.config.widget.greeting ? h('div', { class: 'in', dir: 'auto' }, host.config.widget.greeting) : null,
      ...(host.config.assistant && offers ? offers.hello() : []),
      host.config.widget.offersProblemReport && h('button', { type: 'button', class: 'choice', onclick: report }, say('report')));
  }

  /** @param {import('./types').Message} message */
  function bubble(message) {
    const own = message.author === 'customer';
    const at = new Date(message.at);
    let { files } = message;
    // A picture that has its place in the text does not stand below it again.
    const picture = (/** @type {string} */ key, /** @type {string} */ words) => {
      const file = files.find(({ token }) => token.startsWith(key));
      files = files.filter((other) => other !== file);
      return file ? attachment(file) : words;
    };
    const text = message.html && !own ? formatted(message.text, picture) : linked(message.text);
    return h('div', { class: message.author === 'system' ? 'when' : own ? 'out' : 'in', dir: 'auto', title: `${words.day(at)}, ${words.time(at)}` },
      h('span', { class: 'aside' }, own ? say('you') : message.name || host.config.name, ': '),
      ...text, ...files.map(attachment), message.offer && offers && offers.sources(message.offer));
  }

  /** @param {import('./types').StoredFile} file */
  function attachment(file) {
    const caption = h('span', null, icon('M7 3h7l4 4v14H7zM14 3v4h4'), h('span', { dir: 'auto' }, file.name), ' ', h('small', null, words.size(file.size)));
    const link = h('a', { class: 'file', href: `${host.base}widget/v1/${encodeURIComponent(host.site)}/files/${file.token}`, target: '_blank', rel: 'noopener' }, caption);
    if (/^image\/(png|jpeg|gif|webp)$/.test(file.type)) {
      // The page's policy may forbid pictures from elsewhere: then the name stays.
      const picture = h('img', { src: link.href, alt: file.name, width: file.width, height: file.height, onload: () => { link.classList.add('picture'); follow(); }, onerror: () => picture.remove() });
      link.prepend(picture);
    }
    return link;
  }

  /** @param {import('./types').Outgoing} item */
  function pending(item) {
    const names = item.files.map((file) => h('span', { class: 'file' }, icon('M7 3h7l4 4v14H7zM14 3v4h4'), file.name));
    const text = h('div', { class: 'out waiting', dir: 'auto' }, item.text, ...names);
    if (!item.refused) return h('div', { class: 'stack' }, text, h('p', { class: 'mark' }, say('sending')));
    return h('div', { class: 'stack' }, text, h('p', { class: 'mark bad', role: 'alert' }, item.refused + ' ',
      h('button', { type: 'button', onclick: () => { const more = beforeSend(); if (more) conversation.retry(item.id, more); } }, say('again')), ' ',
      h('button', { type: 'button', onclick: () => { conversation.discard(item.id); edit(item.text); } }, say('edit')), ' ',
      h('button', { type: 'button', onclick: () => conversation.discard(item.id) }, say('discard'))));
  }

  function typing() {
    const { name } = /** @type {any} */ (conversation.state.typing);
    return h('p', { class: 'typing' }, h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i', null), h('i', null), h('i', null)), say('typing', { name }));
  }

  function atEnd() {
    return list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  }

  function toEnd() {
    list.scrollTop = list.scrollHeight;
    sticking = true;
    more.hidden = true;
  }

  /** Stays at the end when the room changes. */
  function follow() {
    if (sticking) toEnd();
  }

  return {
    element, update, toEnd, follow,
    /** @param {ReturnType<typeof import('./offers.js').createOffers>} given */
    offer(given) {
      offers = given;
      update();
    },
  };
}
