// How a pane is drawn: head, topics, foot.
import { el, face, fill, fullName, icon, iconButton } from './nodes.js';
import { Place } from './place.js';
import { gist } from './texts.js';
import { t } from './words.js';
import { chatsOf, paintSoon, unread, world } from './world.js';

export class Drawing extends Place {
  // drawing: many frames may come at once, and are painted together
  draw(fresh) {
    this.whole = true;
    this.fresh ||= fresh;
    paintSoon(this);
  }
  paint() {
    this.drawHead();
    if (!this.whole) return;
    const fresh = this.fresh;
    this.whole = this.fresh = false;
    this.drawTopics();
    this.drawLog(fresh);
    this.drawFoot();
    this.drawDown();
    this.markSeen();
  }
  drawHead() {
    const others = this.people()
        .filter(person => person !== this.person)
        .reduce((sum, person) => sum + unread(person), 0),
      person = this.person;
    this.menuButton.hidden = !person;
    this.who.setAttribute(
      'aria-label',
      `${t(this.key)}: ${person ? `${fullName(person)} (${t('invented')})` : t('none')}. ${t('pick')}${others ? '. ' + t('unread', { n: others }) : ''}`,
    );
    const doing =
      this.chat?.action &&
      (!this.thread || this.chat.action.thread === this.thread) &&
      this.doing(this.chat.action.action);
    const state = person && (person.blocked ? t('blocked') : person.started ? t('invented') : t('notStarted'));
    this.who.replaceChildren(
      ...(person
        ? [
            face(person),
            el(
              'span.grow',
              el('span.cut.line', el('b', fullName(person)), ' '),
              el(
                'span',
                { class: 'sub cut' + (doing ? ' live' : '') },
                doing ? `${world.bot.first_name} ${doing}…` : [el('span.role', t(person.role)), ' · ' + state],
              ),
            ),
          ]
        : [el('span.grow', el('b', t(this.key)), el('span.sub', t('none')))]),
      ...(others ? [el('span.badge', others > 99 ? '99+' : others)] : []),
      icon('chevron'),
    );
    const wait = this.waiting && unread(this.waiting) ? this.waiting : (this.waiting = null);
    this.chip.hidden = !wait;
    if (wait) this.chip.replaceChildren(el('span.cut', t('waiting', { name: fullName(wait) })));
    const chats = person ? chatsOf(person) : [];
    this.chatRow.hidden = chats.length < 2;
    const tabs = chats.map(chat => [
      chat.title || t('direct'),
      chat === this.chat,
      chat.id,
      chat === this.chat ? 0 : unread(person, chat),
    ]);
    fill(this.chatRow, [person?.id, tabs], () =>
      tabs.map(([label, chosen, id, count]) => this.tab(label, chosen, () => this.show(this.person, id), count)),
    );
  }
  doing(action) {
    return t(
      /^upload/.test(action)
        ? 'uploading'
        : /^record/.test(action)
          ? 'recording'
          : /choose|find/.test(action)
            ? 'choosing'
            : 'typing',
    );
  }
  tab(label, chosen, onclick, count) {
    return el(
      'button',
      { role: 'tab', 'aria-selected': String(chosen), tabIndex: chosen ? 0 : -1, onclick },
      label,
      count ? el('span.badge', count) : null,
    );
  }
  /** A click on the topic that is shown already opens its menu; so does the menu key. */
  topicTab(topic) {
    const shown = topic.id === this.thread,
      open = event => {
        event.preventDefault();
        this.openTopicMenu(topic, event.currentTarget);
      };
    const tab = this.tab(
      topic.name + (topic.closed ? ' ✓' : ''),
      shown,
      event => (shown ? open(event) : this.chooseTopic(topic.id)),
    );
    tab.addEventListener('contextmenu', open);
    if (shown) tab.append(icon('chevron'));
    return tab;
  }
  drawTopics() {
    const topics = this.chat?.topics || [];
    this.topicRow.hidden = !topics.length;
    if (this.thread && !topics.some(topic => topic.id === this.thread)) this.thread = null;
    fill(this.topicRow, [topics, this.thread], () => [
      this.tab(t('general'), !this.thread, () => this.chooseTopic(null)),
      ...topics.map(topic => this.topicTab(topic)),
    ]);
  }
  drawFoot() {
    const person = this.person,
      direct = person && this.chat?.id === person.id,
      waits = direct && (person.blocked || !person.started);
    this.foot.hidden = !person || !this.chat;
    this.composer.hidden = waits;
    this.bigButton.hidden = !waits;
    this.bigButton.textContent = t(person?.blocked ? 'unblock' : 'start');
    const closed = this.thread && this.chat?.topics?.find(topic => topic.id === this.thread)?.closed;
    this.input.disabled = !!closed;
    this.input.placeholder = closed
      ? t('closedTopic')
      : this.recorder
        ? t('recording') + '…'
        : this.reply?.force_reply?.input_field_placeholder ||
          this.chat?.keyboard?.markup.input_field_placeholder ||
          t('write');
    this.slash.hidden = !person?.commands?.length;
    this.drawAbout();
    this.drawShelf();
    this.drawBoard();
    this.sized();
  }
  drawAbout() {
    const about = this.editing || this.reply;
    this.about.hidden = !about;
    if (!about) return;
    this.about.replaceChildren(
      icon(this.editing ? 'edit' : 'reply'),
      el(
        'span.quote.grow',
        el('b.cut', t(this.editing ? 'editing' : 'replyTo')),
        el('span.cut.line', (this.editing ? gist(about) : this.quoted || gist(about)).slice(0, 90)),
      ),
      iconButton('close', t('cancel'), () => this.cancel()),
    );
  }
  drawShelf() {
    this.shelf.hidden = !this.files.length;
    const flat = this.files.some(file => /^(image|video)\//.test(file.type) && file.as !== 'voice');
    this.shelf.replaceChildren(
      ...this.files.map(file => {
        const thumb = el(
          'div.thumb',
          { title: file.name },
          file.type.startsWith('image/')
            ? el('img', { src: (file.preview ||= URL.createObjectURL(file)), alt: '' })
            : el('span', file.name.slice(-24)),
          el(
            'button',
            {
              'aria-label': `${t('remove')}: ${file.name}`,
              onclick: () => {
                this.files = this.files.filter(one => one !== file);
                this.drawFoot();
                this.input.focus();
              },
            },
            icon('close'),
          ),
        );
        return thumb;
      }),
      ...(flat
        ? [
            el(
              'label.asfile',
              el('input', {
                type: 'checkbox',
                checked: !!this.plain,
                onchange: event => {
                  this.plain = event.target.checked;
                },
              }),
              t('asFile'),
            ),
          ]
        : []),
    );
  }
  drawBoard() {
    const keyboard = this.chat?.keyboard,
      stored = this.boards.get(this.chat?.id),
      shown = keyboard && stored !== keyboard.message;
    this.boardButton.hidden = !keyboard;
    this.boardButton.setAttribute('aria-expanded', String(!!shown));
    this.board.hidden = !shown;
    if (!shown) return;
    fill(this.board, keyboard, () =>
      keyboard.markup.keyboard.map(line =>
        el(
          'div',
          line.map(button => {
            const plain = typeof button === 'string' ? { text: button } : button;
            return el('button.key', { 'data-style': plain.style, onclick: () => this.boardPress(plain) }, plain.text);
          }),
        ),
      ),
    );
  }
}
