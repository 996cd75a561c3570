// A message's pictures, files, sounds and places.
import { el, face, fileUrl, fullName, icon, seconds, size } from './nodes.js';
import { t } from './words.js';

const lightbox = (url, label) => {
  const box = el(
    'dialog.show',
    { 'aria-label': label, onclick: () => box.close(), onclose: () => box.remove() },
    el('img', { src: url, alt: label }),
  );
  document.body.append(box);
  box.showModal();
};
const player = (url, length) => {
  const audio = el('audio', { src: url, preload: 'none' }),
    time = el('span.sub', seconds(length));
  const bar = el('input', {
    type: 'range',
    min: 0,
    max: 1000,
    value: 0,
    'aria-label': t('seek'),
    oninput: () => {
      if (total()) audio.currentTime = (bar.value / 1000) * total();
    },
  });
  const button = el(
    'button.disc',
    { 'aria-label': t('play'), onclick: () => (audio.paused ? audio.play().catch(() => {}) : audio.pause()) },
    icon('play'),
  );
  const total = () => (Number.isFinite(audio.duration) ? audio.duration : length);
  const show = () => {
    button.replaceChildren(icon(audio.paused ? 'play' : 'pause'));
    button.setAttribute('aria-label', t(audio.paused ? 'play' : 'pause'));
  };
  audio.onplay = audio.onpause = audio.onended = show;
  audio.ontimeupdate = () => {
    bar.value = total() ? (audio.currentTime / total()) * 1000 : 0;
    bar.style.setProperty('--at', bar.value / 10 + '%');
    time.textContent = seconds(audio.currentTime || length);
  };
  return el('div.voice', audio, button, bar, time);
};
export const picture = (message, inGrid) => {
  const kind = message.photo ? 'photo' : 'video',
    file = message.photo ? message.photo.at(-1) : message.video || message.animation,
    url = fileUrl(file),
    label = message.caption || t(kind);
  const inner = message.photo
    ? el(
        'button',
        { 'aria-label': label, onclick: () => lightbox(url, label) },
        el('img', { src: url, alt: label, loading: 'lazy' }),
      )
    : el('video', {
        src: url,
        controls: !message.animation,
        loop: !!message.animation,
        autoplay: !!message.animation,
        muted: !!message.animation,
        preload: 'metadata',
        playsInline: true,
        'aria-label': label,
      });
  const box = el('div.media', inner);
  if (!inGrid && file.width && file.height) {
    box.style.aspectRatio = `${file.width} / ${file.height}`;
    box.dataset.width = Math.min(340, Math.max(160, file.width), (380 * file.width) / file.height);
  }
  return box;
};
const fileCard = file =>
  el(
    'a.filecard',
    { href: fileUrl(file), download: file.file_name || 'file', title: t('download') },
    el('span.disc', (file.file_name || '').split('.').slice(1).at(-1)?.slice(0, 4).toUpperCase() || icon('file')),
    el('span.grow', el('b.cut.line', file.file_name || t('document')), el('span.sub', size(file.file_size))),
  );
export const mediaOf = message => {
  if (message.photo || message.video || message.animation) return picture(message);
  if (message.sticker)
    return el('img.sticker', { src: fileUrl(message.sticker), alt: `${t('sticker')} ${message.sticker.emoji || ''}` });
  if (message.voice || message.audio)
    return player(fileUrl(message.voice || message.audio), (message.voice || message.audio).duration);
  if (message.video_note) return el('video', { src: fileUrl(message.video_note), controls: true });
  if (message.document) return fileCard(message.document);
  if (message.location)
    return [
      el('div.map', icon('pin')),
      el('b', message.venue?.title || t('location')),
      el(
        'span.sub',
        message.venue?.address || `${message.location.latitude.toFixed(5)}, ${message.location.longitude.toFixed(5)}`,
      ),
    ];
  if (message.contact)
    return el(
      'div.filecard',
      face({ id: message.contact.user_id || 7, ...message.contact }),
      el('span', el('b', fullName(message.contact)), el('span.sub', message.contact.phone_number)),
    );
  if (message.poll)
    return [el('b', message.poll.question), message.poll.options.map(one => el('div.sub', '○ ' + one.text))];
  if (message.dice) return el('span', `${message.dice.emoji} ${message.dice.value}`);
  return message.text || message.caption ? null : el('i', t('unknown'));
};
