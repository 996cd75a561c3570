// Nodes, icons, and how people, times and sizes are written.
import { lang, t } from './words.js';

/** A node: el('span.sub.cut', { title }, 'text', [nodes]); what is null, false or empty is left out. */
export const el = (spec, ...rest) => {
  const [tag, ...classes] = spec.split('.'),
    node = document.createElement(tag);
  const { class: more, ...props } = rest[0] && Object.getPrototypeOf(rest[0]) === Object.prototype ? rest.shift() : {};
  if (tag === 'button') node.type = 'button';
  if (classes.length || more) node.className = [...classes, more].filter(Boolean).join(' ');
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key.includes('-') || key === 'role' || !(key in node)) node.setAttribute(key, value === true ? '' : value);
    else node[key] = value;
  }
  node.append(...rest.flat(3).filter(kid => kid !== null && kid !== undefined && kid !== false && kid !== ''));
  return node;
};
const ICONS = {
  send: 'M3.5 12 20 4.5 15.5 20l-4-6zM11.5 14 20 4.5',
  attach: 'M19 11.5 12 18.4a4.6 4.6 0 0 1-6.5-6.5l7.3-7.2a3.1 3.1 0 0 1 4.4 4.4L10 16.2a1.5 1.5 0 0 1-2.2-2.1l6.5-6.5',
  mic: 'M12 3.5A2.7 2.7 0 0 1 14.7 6v5.5a2.7 2.7 0 0 1-5.4 0V6A2.7 2.7 0 0 1 12 3.5zM6 11.5a6 6 0 0 0 12 0M12 17.5v3',
  smile: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.5 14a4.3 4.3 0 0 0 7 0M9.2 9.6v.2M14.8 9.6v.2',
  dots: 'M12 5v1M12 11.5v1M12 18v1', chevron: 'm6.5 9.5 5.5 5.5 5.5-5.5', close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  moon: 'M19.5 14.2A8 8 0 1 1 9.8 4.5a6.4 6.4 0 0 0 9.7 9.7z',
  reply: 'M9.5 6 4 11.5 9.5 17M4.5 11.5H14a6 6 0 0 1 6 6v1',
  edit: 'M4 20l1-4.5L16.2 4.3a1.9 1.9 0 0 1 2.7 0l.8.8a1.9 1.9 0 0 1 0 2.7L8.5 19z',
  bin: 'M5 6.5h14M9.5 6V4h5v2M7 6.5 8 20h8l1-13.5', copy: 'M9 9h11v11H9zM5.5 15H4V4h11v1.5',
  file: 'M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5', play: 'M8 5v14l11-7z', pause: 'M8.5 5.5v13M15.5 5.5v13',
  pin: 'M12 21s6.5-7 6.5-12a6.5 6.5 0 1 0-13 0c0 5 6.5 12 6.5 12zM12 11.2a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z',
  user: 'M5 20.5a7 7 0 0 1 14 0M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8z',
  addUser: 'M3 20.5a6.5 6.5 0 0 1 13 0M9.5 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM19 8v6M16 11h6',
  keys: 'M3 6.5h18v11H3zM6.8 10h.1M10.3 10h.1M13.8 10h.1M17.2 10h.1M8 14h8',
  image: 'M3.5 5h17v14h-17zM8.5 10.8a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2zM20.5 16l-5.2-5.2L7 19',
  slash: 'M4 4h16v16H4zM14 7.5l-4 9',
  link: 'M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1',
  out: 'M7 17 17 7M9 7h8v8', bar: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM6 6l12 12',
  check: 'M5 12.5l4.5 4.5L19 7.5', chat: 'M4 5h16v11h-9l-4.5 4v-4H4z',
};
export const icon = name => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'),
    path = document.createElementNS(svg.namespaceURI, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'i');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
};
export const iconButton = (name, label, onclick, props = {}) =>
  el('button.icon', { 'aria-label': label, title: label, onclick, ...props }, icon(name));
export const fullName = user => [user.first_name, user.last_name].filter(Boolean).join(' ');
export const face = (user, small) => {
  const node = el(
    'span',
    { class: 'face' + (small ? ' small' : ''), 'aria-hidden': 'true' },
    [...fullName(user)][0]?.toUpperCase() || '?',
  );
  node.style.setProperty('--spin', (user.id * 137.5) % 360);
  return node;
};
export const clock = unix =>
  new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', hour12: false }).format(unix * 1000);
export const day = unix => {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(unix * 1000).setHours(0, 0, 0, 0)) / 864e5);
  return days === 0
    ? t('today')
    : days === 1
      ? t('yesterday')
      : new Intl.DateTimeFormat(lang, { dateStyle: 'long' }).format(unix * 1000);
};
export const size = bytes =>
  bytes >= 1048576
    ? (bytes / 1048576).toFixed(1) + ' MB'
    : bytes >= 1024
      ? Math.round(bytes / 1024) + ' KB'
      : (bytes || 0) + ' B';
export const seconds = n => Math.floor((n || 0) / 60) + ':' + String(Math.floor((n || 0) % 60)).padStart(2, '0');
export const fileUrl = file => '/page/files/' + encodeURIComponent(file.file_id);
/** Put other children in, unless `sign` says that they are the same: the focus within is kept. */
export const fill = (node, sign, make) => {
  const text = JSON.stringify([lang, sign]);
  if (node.sign !== text) {
    node.sign = text;
    node.replaceChildren(...make());
  }
};
export const wrap = (index, count) => (index + count) % count;

/** Arrow keys, Home and End move the focus among `root`'s buttons. */
export const roving = (root, event) => {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key],
    items = [...root.querySelectorAll('button:not(:disabled)')];
  if (!items.length || !(step || event.key === 'Home' || event.key === 'End')) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[step ? wrap(at + step, items.length) : event.key === 'Home' ? 0 : items.length - 1].focus();
};
