// "Report a problem": what went wrong in the visitor's words, and what the page knows, shown before it is sent.

import { h } from './dom.js';

/**
 * @param {import('./panel.js').Needs & {
 *   words: ReturnType<import('./words.js').createWords>,
 *   required: HTMLElement, beforeSend: () => false | {contact?: any, consent?: any}, done: () => void }} needs
 */
export function createReport({ host, conversation, words, required, beforeSend, done }) {
  const { say } = words;
  const text = h('textarea', { id: 'problem', rows: '4', dir: 'auto', maxlength: host.config.limits.textLength });
  const details = h('div', { class: 'facts' });
  const hint = h('p', { class: 'hint bad', role: 'alert' });
  const buttons = h('div', { class: 'row' },
    h('button', { type: 'submit', class: 'choice strong' }, say('send')), h('button', { type: 'button', class: 'choice', onclick: done }, say('cancel')));
  const element = h('form', { class: 'report', novalidate: true, hidden: true, onsubmit: submit },
    h('h2', null, say('report')),
    h('label', { for: 'problem' }, say('reportAsk')), text,
    h('p', { class: 'hint' }, say('reportAdds')), details, hint, buttons);
  /** @type {Map<string, HTMLInputElement>} */
  let boxes = new Map();
  /** @type {import('./types').Report} */
  let report;

  function show() {
    report = gather(host);
    boxes = new Map();
    details.replaceChildren(...Object.entries(report).filter(([, value]) => value.length).map(([key, value]) => {
      const box = h('input', { type: 'checkbox', id: 'fact-' + key });
      box.checked = true;
      boxes.set(key, box);
      const lines = Array.isArray(value) ? h('ul', null, ...value.map((line) => h('li', null, line))) : h('span', null, key === 'time' ? local(value) : value);
      return h('div', { class: 'fact' }, h('label', { for: box.id }, box, say('fact.' + key)), lines);
    }));
    buttons.before(required);
    element.hidden = false;
    text.focus();
  }

  /** @param {string} time */
  function local(time) {
    const when = new Date(time);
    return say('dayAndTime', { day: words.day(when), time: words.time(when) });
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    hint.textContent = text.value.trim() ? '' : say('reportEmpty');
    if (!text.value.trim()) return text.focus();
    const more = beforeSend();
    if (!more) return;
    /** @type {any} */
    const chosen = {};
    for (const [key, value] of Object.entries(report)) {
      const box = boxes.get(key);
      chosen[key] = box && box.checked ? value : Array.isArray(value) ? [] : '';
    }
    conversation.send({ text: text.value.trim(), files: [], report: chosen, ...more });
    text.value = '';
    done();
  }

  return { element, show };
}

/** @param {import('./types').Host} host @returns {import('./types').Report} */
function gather(host) {
  return {
    page: location.href.slice(0, 2000),
    browser: navigator.userAgent.slice(0, 300),
    screen: `${screen.width}×${screen.height}, ${innerWidth}×${innerHeight}, ×${devicePixelRatio}`,
    language: navigator.languages.slice(0, 5).join(', '),
    time: new Date().toISOString(),
    errors: host.diagnostics.errors.slice(),
    failedRequests: [...failedBefore(host.diagnostics), ...host.diagnostics.requests].slice(-10),
  };
}

/**
 * Requests that were answered with an error before the loader could listen, as the browser remembers them (Resource Timing; the status is
 * known since Chromium 109 and Safari 16.4, of other origins only where these allow it). Nothing remembers errors of scripts.
 * @param {import('./types').Host['diagnostics']} diagnostics
 */
function failedBefore({ since, requests }) {
  if (!since) return [];
  return /** @type {any[]} */ (performance.getEntriesByType('resource'))
    .filter((entry) => entry.startTime < since && entry.responseStatus >= 400)
    .map((entry) => ({ at: entry.startTime, address: entry.name.split(/[?#]/)[0], entry }))
    .filter(({ address }) => !requests.some((line) => line.includes(` ${address} `)))
    .map(({ at, address, entry }) =>
      `${new Date(Date.now() - performance.now() + at).toISOString().slice(11, 19)} ${entry.initiatorType} ${address} ${entry.responseStatus}`.slice(0, 300));
}
