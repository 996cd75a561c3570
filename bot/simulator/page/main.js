// The page's own bar, and its start.
import { el, fill, icon, roving } from './nodes.js';
import { Pane } from './pane.js';
import { connect } from './wire.js';
import { lang, setLang, t } from './words.js';
import { painted, panes, unread, world } from './world.js';

const tabs = document.querySelector('.tabs');
const inView = () => panes.find(pane => pane.inSight()) || panes[0];
function drawTabs() {
  const shown = inView();
  const marks = panes.map(pane => [
    pane === shown,
    pane.people().some(person => unread(person) && !(pane === shown && person === pane.person)),
  ]);
  fill(tabs, marks, () =>
    panes.map((pane, at) =>
      el(
        'button',
        {
          role: 'tab',
          'data-pane': pane.key,
          'aria-selected': String(pane === shown),
          tabIndex: pane === shown ? 0 : -1,
          onclick: () => pane.root.scrollIntoView({ inline: 'center' }),
        },
        t(pane.key),
        marks[at][1] ? el('i', { role: 'img', 'aria-label': t('message') }) : null,
      ),
    ),
  );
}
const bell = () => {
  const total = [...world.people.values()].reduce((sum, person) => sum + unread(person), 0);
  document.title = (total ? `(${total}) ` : '') + 'Xiaoqi 校企';
  drawTabs();
};
const keep = (name, value) => {
  try {
    localStorage[name] = value;
  } catch {
    /* private mode: asked again next time */
  }
};
const speak = () => {
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
  document.querySelector('.top small').textContent = t('subtitle');
  document.querySelector('.sim').replaceChildren(t('simulated'), el('span', t('noTelegram')));
  document.querySelector('.gone').textContent = t('gone');
  const button = document.querySelector('#language'),
    theme = document.querySelector('#theme');
  button.textContent = t('language');
  theme.title = t('theme');
  theme.setAttribute('aria-label', t('theme'));
};
document.querySelector('#language').onclick = () => {
  setLang(lang === 'zh' ? 'en' : 'zh');
  keep('lang', lang);
  speak();
  panes.forEach(pane => {
    const old = pane.root,
      draft = pane.input.value;
    pane.foot.replaceChildren();
    pane.build();
    old.replaceWith(pane.root);
    pane.made.clear();
    pane.input.value = draft;
    pane.draw();
    pane.toEnd();
  });
  bell();
};
document.querySelector('#theme').onclick = () => {
  const dark =
    getComputedStyle(document.documentElement).colorScheme === 'dark' ||
    (!document.documentElement.style.colorScheme && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.style.colorScheme = dark ? 'light' : 'dark';
  keep('theme', dark ? 'light' : 'dark');
};
if (localStorage.theme) document.documentElement.style.colorScheme = localStorage.theme;
document.querySelector('#theme').append(icon('moon'));
document.querySelector('.mark').append(icon('chat'));
tabs.addEventListener('keydown', event => {
  roving(tabs, event);
});
panes.push(
  new Pane('asker', ['asker']),
  new Pane('mentor', ['mentor', 'liaison', 'member']),
  new Pane('admin', ['admin']),
);
painted.push(() => bell());
document.addEventListener('visibilitychange', () => panes.forEach(pane => pane.markSeen()));
let settled;
document.querySelector('.panes').addEventListener('scroll', () => {
  clearTimeout(settled);
  settled = setTimeout(() => {
    panes.forEach(pane => pane.markSeen());
    drawTabs();
  }, 120);
});
speak();
connect();
