// Where the visitor writes: text, files by picker, paste or drop; the draft survives a reload.

import { Problem } from './api.js';
import { h, icon } from './dom.js';

/**
 * @typedef {object} Attached
 * @property {string} name
 * @property {number} size
 * @property {import('./types').UploadedFile} [stored] set once the server has it
 * @property {() => void} [cancel]
 * @property {HTMLElement} chip
 */

/**
 * @param {import('./panel.js').Needs & {
 *   words: ReturnType<import('./words.js').createWords>,
 *   beforeSend: () => false | {contact?: any, consent?: any} }} needs
 */
export function createComposer({ host, store, api, conversation, words, beforeSend }) {
  const { say } = words;
  const { limits } = host.config;
  /** @type {Attached[]} */
  const attached = [];
  let saving = 0;

  const text = h('textarea', { rows: '1', placeholder: say('placeholder'), 'aria-label': say('placeholder'), 'aria-describedby': 'hint', dir: 'auto', enterkeyhint: 'send',
    oninput: written, onkeydown: keys, onpaste: pasted });
  const trap = h('input', { type: 'text', name: 'website', tabindex: '-1', autocomplete: 'off', 'aria-hidden': 'true', class: 'aside' });
  const picker = h('input', { type: 'file', multiple: true, accept: limits.fileTypes.join(','), hidden: true, onchange: () => { add(picker.files || []); picker.value = ''; } });
  const sendButton = h('button', { type: 'submit', class: 'send', 'aria-label': say('send') }, icon('M12 19V5M5.5 11.5L12 5l6.5 6.5'));
  const chips = h('ul', { class: 'chips', 'aria-label': say('files'), hidden: true });
  const hint = h('p', { class: 'hint', id: 'hint', role: 'status' });
  const element = h('form', { class: 'composer', novalidate: true, onsubmit: submit }, chips, hint,
    h('div', { class: 'row' },
      h('button', { type: 'button', class: 'plain', 'aria-label': say('attach'), onclick: () => picker.click() }, icon('M20 11.5l-8.4 8.4a5 5 0 0 1-7-7l8.7-8.8a3.4 3.4 0 0 1 4.8 4.8l-8.7 8.7a1.7 1.7 0 0 1-2.4-2.4l8-8')),
      picker, text, trap, sendButton));

  text.value = store.get('draft') || '';
  for (const file of store.get('draftFiles') || []) attached.push({ name: file.name, size: file.size, stored: file, chip: chip(file) });
  showFiles();
  requestAnimationFrame(grow);
  window.addEventListener('pagehide', keep);

  function written() {
    grow();
    clearTimeout(saving);
    saving = setTimeout(keep, 300);
    const left = limits.textLength - text.value.length;
    tell(left < 0 ? say('tooLong', { count: -left }) : left < 200 ? say('left', { count: left }) : '');
    if (text.value.trim()) conversation.typing();
    // Without it the message is written as before.
    if (text.value[7] && !store.get('known')) import('./articles.js').then(({ suggest }) => suggest(host, element, text), () => 0);
  }

  function keep() {
    store.set('draft', text.value || null);
    const done = attached.filter((file) => file.stored).map((file) => file.stored);
    store.set('draftFiles', done.length ? done : null);
  }

  function grow() {
    text.style.height = 'auto';
    text.style.height = Math.min(text.scrollHeight, 140) + 'px';
  }

  /** @param {string} sentence */
  function tell(sentence) {
    hint.textContent = sentence;
  }

  /** @param {KeyboardEvent} event */
  function keys(event) {
    // Enter also ends a word in a Chinese or Japanese input method: that one is not for us.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    if (window.matchMedia('(pointer: coarse)').matches && !event.ctrlKey) return;
    event.preventDefault();
    submit(event);
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const written = text.value.trim();
    const ready = attached.filter((file) => file.stored);
    if (attached.length > ready.length) return tell(say('filesStillGoing'));
    if (!written && !ready.length) return text.focus();
    if (text.value.length > limits.textLength) return;
    const more = beforeSend();
    if (!more) return;
    conversation.send({ text: written, files: ready.map((file) => /** @type {any} */ (file.stored)), honeypot: trap.value || undefined, ...more });
    text.value = '';
    attached.length = 0;
    showFiles();
    tell('');
    grow();
    keep();
    text.focus();
  }

  /** @param {ClipboardEvent} event */
  function pasted(event) {
    const files = event.clipboardData ? [...event.clipboardData.files] : [];
    if (!files.length) return;
    event.preventDefault();
    add(files);
  }

  /** @param {HTMLElement} area */
  function acceptDropsOn(area) {
    const carries = (/** @type {DragEvent} */ event) => event.dataTransfer && [...event.dataTransfer.types].includes('Files');
    area.addEventListener('dragover', (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      area.classList.add('dropping');
    });
    area.addEventListener('dragleave', (event) => {
      if (!area.contains(/** @type {Node} */ (event.relatedTarget))) area.classList.remove('dropping');
    });
    area.addEventListener('drop', (event) => {
      area.classList.remove('dropping');
      if (!carries(event)) return;
      event.preventDefault();
      add(/** @type {any} */ (event.dataTransfer).files);
    });
  }

  /** @param {Iterable<File>} files */
  function add(files) {
    for (const file of files) {
      const name = file.name || 'image.png';
      if (attached.length >= limits.filesPerMessage) return tell(say('tooManyFiles', { count: limits.filesPerMessage }));
      if (file.size > limits.fileBytes) tell(say('fileTooLarge', { name, size: words.size(limits.fileBytes) }));
      else if (!accepted(file, limits.fileTypes)) tell(say('fileType', { name }));
      else if (file.size === 0) tell(say('fileEmpty', { name }));
      else send(file, name);
    }
  }

  /** @param {File} file @param {string} name */
  async function send(file, name) {
    const bar = h('progress', { max: '1', value: '0', 'aria-label': say('uploading', { name }) });
    /** @type {Attached} */
    const entry = { name, size: file.size, chip: chip({ name, size: file.size }, bar) };
    attached.push(entry);
    showFiles();
    try {
      const { upload } = await import('./upload.js');
      if (!attached.includes(entry)) return; // taken away by the visitor
      const sending = upload(api, file, name, (part) => { bar.value = part; });
      entry.cancel = sending.cancel;
      entry.stored = await sending.done;
      bar.remove();
      keep();
      if (hint.textContent === say('filesStillGoing')) tell('');
    } catch (error) {
      if (!attached.includes(entry)) return;
      drop(entry);
      tell(error instanceof Problem && error.status ? error.message : say('fileFailed', { name }));
    }
  }

  /** @param {{name: string, size: number}} file @param {HTMLElement} [progress] */
  function chip(file, progress) {
    const element = h('li', null, h('span', { dir: 'auto' }, file.name), h('small', null, words.size(file.size)), progress || null,
      h('button', { type: 'button', class: 'plain', 'aria-label': say('removeFile', { name: file.name }), onclick: () => remove(element) }, icon('M7 7l10 10M17 7L7 17')));
    return element;
  }

  /** @param {HTMLElement} element */
  function remove(element) {
    const entry = attached.find((file) => file.chip === element);
    if (!entry) return;
    drop(entry);
    if (!entry.stored && entry.cancel) entry.cancel();
    text.focus();
  }

  /** @param {Attached} entry */
  function drop(entry) {
    attached.splice(attached.indexOf(entry), 1);
    showFiles();
    keep();
  }

  function showFiles() {
    chips.replaceChildren(...attached.map((file) => file.chip));
    chips.hidden = attached.length === 0;
  }

  return {
    element, keep, acceptDropsOn,
    focus: () => text.focus({ preventScroll: true }),
    /** @param {string} value */
    fill(value) {
      text.value = value + (text.value ? '\n' + text.value : '');
      written();
      text.focus();
    },
  };
}

/** @param {File} file @param {string[]} types as in an `accept` attribute: .pdf, image/png, image/* */
function accepted(file, types) {
  const name = file.name.toLowerCase();
  return types.length === 0 || types.some((type) => type.startsWith('.') ? name.endsWith(type)
    : type.endsWith('/*') ? file.type.startsWith(type.slice(0, -1)) : file.type === type);
}
