// Lists that open above what is typed: the bot's commands, and its inline results.
import { el } from './nodes.js';
import { act } from './wire.js';
import { t } from './words.js';
import { world } from './world.js';
import { Writing } from './writing.js';

const PAUSE_MS = 250; // typing that goes on asks nothing

export class Inline extends Writing {
  suggestAll() {
    const query = this.inlineQuery();
    if (query === null) {
      this.inline = null;
      this.suggestCommands();
    } else if (this.inline?.text !== query) this.askInline(query);
    else this.drawInline();
  }
  /** What is typed after the bot's own name, or null. */
  inlineQuery() {
    const name = world.bot.username?.toLowerCase(),
      found = /^@(\w+)\s([^]*)$/.exec(this.input.value);
    return found && found[1].toLowerCase() === name ? found[2].slice(0, 256) : null;
  }
  askInline(text) {
    this.inline = { text, results: null };
    this.drawInline();
    clearTimeout(this.inlineTimer);
    this.inlineTimer = setTimeout(() => this.try(act('inline', this.here({ text }))), PAUSE_MS);
  }
  /** An answer to what was typed meanwhile is no answer any more. */
  inlineAnswered(frame) {
    if (this.inline?.text !== frame.text || this.chat?.id !== frame.chat) return;
    this.inline = frame;
    this.drawInline();
  }
  drawInline() {
    const { results, button } = this.inline;
    const note = results === null ? t('asking') : results.length ? null : t('noResults');
    const shown = [
      button && this.option('inline-button', el('b', button.text), () => this.openButton(button)),
      note && el('div.item.sub', { role: 'presentation' }, note),
      ...(results || []).map((one, at) =>
        this.option(
          `inline-${at}`,
          el('span', el('b.cut.line', one.title || one.kind), one.description && el('small', one.description)),
          () => this.chooseInline(one),
        ),
      ),
    ];
    this.offer(shown, button && results?.length ? 1 : 0); // Enter takes the first result
  }
  async chooseInline(result) {
    const query = this.inline.query;
    this.clearInput();
    await this.do('choose_inline', { query, result: result.id });
  }
  openButton(button) {
    this.clearInput();
    return this.do('start', { payload: button.start_parameter || '' });
  }
  clearInput() {
    this.inline = null;
    this.input.value = '';
    this.suggest.hidden = true;
    this.sized();
    this.input.focus();
  }

  suggestCommands() {
    const typed = /^\/(\w*)$/.exec(this.input.value),
      found = typed ? (this.person.commands || []).filter(one => one.command.startsWith(typed[1].toLowerCase())) : [];
    this.offer(
      found.map(one =>
        this.option(one.command, el('span', el('b', '/' + one.command), el('small', one.description)), () => {
          this.clearInput();
          this.sendText('/' + one.command);
        }),
      ),
    );
  }
  option(name, label, onclick) {
    return el('div.item', { role: 'option', id: `${this.key}-${name}`, onclick }, label);
  }
  /** Show these above the text field, one of them chosen; nothing where there are none. */
  offer(nodes, first = 0) {
    const shown = nodes.filter(Boolean);
    this.suggest.hidden = !shown.length;
    this.suggest.replaceChildren(...shown);
    const options = this.options();
    if (options.length) this.selectOption(options, first);
    else this.input.removeAttribute('aria-activedescendant');
  }
  options() {
    return this.suggest.hidden ? [] : [...this.suggest.querySelectorAll('[role=option]')];
  }
  selectOption(options, index) {
    options.forEach((one, at) => one.setAttribute('aria-selected', String(at === index)));
    options[index].scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', options[index].id);
  }
}
