// A pane: one simulated person's chat with the bot.
import { el, iconButton, roving } from './nodes.js';
import { Opening } from './opening.js';
import { t } from './words.js';

export class Pane extends Opening {
  constructor(key, roles) {
    super();
    Object.assign(this, {
      key,
      roles,
      person: null,
      chat: null,
      thread: null,
      drafts: new Map(),
      files: [],
      below: 0,
      typedAt: 0,
      followedAt: 0,
      boards: new Map(),
      made: new Map(),
    });
    this.build();
    document.querySelector('.panes').append(this.root);
  }

  build() {
    this.who = el('button.who', { 'aria-haspopup': 'listbox', 'aria-expanded': 'false', onclick: () => this.pick() });
    this.menuButton = iconButton('dots', t('menu'), () => this.openMenu(), { 'aria-haspopup': 'menu' });
    this.chatRow = el('div.rows', { role: 'tablist', onkeydown: event => roving(this.chatRow, event) });
    this.topicRow = el('div.rows', { role: 'tablist', onkeydown: event => roving(this.topicRow, event) });
    this.log = el('div.log', {
      role: 'log',
      tabIndex: 0,
      'aria-label': t('messages'),
      onscroll: () => this.scrolled(),
      onkeydown: event => this.walk(event),
    });
    this.chip = el('button.chip', { hidden: true, onclick: () => this.show(this.waiting, this.waitingChat) });
    this.down = el('button.down', { hidden: true, 'aria-label': t('toEnd'), onclick: () => this.toEnd() });
    this.toasts = el('div.toasts', { role: 'status' });
    this.foot = el('div.foot');
    this.root = el(
      'section.pane',
      { 'data-pane': this.key, 'aria-label': t(this.key) },
      el('header.head', this.who, this.menuButton),
      this.chatRow,
      this.topicRow,
      el('div.stage', this.log, this.chip, this.down, this.toasts),
      this.foot,
    );
    this.acceptDrops();
    this.buildComposer();
    this.log.addEventListener('load', () => this.stick(), true);
    new ResizeObserver(() => this.stick()).observe(this.log);
  }

  buildComposer() {
    this.input = el('textarea', {
      rows: 1,
      'aria-label': t('write'),
      placeholder: t('write'),
      oninput: () => this.typed(),
      onkeydown: event => this.onKey(event),
      onpaste: event => {
        if (event.clipboardData.files.length) {
          event.preventDefault();
          this.attach([...event.clipboardData.files]);
        }
      },
    });
    this.about = el('div.about', { hidden: true });
    this.suggest = el('div.suggest', { role: 'listbox', 'aria-label': t('commands'), hidden: true });
    this.shelf = el('div.files', { hidden: true });
    this.board = el('div.board', { role: 'group', 'aria-label': t('board'), hidden: true });
    this.slash = iconButton('slash', t('commands'), () => this.openCommands(), { 'aria-haspopup': 'menu' });
    this.boardButton = iconButton('keys', t('board'), () => {
      this.boards.set(this.chat.id, this.board.hidden ? 0 : this.chat.keyboard.message);
      this.drawBoard();
    });
    this.sendButton = iconButton('send', t('send'), () => this.send(), { class: 'send' });
    this.mic = iconButton('mic', t('voice'), () => this.record());
    this.write = el(
      'div.write',
      iconButton('attach', t('attach'), event => this.openAttach(event.currentTarget), { 'aria-haspopup': 'menu' }),
      this.slash,
      this.input,
      this.boardButton,
      iconButton('smile', t('stickers'), event => this.openStickers(event.currentTarget), { 'aria-haspopup': 'menu' }),
      this.mic,
      this.sendButton,
    );
    this.composer = el('div', this.suggest, this.about, this.shelf, this.write, this.board);
    this.bigButton = el('button.wide', { onclick: () => this.begin() });
    this.foot.append(this.composer, this.bigButton);
  }
}
