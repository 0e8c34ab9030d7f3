// Articles that may answer, while the first message is being written. Brought in by the composer after the first words, so that
// opening a conversation weighs nothing more. What is opened and whether it answered is told under a name made for this visit alone.

import { h } from './dom.js';
import { leaveTrail, visitOf } from './trail.js';

const pause = 400;
const shortest = 8;

/** @type {WeakMap<HTMLElement, () => void>} */
const asking = new WeakMap();

/**
 * @param {import('./types').Host} host
 * @param {HTMLFormElement} form the composer
 * @param {HTMLTextAreaElement} text
 */
export function suggest(host, form, text) {
  let ask = asking.get(form);
  if (!ask) asking.set(form, ask = begin(host, form, text));
  ask();
}

/** @param {import('./types').Host} host @param {HTMLFormElement} form @param {HTMLTextAreaElement} text */
function begin(host, form, text) {
  const root = `${host.base}help/${encodeURIComponent(host.site)}/${host.config.language}/`;
  const title = h('b', null);
  const list = h('ul', null);
  const answered = h('button', { type: 'button', hidden: true, onclick: finish });
  const box = h('div', { class: 'articles', role: 'status', hidden: true }, title, list, answered);
  let timer = 0;
  let asked = '';
  let opened = 0;
  let thanks = '';
  /** What was begun to be written: it goes with the message that comes of it. @type {string[]} */
  const typed = [];
  host.typed = typed;
  host.adopt(style);
  form.prepend(box);
  form.addEventListener('submit', () => {
    if (text.value.trim()) return;
    // The composer has emptied itself: the message is on its way.
    if (opened) note('ticket');
    opened = 0;
    box.hidden = true;
  });

  return () => {
    clearTimeout(timer);
    // Not reached: what is typed next asks again.
    timer = window.setTimeout(() => ask().catch(() => { asked = ''; }), pause);
  };

  async function ask() {
    const words = text.value.trim().slice(0, 1000);
    // Two characters of Chinese say as much as a word or two.
    if (words.length < shortest && !/[\u3400-\u9fff]{2}/.test(words)) {
      box.hidden = !opened;
      return;
    }
    if (words === asked) return;
    asked = words;
    const answer = await host.fetch(`${root}suggestions?place=widget&q=${encodeURIComponent(words)}`, { credentials: 'omit' });
    if (!answer.ok || words !== asked) return;
    const { articles, words: say } = await answer.json();
    const last = typed[typed.length - 1] || '';
    // Going on writing, or taking letters away, is the same beginning: the longest counts.
    if (last && words.startsWith(last)) typed.pop();
    if (!last.startsWith(words)) typed.push(words.slice(0, 200));
    if (typed.length > 5) typed.shift();
    thanks = say.thanks;
    title.textContent = say.heading;
    answered.textContent = say.answered;
    if (articles.length || !opened) list.replaceChildren(...articles.slice(0, 3).map(entry));
    box.hidden = !articles.length && !opened;
  }

  /** @param {{id: number, title: string[], address: string}} article */
  function entry(article) {
    const open = () => {
      opened = article.id;
      answered.hidden = false;
      note('opened');
    };
    const link = h('a', { href: new URL(article.address, host.base).href, target: '_blank', rel: 'noopener', onclick: open }, article.title.join(''));
    leaveTrail(host, link);
    return h('li', null, link);
  }

  function finish() {
    note('answered');
    opened = 0;
    text.value = '';
    text.dispatchEvent(new Event('input'));
    list.replaceChildren();
    answered.hidden = true;
    title.textContent = thanks;
    text.focus();
  }

  /** @param {string} outcome */
  function note(outcome) {
    // Counting is ours: whether it arrives is nothing a visitor has to know.
    host.fetch(root + 'deflections', { method: 'POST', credentials: 'omit', keepalive: true, body: new URLSearchParams({ visit: visitOf(host), place: 'widget', article: String(opened), outcome }) })
      .catch(() => 0);
  }
}

const style = '.articles{padding:8px 12px;font-size:14px}.articles[hidden],.articles [hidden]{display:none}.articles ul{margin:4px 0;padding:0;list-style:none}.articles a{display:block;padding:6px 0;color:inherit}.articles button{padding:6px 0;border:0;background:none;color:inherit;font:inherit;font-weight:600;text-decoration:underline;cursor:pointer}';
