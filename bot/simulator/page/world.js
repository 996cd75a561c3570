// The world as the page knows it, and what each frame changes in it.
import { ask } from './dialogs.js';
import { el } from './nodes.js';
import { t } from './words.js';

export const world = { bot: { id: 0, first_name: '', username: '' }, people: new Map(), chats: new Map(), limit: 50 };
export let seen = {}; // "person:chat" -> the last message the person has been shown
export const BUSY_MS = 15000,
  FOLLOW_AFTER_MS = 4000,
  STAY_MS = 2500,
  KEPT = 400,
  PAINT_MS = 16,
  ACTION_MS = 5000,
  DRAFT_MS = 30000;
export const panes = []; // in the order they stand
export const painted = []; // what is done whenever panes were painted
export const pressed = new Map(); // "chat:message:data" -> timer
export const chatsOf = person =>
  [...world.chats.values()]
    .filter(chat => chat.members.includes(person.id))
    .sort((a, b) => (b.id === person.id) - (a.id === person.id));
const isNew = (person, chat, message) =>
  message.from?.id !== person.id && message.message_id > (seen[person.id + ':' + chat.id] || 0);
export const unread = (person, only) =>
  chatsOf(person)
    .filter(chat => !only || chat === only)
    .reduce((sum, chat) => sum + [...chat.messages.values()].filter(message => isNew(person, chat, message)).length, 0);
export const lastDate = person => Math.max(0, ...chatsOf(person).map(chat => [...chat.messages.values()].at(-1)?.date || 0));
export const keepSeen = () => {
  try {
    sessionStorage['seen' + world.key] = JSON.stringify(seen);
  } catch {
    /* private mode: marks last as long as the page */
  }
};

const adoptChat = plain => {
  const old = world.chats.get(plain.id),
    messages = plain.messages
      ? new Map(plain.messages.map(message => [message.message_id, message]))
      : old?.messages || new Map();
  const topics = new Set(plain.topics.map(topic => topic.id));
  if (plain.has_topics)
    for (const [id, message] of messages) // a topic that was deleted took what was in it along
      if (message.message_thread_id && !topics.has(message.message_thread_id)) messages.delete(id);
  world.chats.set(plain.id, { ...plain, messages, action: old?.action, draft: old?.draft });
};
/** Something of a chat that passes by itself. */
const last = (id, name, value, ms) => {
  const chat = world.chats.get(id);
  if (!chat) return;
  chat[name] = value;
  panes.forEach(pane => pane.chatChanged(id));
  setTimeout(() => {
    const now = world.chats.get(id);
    if (now?.[name] !== value) return;
    now[name] = null;
    panes.forEach(pane => pane.chatChanged(id));
  }, ms);
};
export const takes = {
  state(frame) {
    if (world.key !== frame.key) {
      world.key = frame.key;
      try {
        seen = JSON.parse(sessionStorage['seen' + frame.key] || '{}');
      } catch {
        seen = {};
      }
    }
    world.bot = frame.bot;
    world.limit = frame.limit;
    world.people = new Map(frame.people.map(person => [person.id, person]));
    world.chats.clear();
    frame.chats.forEach(adoptChat);
    panes.forEach(pane => pane.settle());
  },
  person({ person }) {
    world.people.set(person.id, person);
    panes.forEach(pane => pane.personChanged(person));
  },
  chat({ chat }) {
    adoptChat(chat);
    panes.forEach(pane => pane.chatChanged(chat.id));
  },
  message({ chat: id, message }) {
    const chat = world.chats.get(id);
    if (!chat) return;
    chat.messages.set(message.message_id, message);
    if (chat.messages.size > KEPT) chat.messages.delete(chat.messages.keys().next().value);
    if (message.from?.id === world.bot.id) chat.action = chat.draft = null;
    panes.forEach(pane => pane.arrived(chat, message));
  },
  edited({ chat: id, message }) {
    world.chats.get(id)?.messages.set(message.message_id, message);
    panes.forEach(pane => pane.chatChanged(id));
  },
  deleted({ chat: id, messages }) {
    messages.forEach(message => world.chats.get(id)?.messages.delete(message));
    panes.forEach(pane => pane.chatChanged(id));
  },
  action({ chat: id, thread_id: thread, action }) {
    last(id, 'action', { thread, action }, ACTION_MS);
  },
  draft({ chat: id, thread_id: thread, draft_id: draft, text, entities }) {
    last(id, 'draft', { thread, draft, text, entities }, DRAFT_MS);
  },
  inline(frame) {
    panes.forEach(pane => pane.person?.id === frame.person && pane.inlineAnswered(frame));
  },
  answered({ person, chat, message, data, text, alert, url }) {
    release(`${chat}:${message}:${data}`);
    const pane = panes.find(one => one.person?.id === person);
    if (!pane) return;
    if (url) pane.follow(url);
    if (text) alert ? ask(world.bot.first_name, el('p', text), t('ok'), '', pane.key) : pane.toast(text);
  },
};
const unpainted = new Set();
export const paintSoon = pane => {
  if (!unpainted.size) setTimeout(paintAll, PAINT_MS);
  unpainted.add(pane);
};
const paintAll = () => {
  const waiting = [...unpainted];
  unpainted.clear();
  waiting.forEach(pane => pane.paint());
  painted.forEach(act => act());
};
export const release = key => {
  clearTimeout(pressed.get(key));
  if (pressed.delete(key)) panes.forEach(pane => pane.chatChanged(+key.split(':')[0]));
};
