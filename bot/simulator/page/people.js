// New people, and who opens a link.
import { ask, choice, field } from './dialogs.js';
import { el, fullName } from './nodes.js';
import { act } from './wire.js';
import { lang, t } from './words.js';
import { panes, world } from './world.js';

/** A name that nobody here has yet. */
const inventName = () => {
  const names =
    lang === 'zh'
      ? ['韩雪', '罗毅', '唐宁', '曹颖', '许航', '邓悦', '彭博', '沈岚']
      : ['Dana', 'Robin', 'Noor', 'Sasha', 'Kim', 'Alex', 'Mika', 'Jules'];
  const taken = new Set([...world.people.values()].map(person => person.first_name));
  return names.find(name => !taken.has(name)) || '';
};
export const personFields = roles => [
  el(
    'div.two',
    field(t('first'), 'first_name', { required: true, maxLength: 64, value: inventName() }),
    field(t('last'), 'last_name', { maxLength: 64 }),
  ),
  el(
    'div.two',
    choice(
      t('lang'),
      'language_code',
      [
        ['zh-hans', '中文'],
        ['en', 'English'],
      ].sort((a, b) => b[0].startsWith(lang) - a[0].startsWith(lang)),
    ),
    choice(
      t('as'),
      'role',
      roles.map(role => [role, t(role)]),
    ),
  ),
];

/** Somebody opens a link to the bot: a person who is there, or a new one. */
export const openLink = async (from, payload) => {
  const fresh = el('div', personFields(['mentor', 'liaison', 'asker', 'admin'])),
    people = [...world.people.values()].map(person => [person.id, `${fullName(person)} · ${t(person.role)}`]);
  fresh.style.display = 'grid';
  fresh.style.gap = '12px';
  const show = value => {
    fresh.hidden = value !== 'new';
    fresh.querySelectorAll('input, select').forEach(one => {
      one.disabled = fresh.hidden;
    });
  };
  const who = choice(t('person'), 'who', [['new', t('someone')], ...people], {
    onchange: event => show(event.target.value),
  });
  who.lastChild.value = from.key === 'admin' ? 'new' : from.person.id;
  show(who.lastChild.value);
  const given = await ask(t('linkTitle'), [el('p.soft', t('linkNote')), who, fresh], t('open'), t('cancel'), from.key);
  if (!given) return;
  const { who: chosen, ...details } = given,
    made = chosen === 'new' ? await from.try(act('add_person', details)) : { person: { id: +chosen } };
  if (!made) return;
  const person = world.people.get(made.person.id),
    pane = panes.find(one => one.roles.includes(person.role));
  pane.show(person);
  pane.root.scrollIntoView({ behavior: 'smooth', inline: 'center' });
  await pane.try(act('start', { person: person.id, chat: person.id, payload }));
};
