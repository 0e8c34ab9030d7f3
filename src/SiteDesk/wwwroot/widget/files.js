// The files of the next message: chosen, uploading, uploaded. Brought in by the composer with the first one; they survive a reload.

import { Problem } from './api.js';
import { h, icon } from './dom.js';
import { upload } from './upload.js';

/**
 * @typedef {object} Attached
 * @property {string} name
 * @property {number} size
 * @property {import('./types').UploadedFile} [stored] set once the server has it
 * @property {() => void} [cancel]
 * @property {HTMLElement} chip
 */

/**
 * @param {Pick<import('./panel.js').Needs, 'host' | 'store' | 'api'> & {
 *   words: ReturnType<import('./words.js').createWords>, hint: HTMLElement, focus: () => void }} needs
 */
export function createFiles({ host, store, api, words, hint, focus }) {
  const { say } = words;
  const { limits } = host.config;
  /** @type {Attached[]} */
  const attached = [];
  const element = h('ul', { class: 'chips', 'aria-label': say('files') });
  for (const file of store.get('draftFiles') || []) attached.push({ name: file.name, size: file.size, stored: file, chip: chip(file) });
  show();

  /** @param {string} sentence */
  function tell(sentence) {
    hint.textContent = sentence;
  }

  function ready() {
    return attached.flatMap((file) => file.stored || []);
  }

  function keep() {
    store.set('draftFiles', ready().length ? ready() : null);
  }

  /** @param {File[]} files */
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
    show();
    try {
      const sending = upload(api, file, name, (part) => { bar.value = part; });
      entry.cancel = sending.cancel;
      entry.stored = await sending.done;
      bar.remove();
      keep();
      if (hint.textContent === say('filesStillGoing')) tell('');
    } catch (error) {
      // Taken away by the visitor meanwhile.
      if (!attached.includes(entry)) return;
      drop(entry);
      tell(error instanceof Problem && error.status ? error.message : say('fileFailed', { name }));
    }
  }

  /** @param {{name: string, size: number}} file @param {HTMLElement} [progress] */
  function chip(file, progress) {
    const chip = h('li', null, h('span', { dir: 'auto' }, file.name), h('small', null, words.size(file.size)), progress || null,
      h('button', { type: 'button', class: 'plain', 'aria-label': say('removeFile', { name: file.name }), onclick: () => remove(chip) }, icon('M7 7l10 10M17 7L7 17')));
    return chip;
  }

  /** @param {HTMLElement} chip */
  function remove(chip) {
    const entry = attached.find((file) => file.chip === chip);
    if (!entry) return;
    drop(entry);
    if (!entry.stored && entry.cancel) entry.cancel();
    focus();
  }

  /** @param {Attached} entry */
  function drop(entry) {
    attached.splice(attached.indexOf(entry), 1);
    show();
    keep();
  }

  function show() {
    element.replaceChildren(...attached.map((file) => file.chip));
    element.hidden = attached.length === 0;
  }

  return {
    element, add, ready,
    going: () => attached.some((file) => !file.stored),
    /** They have gone with a message. */
    clear() {
      attached.length = 0;
      show();
      keep();
    },
  };
}

/** @param {File} file @param {string[]} types as in an `accept` attribute: .pdf, image/png, image/* */
function accepted(file, types) {
  const name = file.name.toLowerCase();
  return types.length === 0 || types.some((type) => type.startsWith('.') ? name.endsWith(type)
    : type.endsWith('/*') ? file.type.startsWith(type.slice(0, -1)) : file.type === type);
}
