// Moving about in a pane, and asking the simulator to do something.
import { Log } from './log.js';
import { el, icon } from './nodes.js';
import { act } from './wire.js';
import { t } from './words.js';

export class Moving extends Log {
  stick() {
    if (this.stuck) this.log.scrollTop = this.log.scrollHeight;
  }
  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 90;
  }
  toEnd(smooth) {
    this.below = 0;
    this.stuck = true;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
    this.down.hidden = true;
  }
  scrolled() {
    this.stuck = this.atEnd();
    if (this.stuck) this.below = 0;
    this.drawDown();
  }
  drawDown() {
    this.down.hidden = this.stuck;
    this.down.replaceChildren(...(this.below ? [t('newBelow', { n: this.below })] : []), icon('chevron'));
  }
  jump(id) {
    const node = this.log.querySelector(`[data-messages~="${id}"]`);
    if (!node) return;
    node.scrollIntoView({ block: 'center', behavior: 'smooth' });
    node.focus({ preventScroll: true });
    node.classList.add('flash');
    setTimeout(() => node.classList.remove('flash'), 1500);
  }
  walk(event) {
    const nodes = [...this.log.querySelectorAll('.msg[data-message]')],
      on = event.target.closest('.msg'),
      step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.target !== this.log && event.target !== on) {
      if (event.key === 'Escape' && on) on.focus();
      return;
    }
    if (step && nodes.length) {
      event.preventDefault();
      const at = nodes.indexOf(on);
      nodes[Math.min(nodes.length - 1, Math.max(0, at < 0 ? nodes.length - 1 : at + step))].focus();
    } else if (on && (event.key === 'Enter' || event.key === 'ContextMenu' || event.key === ' ')) {
      event.preventDefault();
      on.querySelector('.act').click();
    } else if (event.key === 'Escape') this.input.focus();
  }
  toast(text) {
    const node = el('div.toast', text);
    this.toasts.append(node);
    setTimeout(() => node.remove(), Math.max(3000, text.length * 70));
  }
  async try(work) {
    try {
      return await work;
    } catch (error) {
      this.toast(t('failed') + error.message);
      return null;
    }
  }
  here(values) {
    return { person: this.person.id, chat: this.chat.id, ...values };
  }
  do(name, values) {
    return this.try(act(name, this.here(values)));
  }
  place() {
    return {
      ...(this.thread ? { thread: this.thread } : {}),
      ...(this.reply ? { reply_to: this.reply.message_id } : {}),
      ...(this.reply && this.quoted ? { quote: this.quoted } : {}),
    };
  }
}
