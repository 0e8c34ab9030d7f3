// Sending a file with progress, which fetch cannot tell.

import { Problem, read } from './api.js';

/**
 * @param {ReturnType<import('./api.js').createApi>} api
 * @param {Blob} file
 * @param {string} name
 * @param {(part: number) => void} onProgress from 0 to 1
 * @returns {{done: Promise<import('./types').UploadedFile>, cancel: () => void}}
 */
export function upload(api, file, name, onProgress) {
  /** @type {XMLHttpRequest | null} */
  let request = null;
  let cancelled = false;
  const done = api.answering((proof) => new Promise((resolve, reject) => {
    if (cancelled) return reject(new Problem(0, null));
    const form = new FormData();
    form.append('file', file, name);
    const sending = request = new XMLHttpRequest();
    sending.open('POST', api.root + '/files');
    sending.setRequestHeader('Authorization', 'Bearer ' + api.token());
    sending.setRequestHeader('Accept-Language', api.language);
    if (proof) sending.setRequestHeader('X-Challenge', proof);
    sending.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    sending.onload = () => {
      try {
        resolve(read(sending.status, sending.responseText, 0));
      } catch (error) {
        reject(error);
      }
    };
    sending.onerror = sending.onabort = sending.ontimeout = () => reject(new Problem(0, null));
    sending.send(form);
  }));
  return { done, cancel() { cancelled = true; if (request) request.abort(); } };
}
