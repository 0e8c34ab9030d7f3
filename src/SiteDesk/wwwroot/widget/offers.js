// What a message offers beside its words: the articles it rests on, ready answers, a step of a form; and the way to a person. Brought in
// by the panel where the assistant answers or such a message arrives, so that a conversation without them weighs nothing more.

import { h, icon } from './dom.js';

const longestValue = 500;
const emailShape = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const phoneShape = /^\+?[\d\s().-]{6,25}$/;

/**
 * @param {import('./panel.js').Needs & {
 *   words: ReturnType<import('./words.js').createWords>,
 *   card: HTMLElement, edit: (text: string) => void, beforeSend: () => false | {contact?: any, consent?: any} }} needs
 */
export function createOffers({ host, store, conversation, words, card, edit, beforeSend }) {
  const { say } = words;
  // It stays when its buttons go: who pressed one with the keyboard goes on from here, and the next ones come to the same place.
  const slot = h('div', { class: 'offers', tabindex: '-1' });
  const person = h('div', { class: 'person', hidden: true },
    h('button', { type: 'button', class: 'choice', onclick: () => take(say('personWish'), { offerId: 0, key: 'person' }) },
      icon('M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0'), say('person')));
  let shown = 0;
  /** What is written into the form that stands open. @type {null | (() => Record<string, string>)} */
  let read = null;
  /** @type {import('./types').OfferedForm | null} */
  let form = null;

  /** Shows what is offered now: by the newest message alone, and only until it is answered. */
  function update() {
    if (slot.nextSibling !== card && card.parentNode) card.before(slot);
    const last = conversation.all().pop();
    const waiting = conversation.outbox();
    const known = conversation.state.conversation;
    const goesOn = known && known.state !== 'closed' ? known : null;
    person.hidden = !(goesOn ? goesOn.isWithAssistant : host.config.assistant)
      || waiting.some((item) => item.choice && item.choice.key === 'person') || Boolean(last && last.author === 'customer' && last.text === say('personWish'));

    const open = last && goesOn && !waiting.length && last.offer && (last.offer.form || last.offer.choices.length) ? last : null;
    if ((open ? open.id : 0) === shown) return;
    if (form) {
      if (read && last && last.author !== 'customer') keepWords(form, read());
      store.set('form', null);
    }
    shown = open ? open.id : 0;
    read = form = null;
    slot.replaceChildren();
    if (open && open.offer) show(open.id, open.offer);
    card.classList.toggle('later', Boolean(form));
  }

  /** @param {number} id @param {import('./types').Offer} offer */
  function show(id, offer) {
    // The way to a person is always there below: a second button for it would only look odd.
    const choices = offer.choices.filter(({ key }) => key !== 'person' || person.hidden);
    if (choices.length) {
      slot.append(h('div', { class: 'row', role: 'group', 'aria-label': say('choices') }, ...choices.map(({ key, label }) =>
        h('button', { type: 'button', class: 'choice', dir: 'auto', onclick: () => take(label, { offerId: id, key }) }, label))));
    }
    if (offer.form) slot.append(ask(id, offer.form));
  }

  /** @param {number} id @param {import('./types').OfferedForm} step */
  function ask(id, step) {
    form = step;
    const begun = store.get('form');
    const fields = step.fields.map((field) => input(id, field, begun && begun.id === id ? begun.values[field.key] : field.value));
    const values = read = () => Object.fromEntries(fields.map(({ field, entry }) => [field.key, entry.value.trim()]).filter(([, value]) => value));
    return h('form', { class: 'ask', novalidate: true, 'aria-label': say('form'), onsubmit: send, oninput: () => store.set('form', { id, values: values() }) },
      ...fields.map(({ element }) => element),
      h('div', { class: 'row' }, h('button', { type: 'submit', class: 'choice strong', dir: 'auto' }, step.send),
        h('button', { type: 'button', class: 'choice', dir: 'auto', onclick: () => leave(step.back, { offerId: id, key: 'back' }) }, step.back)));

    /** @param {Event} event */
    function send(event) {
      event.preventDefault();
      const wrong = fields.filter(({ check }) => !check());
      if (wrong.length) return wrong[0].entry.focus();
      leave(inWords(step, values()) || step.send, { offerId: id, key: step.key, values: values() });
    }
  }

  /** @param {number} id @param {import('./types').OfferedField} field @param {string | null | undefined} value */
  function input(id, field, value) {
    const name = `ask-${id}-${field.key}`;
    const attributes = { id: name, maxlength: longestValue, dir: 'auto', required: field.isRequired };
    const entry = field.kind === 'long' ? h('textarea', { ...attributes, rows: '3' }) : h('input', { ...attributes, ...howToType(field) });
    entry.value = value || '';
    const problem = h('p', { class: 'hint bad', id: name + '-problem' });
    tell(field.problem || '');

    /** @param {string} sentence */
    function tell(sentence) {
      problem.textContent = sentence;
      if (sentence) {
        entry.setAttribute('aria-invalid', 'true');
        entry.setAttribute('aria-describedby', problem.id);
      } else {
        entry.removeAttribute('aria-invalid');
        entry.removeAttribute('aria-describedby');
      }
    }

    /** @returns {boolean} whether it may be sent; the server looks again and knows more */
    function check() {
      const sentence = mistake(field, entry.value.trim());
      tell(sentence);
      return !sentence;
    }

    return { field, entry, check, element: h('div', null, h('label', { for: name, dir: 'auto' }, field.isRequired ? field.label : say('optional', { label: field.label })), entry, problem) };
  }

  /** @param {import('./types').OfferedField} field @param {string} value @returns {string} empty when there is none */
  function mistake({ kind, isRequired }, value) {
    if (!value) return isRequired ? say('fieldNeeded') : '';
    if (kind === 'email' && !emailShape.test(value)) return say('emailWrong');
    if (kind === 'phone' && !phoneShape.test(value)) return say('phoneWrong');
    return kind === 'contact' && !emailShape.test(value) && !phoneShape.test(value) ? say('contactWrong') : '';
  }

  /** @param {string} text @param {import('./types').Choice} choice */
  function leave(text, choice) {
    const asked = read;
    read = null;
    if (!take(text, choice)) read = asked;
  }

  /** What is taken is said in words like any message. @param {string} text @param {import('./types').Choice} choice */
  function take(text, choice) {
    const more = beforeSend();
    if (!more) return false;
    const focused = host.root.activeElement;
    const here = slot.contains(focused) || person.contains(focused);
    conversation.send({ text, files: [], choice, ...more });
    if (here) slot.focus({ preventScroll: true });
    return true;
  }

  /** A person has written meanwhile: what was typed is not lost. @param {import('./types').OfferedForm} step @param {Record<string, string>} values */
  function keepWords(step, values) {
    if (step.fields.some((field) => (values[field.key] || '') !== (field.value || ''))) edit(inWords(step, values));
  }

  /** @param {import('./types').Offer} offer */
  function sources(offer) {
    return offer.sources.length ? h('ul', { class: 'from' }, ...offer.sources.map(({ title, address, language }) => {
      const link = new URL(address, host.base);
      return h('li', null, h('a', { href: /^https?:$/.test(link.protocol) ? link.href : null, target: '_blank', rel: 'noopener', hreflang: language }, say('from', { title })),
        language ? h('small', null, ' · ' + say('in.' + language)) : null);
    })) : null;
  }

  function mark() {
    return h('span', { class: 'bot' }, say('automatic'));
  }

  function hello() {
    const { name } = /** @type {{name: string}} */ (host.config.assistant);
    return [h('p', { class: 'who', dir: 'auto' }, name, mark()), h('div', { class: 'in', dir: 'auto' }, say('assistantHello'))];
  }

  return { person, update, sources, mark, hello };
}

/** @param {import('./types').OfferedForm} step @param {Record<string, string>} values @returns {string} one line a field */
function inWords(step, values) {
  return step.fields.filter(({ key }) => values[key]).map(({ key, label }) => label.replace(/[\s:：?？]+$/, '') + ': ' + values[key]).join('\n');
}

/** How a kind of value is typed, with the keyboard a phone has for it. @param {import('./types').OfferedField} field @returns {Record<string, string>} */
function howToType({ kind, key }) {
  if (kind === 'email') return { type: 'email', inputmode: 'email', autocomplete: 'email' };
  if (kind === 'phone') return { type: 'tel', inputmode: 'tel', autocomplete: 'tel' };
  if (kind === 'contact') return { type: 'text', inputmode: 'email', autocomplete: 'email' };
  if (kind === 'order') return { type: 'text', inputmode: 'text', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false' };
  return { type: 'text', inputmode: 'text', autocomplete: key === 'name' ? 'name' : 'off' };
}
