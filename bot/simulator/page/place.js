// Who is shown in a pane, where, and what they have seen.
import { chatsOf, FOLLOW_AFTER_MS, keepSeen, lastDate, paintSoon, panes, seen, STAY_MS, world } from './world.js';

export class Place {
  people() {
    return [...world.people.values()].filter(person => this.roles.includes(person.role));
  }
  settle() {
    const same = this.person && world.people.get(this.person.id);
    const first = this.people().sort((a, b) => lastDate(b) - lastDate(a) || a.id - b.id)[0];
    this.show(same || first || null, same && this.chat?.id);
  }
  show(person, chatId) {
    const key = this.draftKey();
    if (key) this.drafts.set(key, this.input.value);
    const chats = person ? chatsOf(person) : [];
    this.person = person;
    this.chat = chats.find(chat => chat.id === chatId) || chats[0] || null;
    const moved = key !== this.draftKey();
    this.below = 0;
    if (moved) {
      this.thread = null;
      this.reply = this.editing = null;
      this.files = [];
      this.input.value = this.drafts.get(this.draftKey()) || '';
      this.log.replaceChildren();
      this.made.clear();
    }
    if (this.waiting?.id === person?.id && this.waitingChat === this.chat?.id) this.waiting = null;
    this.draw();
    this.paint(); // at once: whoever calls this may want to put the focus into what is drawn
    this.toEnd();
  }
  draftKey() {
    return this.person && this.chat && `${this.person.id}:${this.chat.id}`;
  }
  personChanged(person) {
    if (this.person?.id === person.id) {
      this.person = person;
      this.draw();
    } else if (!this.person && this.roles.includes(person.role)) this.settle();
    else paintSoon(this);
  }
  chatChanged(id) {
    if (this.chat?.id === id) {
      this.chat = world.chats.get(id);
      this.draw();
    } else if (this.person && !this.chat) this.show(this.person);
    else paintSoon(this);
  }
  arrived(chat, message) {
    if (this.chat?.id === chat.id) {
      if (message.force_reply && !this.editing) this.reply = message;
      if (message.from?.id === this.person.id) this.stuck = true;
      this.below += this.stuck ? 0 : 1;
      return this.draw(true);
    }
    const owner = message.from?.id === world.bot.id && this.people().find(person => chat.members.includes(person.id));
    if (owner) {
      if (this.mayFollow()) {
        this.followedAt = Date.now();
        this.show(owner, chat.id);
      } else {
        this.waiting = owner;
        this.waitingChat = chat.id;
        paintSoon(this);
      }
    } else paintSoon(this);
  }
  /** The mentor pane goes where the message is, unless somebody is in the middle of something there. */
  mayFollow() {
    const now = Date.now(),
      idle = !this.input.value && !this.files.length && !this.reply && !this.editing && !this.recorder;
    return (
      this.key === 'mentor' &&
      idle &&
      now - this.typedAt > FOLLOW_AFTER_MS &&
      now - this.followedAt > STAY_MS &&
      !document.querySelector('dialog[open], :popover-open')
    );
  }
  inSight() {
    const box = this.root.getBoundingClientRect(),
      middle = (box.left + box.right) / 2;
    return document.visibilityState === 'visible' && middle > 0 && middle < innerWidth;
  }
  markSeen() {
    const last = this.chat && this.person && Math.max(0, ...this.chat.messages.keys()),
      key = this.draftKey();
    if (key && this.inSight() && last > (seen[key] || 0)) {
      seen[key] = last;
      keepSeen();
      panes.forEach(paintSoon);
    }
  }
}
