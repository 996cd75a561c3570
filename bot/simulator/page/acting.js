// What a person does about messages, buttons and links.
import { ask, choice, field } from './dialogs.js';
import { Inline } from './inline.js';
import { el } from './nodes.js';
import { openLink } from './people.js';
import { safeUrl, startPayload } from './texts.js';
import { t } from './words.js';
import { BUSY_MS, pressed, release, world } from './world.js';

export class Acting extends Inline {
  answerTo(message, quote = null) {
    this.reply = message;
    this.quoted = quote;
    this.editing = null;
    this.drawFoot();
    this.input.focus();
  }
  writeInline(query) {
    this.input.value = `@${world.bot.username} ${query}`;
    this.input.focus();
    this.typed();
  }
  startEdit(message) {
    this.editing = message;
    this.reply = null;
    this.input.value = message.text || message.caption || '';
    this.drawFoot();
    this.input.focus();
  }
  react(message, emoji) {
    return this.do('react', { message: message.message_id, emoji });
  }
  async press(message, button) {
    if (button.url) return this.follow(button.url);
    if (button.copy_text) {
      await navigator.clipboard?.writeText(button.copy_text.text);
      return this.toast(t('copied'));
    }
    const here = button.switch_inline_query_current_chat;
    if (here !== undefined) return this.writeInline(here);
    if (button.callback_data === undefined) return this.toast(t('notHere'));
    const key = `${this.chat.id}:${message.message_id}:${button.callback_data}`;
    if (pressed.has(key)) return;
    pressed.set(
      key,
      setTimeout(() => {
        release(key);
        this.toast(t('noAnswer'));
      }, BUSY_MS),
    );
    this.drawLog();
    if ((await this.do('press', { message: message.message_id, data: button.callback_data })) === null) release(key);
  }
  async boardPress(button) {
    if (button.request_contact) {
      const phone = await ask(
        t('shareContact'),
        field(t('phone'), 'phone', { value: '+86 138 0000 0000', required: true }),
        t('share'),
        t('cancel'),
        this.key,
      );
      if (phone)
        await this.do('send_contact', {
          phone: phone.phone,
          first_name: this.person.first_name,
          last_name: this.person.last_name,
          own: true,
          ...this.place(),
        });
    } else if (button.request_location) await this.sendLocation(t('shareLocation'));
    else if (button.request_poll || button.web_app || button.request_users || button.request_chat)
      return this.toast(t('notHere'));
    else await this.sendText(button.text);
    if (this.chat.keyboard?.markup.one_time_keyboard) {
      this.boards.set(this.chat.id, this.chat.keyboard.message);
      this.drawBoard();
    }
  }
  async sendLocation(title = t('location')) {
    const places = [
      ['39.9042,116.4074', '北京 Beijing'],
      ['31.2304,121.4737', '上海 Shanghai'],
      ['22.5431,114.0579', '深圳 Shenzhen'],
      ['30.5728,104.0668', '成都 Chengdu'],
      ['34.3416,108.9398', '西安 Xi’an'],
    ];
    const lat = field(t('lat'), 'latitude', {
        type: 'number',
        step: 'any',
        min: -90,
        max: 90,
        required: true,
        value: '39.9042',
      }),
      lon = field(t('lon'), 'longitude', {
        type: 'number',
        step: 'any',
        min: -180,
        max: 180,
        required: true,
        value: '116.4074',
      });
    const at = await ask(
      title,
      [
        choice(t('place'), 'place', places, {
          onchange: event => {
            const [north, east] = event.target.value.split(',');
            lat.lastChild.value = north;
            lon.lastChild.value = east;
          },
        }),
        el('div.two', lat, lon),
      ],
      t('share'),
      t('cancel'),
      this.key,
    );
    if (at) await this.do('send_location', { latitude: +at.latitude, longitude: +at.longitude, ...this.place() });
  }
  async sendContact() {
    const who = await ask(
      t('contact'),
      [
        field(t('name'), 'first_name', { required: true, maxLength: 64 }),
        field(t('phone'), 'phone', { type: 'tel', required: true, value: '+86 ' }),
      ],
      t('share'),
      t('cancel'),
      this.key,
    );
    if (who) await this.do('send_contact', { ...who, ...this.place() });
  }
  /** A link to this bot is opened here, by a person who must be chosen; any other after a question. */
  async follow(url, hidden) {
    const payload = startPayload(url);
    if (payload !== null) return openLink(this, payload);
    if (safeUrl(url) === '#') return this.toast(url);
    if (!hidden || (await ask(t('leave'), el('p', url), t('open'), t('cancel'), this.key)))
      window.open(url, '_blank', 'noopener,noreferrer');
  }
}
