// What a person writes, attaches and records.
import { Moving } from './moving.js';
import { el, seconds, wrap } from './nodes.js';
import { act, measure, upload } from './wire.js';
import { t } from './words.js';

export class Writing extends Moving {
  begin() {
    if (this.person.blocked) this.do('unblock');
    else this.do('start', { payload: '' }).then(() => this.input.focus());
  }
  typed() {
    this.typedAt = Date.now();
    this.sized();
    this.suggestAll();
  }
  sized() {
    this.input.style.height = 'auto';
    this.input.style.height = Math.min(170, this.input.scrollHeight) + 'px';
    const ready = !!this.input.value.trim() || this.files.length || this.editing;
    this.mic.hidden = !!ready;
    this.sendButton.hidden = !ready;
  }
  onKey(event) {
    if (event.isComposing || event.keyCode === 229) return; // an input method's Enter chooses a word, it does not send
    const options = this.options(),
      at = options.findIndex(one => one.getAttribute('aria-selected') === 'true');
    if (options.length && ['ArrowUp', 'ArrowDown'].includes(event.key)) {
      event.preventDefault();
      this.selectOption(options, wrap(at + (event.key === 'ArrowDown' ? 1 : -1), options.length));
    } else if (options.length && (event.key === 'Tab' || event.key === 'Enter') && !event.shiftKey) {
      event.preventDefault();
      (options[at] || options[0]).click();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === 'ArrowUp' && !this.input.value) {
      const last = this.ownTexts().at(-1);
      if (last) {
        event.preventDefault();
        this.startEdit(last);
      }
    } else if (event.key === 'Escape') {
      if (!this.suggest.hidden) this.suggest.hidden = true;
      else this.cancel();
    }
  }
  cancel() {
    if (this.recorder) {
      this.recorder.discard = true;
      this.recorder.stop();
    }
    if (this.editing) this.input.value = '';
    this.editing = this.reply = null;
    this.files = [];
    this.drawFoot();
    this.input.focus();
  }
  ownTexts() {
    return [...this.chat.messages.values()].filter(message => message.from?.id === this.person.id && message.text);
  }
  async send() {
    const text = this.input.value.trim(),
      editing = this.editing,
      files = this.files,
      place = this.place(),
      key = this.draftKey();
    if (!text && !files.length) return;
    this.input.value = '';
    this.suggest.hidden = true;
    this.files = [];
    this.reply = this.editing = null;
    this.drawFoot();
    const done = editing
      ? await this.do('edit', { message: editing.message_id, text })
      : files.length
        ? await this.try(this.sendFiles(files, text, place))
        : await this.sendText(text, place);
    if (done === null && this.draftKey() === key && !this.input.value) {
      this.input.value = text;
      this.files = files;
      this.editing = editing;
      this.drawFoot();
    }
  }
  /** A message holds 4096 units; like any Telegram app, send a longer text as several. */
  async sendText(text, place = this.place()) {
    let done = true,
      rest = text;
    while (rest && done !== null) {
      const cut =
        rest.length <= 4096
          ? rest.length
          : Math.max(rest.lastIndexOf('\n', 4096), 0) || 4095 + (/[\ud800-\udbff]/.test(rest[4094]) ? -1 : 0);
      done = await this.do('send', { text: rest.slice(0, cut), ...place });
      rest = rest.slice(cut).trimStart();
    }
    if (this.reply && this.reply.message_id === place.reply_to) {
      this.reply = null;
      this.drawAbout();
    }
    return done;
  }
  kindOf(file) {
    if (file.as) return file.as;
    const [major, minor] = file.type.split('/');
    if (this.plain) return 'document';
    if (major === 'image' && /^(png|jpeg|webp)$/.test(minor)) return 'photo';
    return major === 'video' && minor === 'mp4' ? 'video' : major === 'audio' ? 'audio' : 'document';
  }
  async sendFiles(files, caption, place) {
    const media = [];
    for (const file of files)
      media.push({
        kind: this.kindOf(file),
        upload: await upload(file),
        name: file.name,
        ...(await measure(file)),
        ...(file.seconds ? { duration: file.seconds } : {}),
      });
    this.plain = false;
    const together = one => (['photo', 'video'].includes(one.kind) ? 'pictures' : one.kind);
    for (let at = 0, end; at < media.length; at = end) {
      for (
        end = at + 1;
        end < media.length &&
        end - at < 10 &&
        together(media[end]) === together(media[at]) &&
        together(media[at]) !== 'voice';
        end++
      );
      await act('send_media', this.here({ media: media.slice(at, end), caption: at ? '' : caption, ...place }));
    }
  }
  attach(files, as) {
    files.forEach(file => {
      if (as) file.as = as;
    });
    this.files.push(...files);
    this.typedAt = Date.now();
    this.drawFoot();
    this.input.focus();
  }
  choose(accept, as) {
    const input = el('input', {
      type: 'file',
      multiple: true,
      accept,
      onchange: () => this.attach([...input.files], as),
    });
    input.click();
  }
  acceptDrops() {
    let depth = 0;
    const veil = el('div.drop', t('drop')),
      open = () => this.chat && !this.composer.hidden && !this.foot.hidden,
      files = event => event.dataTransfer.types.includes('Files');
    this.root.addEventListener('dragenter', event => {
      if (files(event) && open() && !depth++) this.root.append(veil);
    });
    this.root.addEventListener('dragleave', event => {
      if (files(event) && depth && !--depth) veil.remove();
    });
    this.root.addEventListener('dragover', event => {
      if (files(event)) event.preventDefault();
    });
    this.root.addEventListener('drop', event => {
      if (!files(event)) return;
      event.preventDefault();
      depth = 0;
      veil.remove();
      if (open()) this.attach([...event.dataTransfer.files]);
    });
  }
  async record() {
    if (this.recorder) return this.recorder.stop();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true }),
        recorder = new MediaRecorder(stream),
        parts = [],
        began = Date.now();
      recorder.ondataavailable = event => parts.push(event.data);
      const ticking = setInterval(() => {
        this.input.placeholder = `${t('recording')} ${seconds((Date.now() - began) / 1000)}`;
      }, 500);
      recorder.onstop = () => {
        clearInterval(ticking);
        stream.getTracks().forEach(track => track.stop());
        this.recorder = null;
        this.mic.classList.remove('live');
        this.mic.setAttribute('aria-label', t('voice'));
        this.drawFoot();
        if (recorder.discard) return;
        const voice = new File(parts, 'voice.ogg', { type: recorder.mimeType.split(';')[0] });
        voice.as = 'voice';
        voice.seconds = Math.max(1, Math.round((Date.now() - began) / 1000));
        this.try(this.sendFiles([voice], '', this.place()));
      };
      this.recorder = recorder;
      recorder.start();
      this.mic.classList.add('live');
      this.mic.setAttribute('aria-label', t('stop'));
      this.drawFoot();
    } catch {
      this.toast(t('noMic'));
    }
  }
}
