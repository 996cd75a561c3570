// Topics and groups: opening, naming, leaving them, and what the bot may do there.
import { Acting } from './acting.js';
import { ask, choice, field, menu } from './dialogs.js';
import { el, fullName } from './nodes.js';
import { t } from './words.js';
import { act } from './wire.js';
import { world } from './world.js';

export class Places extends Acting {
  /** The topic's own menu, where its name stands. */
  openTopicMenu(topic, anchor) {
    menu(anchor, [
      ['edit', t('renameTopic'), () => this.renameTopic(topic)],
      ['bin', t('deleteTopic'), () => this.deleteTopic(topic), 'bad'],
    ]);
  }
  async addTopic() {
    const given = await ask(
      t('newTopic'),
      field(t('topicName'), 'name', { required: true, maxLength: 64 }),
      t('ok'),
      t('cancel'),
      this.key,
    );
    const made = given && (await this.do('open_topic', given));
    if (made) this.chooseTopic(made.thread);
  }
  async renameTopic(topic) {
    const given = await ask(
      t('renameTopic'),
      field(t('topicName'), 'name', { required: true, maxLength: 64, value: topic.name }),
      t('ok'),
      t('cancel'),
      this.key,
    );
    if (given) await this.do('rename_topic', { thread: topic.id, ...given });
  }
  async deleteTopic(topic) {
    if (await ask(t('deleteTopic'), el('p', t('deleteTopicAsk')), t('remove'), t('cancel'), this.key))
      await this.do('delete_topic', { thread: topic.id });
  }
  chooseTopic(id) {
    this.thread = id;
    this.below = 0;
    this.log.replaceChildren();
    this.made.clear();
    this.draw();
    this.toEnd();
  }

  async addGroup() {
    const given = await ask(
      t('newGroup'),
      [
        field(t('groupName'), 'title', { required: true, maxLength: 64 }),
        el('label.asfile', el('input', { type: 'checkbox', name: 'forum' }), t('withTopics')),
      ],
      t('add'),
      t('cancel'),
      this.key,
    );
    if (!given) return;
    const made = await this.try(
      act('add_group', { person: this.person.id, title: given.title, forum: !!given.forum }),
    );
    if (made) this.show(this.person, made.chat);
  }
  /** What the chat menu says of the group that is shown. */
  groupEntries() {
    const chat = this.chat;
    if (!chat || chat.kind === 'private') return [];
    const change = name => () => this.do('change_group', { change: name }),
      inside = !['kicked', 'left'].includes(chat.bot_status);
    return [
      ['addUser', t('addMember'), () => this.addMember()],
      inside && chat.bot_status !== 'administrator' && ['check', t('promoteBot'), change('promote')],
      chat.bot_status === 'administrator' && ['close', t('demoteBot'), change('demote')],
      !chat.has_topics && ['chat', t('turnTopicsOn'), change('topics')],
      chat.kind === 'group' && ['out', t('upgrade'), change('upgrade')],
      inside ? ['bar', t('removeBot'), change('remove'), 'bad'] : ['reply', t('bringBack'), change('bring_back')],
      ['bin', t('leaveGroup'), () => this.do('leave', { other: this.person.id }), 'bad'],
    ];
  }
  async addMember() {
    const others = [...world.people.values()].filter(person => !this.chat.members.includes(person.id)),
      given = await ask(
        t('addMember'),
        choice(
          t('person'),
          'other',
          others.map(person => [person.id, `${fullName(person)} · ${t(person.role)}`]),
        ),
        t('add'),
        t('cancel'),
        this.key,
      );
    if (given) await this.do('join', { other: +given.other });
  }

  /** Something that somebody wrote elsewhere is forwarded here, as from a supplier's chat. */
  async forwardFrom() {
    const given = await ask(
      t('forwardFrom'),
      [
        field(t('name'), 'name', { required: true, maxLength: 64 }),
        field(t('message'), 'text', { required: true, maxLength: 4096 }),
      ],
      t('forward'),
      t('cancel'),
      this.key,
    );
    if (given) await this.do('forward_from', { ...given, ...this.place() });
  }
  /** Into another chat of the same person; there is always the one with the bot. */
  async forwardOn(messages) {
    const person = this.person,
      chats = [...world.chats.values()]
        .filter(chat => chat.members.includes(person.id))
        .map(chat => [chat.id, chat.title || t('direct')]);
    const given =
      chats.length > 1
        ? await ask(t('forward'), choice(t('where'), 'chat', chats), t('forward'), t('cancel'), this.key)
        : { chat: this.chat.id };
    if (!given) return;
    await this.try(
      act('forward', {
        person: person.id,
        chat: +given.chat,
        from_chat: this.chat.id,
        messages: messages.map(one => one.message_id),
        ...(+given.chat === this.chat.id && this.thread ? { thread: this.thread } : {}),
      }),
    );
    if (+given.chat !== this.chat.id) this.show(person, +given.chat);
  }
}
