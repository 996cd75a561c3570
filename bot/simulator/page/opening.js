// The menus and lists of a pane.
import { ask, field, menu, pop } from './dialogs.js';
import { el, face, fullName, icon, roving } from './nodes.js';
import { openLink, personFields } from './people.js';
import { Places } from './places.js';
import { drawSticker, REACTIONS, STICKERS } from './stickers.js';
import { gist, serviceText, startPayload } from './texts.js';
import { act, upload } from './wire.js';
import { lang, t } from './words.js';
import { chatsOf, lastDate, unread, world } from './world.js';

export class Opening extends Places {
  pick() {
    const list = el('div.list', { role: 'listbox', 'aria-label': t('pick') }),
      many = this.people().length > 7;
    const find = el('input.find', {
      type: 'search',
      placeholder: t('find'),
      'aria-label': t('find'),
      hidden: !many,
      oninput: () => refill(),
    });
    const refill = () => {
      const words = find.value.trim().toLowerCase(),
        found = this.people()
          .filter(person => `${fullName(person)} ${person.username || ''}`.toLowerCase().includes(words))
          .sort((a, b) => !!unread(b) - !!unread(a) || lastDate(b) - lastDate(a) || a.id - b.id);
      list.replaceChildren(
        ...found.map(person => {
          const count = unread(person),
            last = chatsOf(person)
              .flatMap(chat => [...chat.messages.values()].slice(-1))
              .sort((a, b) => b.date - a.date)[0];
          return el(
            'button.item',
            {
              role: 'option',
              'aria-selected': 'false',
              'aria-current': person === this.person ? 'true' : null,
              onclick: () => {
                box.hidePopover();
                this.show(person);
                this.input.focus();
              },
            },
            face(person, true),
            el(
              'span.grow',
              el('b.cut.line', fullName(person)),
              el(
                'small.cut',
                last && !serviceText(last)
                  ? gist(last).slice(0, 60)
                  : `${t(person.role)} · ${t(person.blocked ? 'blocked' : person.started ? 'invented' : 'notStarted')}`,
              ),
            ),
            count ? el('span.badge', count) : null,
          );
        }),
      );
      if (!found.length) list.append(el('p.sub.item', t('nobody')));
    };
    refill();
    const box = pop(
      this.who,
      [
        find,
        list,
        el(
          'div.pick-foot',
          el(
            'button.item',
            {
              onclick: () => {
                box.hidePopover();
                this.addPerson();
              },
            },
            icon('addUser'),
            t('add'),
          ),
        ),
      ],
      'picker',
    );
    box.addEventListener('keydown', event => {
      if (event.target === find && event.key === 'Enter') {
        event.preventDefault();
        list.querySelector('button')?.click();
      } else if (event.target !== find || /Arrow(Up|Down)/.test(event.key)) roving(box, event);
    });
    (many ? find : list.querySelector('button') || box.querySelector('.pick-foot button')).focus();
  }
  openMenu() {
    const person = this.person;
    menu(this.menuButton, [
      ['addUser', t('add'), () => this.addPerson()],
      ['link', t('openLink'), () => this.askLink()],
      ['chat', t('newGroup'), () => this.addGroup()],
      this.chat?.has_topics && ['edit', t('newTopic'), () => this.addTopic()],
      ...this.groupEntries(),
      person.started || person.blocked
        ? [
            'bar',
            t(person.blocked ? 'unblock' : 'block'),
            () => this.do(person.blocked ? 'unblock' : 'block'),
            person.blocked ? '' : 'bad',
          ]
        : null,
    ]);
  }
  /** The words of this message that are selected, to be quoted. */
  selectedIn(message) {
    const text = message.text || message.caption || '',
      node = this.log.querySelector(`[data-messages~="${message.message_id}"] .text`),
      chosen = getSelection();
    const words = node && chosen.rangeCount && node.contains(chosen.anchorNode) ? chosen.toString().trim() : '';
    return words && text.includes(words) ? words : null;
  }
  openMessageMenu(message, anchor, album = [message]) {
    const own = message.from?.id === this.person.id,
      text = message.text || message.caption,
      quote = this.selectedIn(message),
      fixed = message.forward_origin || message.via_bot,
      mine = (message.reactions || []).filter(one => one.from === this.person.id).map(one => one.emoji);
    const faces = el(
      'div.faces',
      { role: 'group', 'aria-label': t('react') },
      REACTIONS.map(emoji =>
        el(
          'button',
          {
            'aria-label': `${t('react')} ${emoji}`,
            'aria-pressed': String(mine.includes(emoji)),
            onclick: event => {
              event.target.closest('.pop').hidePopover();
              this.react(message, mine.includes(emoji) ? null : emoji);
            },
          },
          emoji,
        ),
      ),
    );
    menu(
      anchor,
      [
        ['reply', t('reply'), () => this.answerTo(message)],
        quote && ['reply', t('quote'), () => this.answerTo(message, quote)],
        ['out', t('forward'), () => this.forwardOn(album)],
        text && ['copy', t('copy'), () => navigator.clipboard?.writeText(text).then(() => this.toast(t('copied')))],
        own && text && !fixed && ['edit', t('edit'), () => this.startEdit(message)],
        own || this.chat.id === this.person.id
          ? [
              'bin',
              t('remove'),
              async () => {
                if (await ask(t('remove'), el('p', t('removeAsk')), t('remove'), t('cancel'), this.key))
                  album.forEach(one => this.do('delete', { message: one.message_id }));
              },
              'bad',
            ]
          : null,
      ],
      faces,
    );
  }
  openCommands() {
    menu(
      this.slash,
      [],
      el(
        'div',
        { role: 'menu' },
        this.person.commands.map(one =>
          el(
            'button',
            {
              role: 'menuitem',
              class: 'item',
              onclick: event => {
                event.target.closest('.pop').hidePopover();
                this.sendText('/' + one.command);
                this.input.focus();
              },
            },
            el('span', el('b', '/' + one.command), el('small', one.description)),
          ),
        ),
      ),
      true,
    );
  }
  openAttach(anchor) {
    menu(
      anchor,
      [
        ['image', t('photoVideo'), () => this.choose('image/*,video/*')],
        ['file', t('document'), () => this.choose('', 'document')],
        ['mic', t('voiceFile'), () => this.choose('audio/*', 'voice')],
        ['play', t('videoNote'), () => this.choose('video/*', 'video_note')],
        ['reply', t('forwardFrom'), () => this.forwardFrom()],
        ['pin', t('location'), () => this.sendLocation()],
        ['user', t('contact'), () => this.sendContact()],
      ],
      null,
      true,
    );
  }
  openStickers(anchor) {
    const box = pop(
      anchor,
      el(
        'div.stickers',
        STICKERS.map(one =>
          el(
            'button',
            {
              'aria-label': `${t('sticker')} ${one[0]} ${one[lang === 'zh' ? 1 : 2]}`,
              onclick: () => {
                box.hidePopover();
                this.sendSticker(one);
              },
            },
            drawSticker(one, 132),
          ),
        ),
      ),
      '',
      true,
    );
    box.addEventListener('keydown', event => roving(box, event));
    box.querySelector('button').focus();
  }
  sendSticker(one) {
    drawSticker(one, 512).toBlob(async blob => {
      const place = this.place();
      await this.try(
        upload(new File([blob], 'sticker.webp', { type: 'image/webp' })).then(id =>
          act(
            'send_media',
            this.here({
              media: [{ kind: 'sticker', upload: id, name: 'sticker.webp', emoji: one[0], width: 512, height: 512 }],
              ...place,
            }),
          ),
        ),
      );
      this.reply = null;
      this.drawFoot();
    }, 'image/webp');
  }
  async addPerson() {
    const made = await ask(
      t('add'),
      [personFields(this.roles), el('p.soft', t('simulated') + t('noTelegram'))],
      t('add'),
      t('cancel'),
      this.key,
    );
    const done = made && (await this.try(act('add_person', made)));
    if (done) this.show(world.people.get(done.person.id));
  }
  async askLink() {
    const given = await ask(
      t('openLink'),
      field(t('link'), 'link', { required: true, placeholder: `https://t.me/${world.bot.username}?start=…` }),
      t('open'),
      t('cancel'),
      this.key,
    );
    if (!given) return;
    const payload = startPayload(given.link.trim());
    if (payload === null) this.toast(t('badLink'));
    else openLink(this, payload);
  }
}
