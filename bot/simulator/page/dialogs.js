// What opens above the page: menus, lists, and questions that wait for an answer.
import { el, icon, roving } from './nodes.js';
import { t } from './words.js';

/** Open `content` beside `anchor`; Escape or a click elsewhere closes it and gives the focus back. */
export const pop = (anchor, content, name = '', above = false) => {
  const box = el('div', { class: 'pop ' + name, popover: 'auto' }, content);
  (anchor.closest('.pane') || document.body).append(box);
  anchor.setAttribute('aria-expanded', 'true');
  box.addEventListener('toggle', event => {
    if (event.newState === 'open') return;
    anchor.setAttribute('aria-expanded', 'false');
    if (box.contains(document.activeElement) || document.activeElement === document.body) anchor.focus();
    box.remove();
  });
  box.showPopover();
  const at = anchor.getBoundingClientRect(),
    own = box.getBoundingClientRect();
  const under = at.bottom + 6 + own.height < innerHeight - 8 && !above,
    top = under ? at.bottom + 6 : Math.max(8, at.top - own.height - 6);
  box.style.top = Math.min(top, Math.max(8, innerHeight - own.height - 8)) + 'px';
  const edge = (anchor.closest('.pane') || document.body).getBoundingClientRect().right - 8;
  box.style.left = Math.max(8, at.left + own.width > edge ? at.right - own.width : at.left) + 'px';
  return box;
};
export const menu = (anchor, entries, before, above) => {
  const box = pop(
    anchor,
    [
      before,
      el(
        'div',
        { role: 'menu' },
        entries.filter(Boolean).map(([sign, label, act, kind]) =>
          el(
            'button',
            {
              role: 'menuitem',
              class: 'item ' + (kind || ''),
              onclick: () => {
                box.hidePopover();
                act();
              },
            },
            icon(sign),
            label,
          ),
        ),
      ),
    ],
    '',
    above,
  );
  box.addEventListener('keydown', event => roving(box, event));
  box.querySelector('button').focus();
};

/** Ask in a modal dialog; gives the form's values, or null when it is cancelled. */
export const ask = (title, body, yes = t('ok'), no = t('cancel'), pane = null) =>
  new Promise(done => {
    const form = el(
      'form',
      el('h2', title),
      body,
      el('div.ends', no && el('button', { onclick: () => box.close() }, no), el('button.yes', { type: 'submit' }, yes)),
    );
    const box = el(
      'dialog',
      {
        'data-pane': pane,
        'aria-label': title,
        onclose: () => {
          box.remove();
          done(box.values || null);
        },
      },
      form,
    );
    form.addEventListener('submit', event => {
      event.preventDefault();
      box.values = Object.fromEntries(new FormData(form));
      box.close();
    });
    document.body.append(box);
    box.showModal();
    (form.querySelector('input, select') || form.querySelector('.yes')).focus();
  });
export const field = (label, name, props = {}) => el('label', label, el('input', { name, autocomplete: 'off', ...props }));
export const choice = (label, name, options, props = {}) =>
  el(
    'label',
    label,
    el(
      'select',
      { name, ...props },
      options.map(([value, text]) => el('option', { value }, text)),
    ),
  );
