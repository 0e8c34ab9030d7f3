// How to reach the visitor (an e-mail address or a phone number, whichever there is), and what the visitor agrees to.

import { Problem } from './api.js';
import { h } from './dom.js';

/** @param {import('./panel.js').Needs & {words: ReturnType<import('./words.js').createWords>}} needs */
export function createContactCard({ host, store, api, conversation, words }) {
  const { say } = words;
  const { privacy, widget } = host.config;
  const must = fields('must', false);
  const late = fields('late', true);
  const agree = h('input', { type: 'checkbox', id: 'agree' });
  const wording = h('span', { dir: 'auto' });
  const agreed = h('label', { class: 'agree' }, agree, wording);
  const pages = h('input', { type: 'checkbox' });
  const pagesAgreed = h('label', { class: 'agree' }, pages, h('span', null, say('pagesAsk')));
  const problem = h('p', { class: 'hint bad', role: 'alert' });
  const required = h('div', { class: 'card' }, must.element, agreed, pagesAgreed, problem);
  const saved = h('p', { class: 'hint', role: 'status' });
  const offer = h('form', { class: 'card', novalidate: true, onsubmit: submit }, h('p', null, say('contactOffer')), late.element, saved,
    h('div', { class: 'row' }, h('button', { type: 'submit', class: 'choice strong' }, say('save')),
      h('button', { type: 'button', class: 'choice', onclick: () => { store.set('noContact', true); update(); } }, say('notNow'))));
  let asked = 0;
  update();

  /** Shows what is still wanted, and nothing else. */
  function update() {
    const { presence, conversation: known } = conversation.state;
    const reachable = Boolean(store.get('contact') || known && known.hasContact);
    const begun = Boolean(known || conversation.outbox().length);
    const wantsContact = !reachable && (widget.askContact === 'always' || widget.askContact === 'offline' && !presence.online && !host.config.assistant) && !begun;
    const wantsConsent = privacy.consentRequired && store.get('consent') !== privacy.consentVersion;
    must.element.hidden = !wantsContact;
    if (wantsConsent && asked !== privacy.consentVersion) {
      asked = privacy.consentVersion;
      agree.checked = false;
      wording.replaceChildren(privacy.consentText, ' ', privacy.policyUrl ? h('a', { href: privacy.policyUrl, target: '_blank', rel: 'noopener' }, say('privacy')) : '');
    }
    agreed.hidden = !wantsConsent;
    // Who agreed to an older wording is asked again, who did not is left alone once the conversation has begun.
    const told = store.get('pages');
    pagesAgreed.hidden = !privacy.pageTracking || told === privacy.consentVersion || begun && told === null;
    required.hidden = must.element.hidden && agreed.hidden && pagesAgreed.hidden;
    offer.hidden = !known || reachable || widget.askContact === 'never' || known.isWithAssistant || Boolean(store.get('noContact')) || known.state === 'closed';
  }

  /** @returns {false | {contact?: any, consent?: any}} what goes with the next message, or false when something is missing (and said) */
  function collect() {
    problem.textContent = '';
    /** @type {{contact?: any, consent?: any}} */
    const more = {};
    if (!must.element.hidden) {
      const contact = must.read();
      if (typeof contact === 'string') return refuse(contact, must.way);
      more.contact = contact;
    }
    if (!agreed.hidden) {
      if (!agree.checked) return refuse(say('agreeFirst'), agree);
      more.consent = { version: privacy.consentVersion };
      store.set('consent', privacy.consentVersion);
    }
    if (more.contact) store.set('contact', more.contact);
    if (!pagesAgreed.hidden) {
      if (pages.checked) import('./pages.js').then(({ allow }) => allow(api, store, privacy.consentVersion), () => 0);
      else store.set('pages', null);
    }
    return more;
  }

  /** @param {string} sentence @param {HTMLElement} field @returns {false} */
  function refuse(sentence, field) {
    problem.textContent = sentence;
    field.focus();
    return false;
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const contact = late.read();
    saved.textContent = typeof contact === 'string' ? contact : '';
    if (typeof contact === 'string') return late.way.focus();
    try {
      await conversation.contact(contact);
      store.set('contact', contact);
      update();
    } catch (error) {
      saved.textContent = error instanceof Problem && error.status ? error.message : say('reconnecting');
    }
  }

  /** @param {string} id @param {boolean} short */
  function fields(id, short) {
    const way = h('input', { id: id + '-way', type: 'text', inputmode: 'email', autocomplete: 'email', maxlength: '254', dir: 'auto', required: true });
    const name = h('input', { id: id + '-name', type: 'text', autocomplete: 'name', maxlength: '100', dir: 'auto' });
    const nameLabel = h('label', { for: name.id }, say('contactName'));
    const element = h('div', { class: 'fields' }, h('label', { for: way.id }, say('contactWay')), way, nameLabel, name);
    if (short) {
      // A question in passing stays small until it is taken up.
      name.hidden = nameLabel.hidden = true;
      way.addEventListener('input', () => { name.hidden = nameLabel.hidden = false; }, { once: true });
    }
    return {
      element, way,
      /** @returns {string | import('./types').Contact} the contact, or what is wrong with it */
      read() {
        const value = way.value.trim();
        const person = name.value.trim() ? { name: name.value.trim() } : {};
        if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return { ...person, email: value };
        if (/^\+?[\d\s().-]{6,25}$/.test(value)) return { ...person, phone: value };
        return say('contactWrong');
      },
    };
  }

  return { required, offer, update, collect };
}
