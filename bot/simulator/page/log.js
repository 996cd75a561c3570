// The messages of a pane.
import { Drawing } from './drawing.js';
import { mediaOf, picture } from './media.js';
import { clock, day, el, fullName, icon, iconButton } from './nodes.js';
import { gist, richText, serviceText } from './texts.js';
import { lang, t } from './words.js';
import { pressed, world } from './world.js';

export class Log extends Drawing {
  rows() {
    const rows = [],
      list = this.chat
        ? [...this.chat.messages.values()]
            .filter(message => !this.thread || message.message_thread_id === this.thread)
            .sort((a, b) => a.message_id - b.message_id)
        : [];
    let lastDay = '',
      previous = null;
    list.forEach((message, index) => {
      const today = day(message.date);
      if (today !== lastDay) {
        rows.push({ key: 'day' + today, sign: today, make: () => el('div.note.day', today) });
        lastDay = today;
        previous = null;
      }
      const service = serviceText(message);
      if (service) {
        rows.push({
          key: 'm' + message.message_id,
          sign: service,
          make: () => el('div.note', { 'data-message': message.message_id }, service),
        });
        previous = null;
        return;
      }
      const group = message.media_group_id;
      if (group && previous?.group === group) {
        previous.messages.push(message);
        return;
      }
      const row = {
        key: 'm' + message.message_id,
        group,
        messages: [message],
        next: previous?.messages[0].from?.id === message.from?.id && message.date - previous.messages[0].date < 300,
      };
      if (previous) previous.last = !row.next;
      row.last = true;
      row.lastIndex = index;
      rows.push(row);
      previous = row;
    });
    for (const row of rows)
      if (row.messages) {
        row.sign = JSON.stringify([
          row.messages,
          row.next,
          row.last,
          lang,
          [...pressed.keys()].filter(key => key.startsWith(`${this.chat.id}:${row.messages[0].message_id}:`)),
        ]);
        row.make = () => this.messageNode(row);
      }
    const passing = this.chat && this.passing();
    if (passing) rows.push(passing);
    return rows;
  }
  /** What the bot is doing, or the message it is still writing. */
  passing() {
    const here = one => one && (!this.thread || one.thread === this.thread),
      draft = here(this.chat.draft) ? this.chat.draft : null,
      action = here(this.chat.action) ? this.chat.action : null;
    if (!draft && !action) return null;
    return {
      key: 'typing',
      sign: JSON.stringify([draft?.text, !draft && action.action, lang]),
      make: () =>
        el(
          'div.msg.last',
          { class: draft ? 'drafted' : '', 'aria-label': t(draft ? 'drafted' : 'typing') },
          el(
            'div.bubble',
            draft?.text && el('span.text', richText(this, draft.text, draft.entities), ' '),
            el('span.dots', el('i'), el('i'), el('i')),
          ),
        ),
    };
  }
  drawLog(fresh) {
    this.log.setAttribute('aria-busy', String(!fresh));
    const rows = this.rows(),
      kept = new Map();
    let cursor = this.log.firstChild;
    if (!rows.length) rows.push({ key: 'empty', sign: lang + this.person?.started, make: () => this.emptyNode() });
    const focused =
      this.log.contains(document.activeElement) && document.activeElement !== this.log ? document.activeElement : null;
    for (const row of rows) {
      const old = this.made.get(row.key),
        node = old?.sign === row.sign ? old.node : row.make();
      if (fresh && !old && row.key !== 'typing') node.classList.add('fresh');
      kept.set(row.key, { sign: row.sign, node });
      const swap = old && old.node !== node && old.node.contains(focused);
      const place = swap ? [...old.node.querySelectorAll('button, a, input')].indexOf(focused) : -1;
      if (node === cursor) cursor = cursor.nextSibling;
      else {
        this.log.insertBefore(node, cursor);
        if (old && old.node !== node) {
          if (cursor === old.node) cursor = cursor.nextSibling;
          old.node.remove();
        }
      }
      if (swap)
        (place < 0 ? node : node.querySelectorAll('button, a, input')[place] || node).focus({ preventScroll: true });
    }
    while (cursor) {
      const gone = cursor;
      cursor = cursor.nextSibling;
      gone.remove();
    }
    this.made = kept;
    this.log.setAttribute('aria-busy', 'false');
    this.stick();
  }
  emptyNode() {
    const asking = this.person && !this.person.started && this.chat?.id === this.person.id;
    return el(
      'div.empty',
      asking ? [el('b', t('greet')), this.person.about || t('greeting')] : t(this.person ? 'quiet' : 'none'),
    );
  }
  messageNode(row) {
    const [message] = row.messages,
      own = message.from?.id === this.person.id,
      reply = message.reply_to_message,
      origin = message.forward_origin;
    const album = row.messages.length > 1,
      bare = message.sticker && !reply,
      caption = album ? row.messages.find(one => one.caption) || message : message;
    const text = caption.text ?? caption.caption ?? '',
      entities = caption.entities || caption.caption_entities || [];
    const media = !album
      ? mediaOf(message)
      : message.document || message.audio
        ? row.messages.map(one => mediaOf(one))
        : this.gridNode(row.messages);
    const tight =
      !text && (message.document || message.voice || message.audio || message.location || message.contact) && !album;
    const over = (message.photo || message.video || message.animation) && !text && !reply && !origin;
    const by = !own && this.chat.id !== this.person.id && message.from && el('div.by', fullName(message.from));
    const bubble = el(
      'div',
      { class: 'bubble' + (bare ? ' bare' : over ? ' over' : tight ? ' tight' : '') },
      el('span.sr', own ? t('you') : message.from ? fullName(message.from) : t('bot'), ': '),
      by,
      origin &&
        el(
          'div.by',
          t('forwarded') + (origin.sender_user ? fullName(origin.sender_user) : origin.sender_user_name || ''),
        ),
      message.via_bot && el('div.by', t('via', { name: '@' + message.via_bot.username })),
      this.topicMark(message),
      reply && this.quoteNode(reply, message.quote),
      media,
      text && el('span.text', richText(this, text, entities)),
      el(
        'span.meta',
        message.silent && el('span', { title: t('silent'), 'aria-label': t('silent'), role: 'img' }, '🔕 '),
        caption.edit_date ? t('edited') + ' ' : '',
        el('time', { dateTime: new Date(message.date * 1000).toISOString() }, clock(message.date)),
      ),
    );
    const wide = bubble.querySelector('[data-width]');
    if (wide) bubble.style.width = wide.dataset.width + 'px';
    const more = iconButton('dots', t('more'), event => this.openMessageMenu(message, event.currentTarget, row.messages), {
      class: 'act',
      'aria-haspopup': 'menu',
      tabIndex: -1,
    });
    return el(
      'div',
      {
        class: `msg ${own ? 'own' : 'theirs'}${row.next ? ' next' : ''}${row.last ? ' last' : ''}`,
        tabIndex: -1,
        'data-message': message.message_id,
        'data-messages': row.messages.map(one => one.message_id).join(' '),
        oncontextmenu: event => {
          if (event.target.closest('a')) return;
          event.preventDefault();
          this.openMessageMenu(message, more, row.messages);
        },
        ondblclick: event => {
          if (!event.target.closest('button, a, input, video')) this.answerTo(message);
        },
      },
      bubble,
      this.reactionRow(message, row.messages),
      message.reply_markup?.inline_keyboard && this.keysNode(message),
      more,
    );
  }
  gridNode(messages) {
    const grid = el(
      'div.media.grid',
      messages.map(message => picture(message, true).firstChild),
    );
    grid.dataset.n = messages.length;
    return grid;
  }
  quoteNode(reply, quote) {
    return el(
      'button.quote',
      { onclick: () => this.jump(reply.message_id) },
      el('b.cut', reply.from?.id === this.person.id ? t('you') : reply.from ? fullName(reply.from) : t('bot')),
      el('span.cut.line', (quote?.text || gist(reply)).slice(0, 120)),
    );
  }
  /** Where all topics are shown together, each message says which is its own. */
  topicMark(message) {
    const topic = this.thread ? null : this.chat.topics?.find(one => one.id === message.message_thread_id);
    return topic && el('button.cmd.topic', { onclick: () => this.chooseTopic(topic.id) }, topic.name.replace(/^#?\s*/, '# '));
  }
  /** Reactions as chips: the bot's are its receipts, one's own is taken back by a click. */
  reactionRow(message, album) {
    const given = album.flatMap(one => one.reactions || []);
    if (!given.length) return null;
    const counts = new Map();
    given.forEach(({ emoji, from }) => counts.set(emoji, [...(counts.get(emoji) || []), from]));
    const name = id => (id === world.bot.id ? world.bot.first_name : fullName(world.people.get(id) || { first_name: '?' }));
    return el(
      'div.reacts',
      [...counts].map(([emoji, from]) => {
        const mine = from.includes(this.person.id),
          who = [...new Set(from)].map(name).join(', ');
        return el(
          'button',
          {
            class: from.every(id => id === world.bot.id) ? 'receipt' : '',
            'aria-pressed': String(mine),
            'aria-label': `${t('react')} ${emoji} ${from.length}: ${who}`,
            title: who,
            onclick: () => this.react(message, mine ? null : emoji),
          },
          emoji + (from.length > 1 ? ' ' + from.length : ''),
        );
      }),
    );
  }
  keysNode(message) {
    const sign = button => (button.url ? 'out' : button.copy_text ? 'copy' : null);
    return el(
      'div.keys',
      message.reply_markup.inline_keyboard.map(line =>
        el(
          'div',
          line.map(button => {
            const busy = pressed.has(`${this.chat.id}:${message.message_id}:${button.callback_data}`);
            return el(
              'button.key',
              {
                'data-style': button.style,
                'aria-busy': busy ? 'true' : null,
                onclick: () => this.press(message, button),
              },
              button.text,
              sign(button) && icon(sign(button)),
            );
          }),
        ),
      ),
    );
  }
}
