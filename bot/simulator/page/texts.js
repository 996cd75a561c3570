// A message's words: entities as nodes, and what a message says in a line.
import { el, fullName } from './nodes.js';
import { t } from './words.js';
import { world } from './world.js';

/** Text with its entities (offsets count UTF-16 units, as JavaScript's do) as nodes; outer entities hold inner ones. */
export const richText = (pane, text, entities = [], from = 0, to = text.length) => {
  const nodes = [];
  let at = from;
  const inside = entities
    .filter(one => one.length > 0 && one.offset >= from && one.offset + one.length <= to)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  for (const one of inside) {
    if (one.offset < at) continue;
    if (one.offset > at) nodes.push(text.slice(at, one.offset));
    at = one.offset + one.length;
    const rest = inside.slice(inside.indexOf(one) + 1);
    nodes.push(entityNode(pane, one, text.slice(one.offset, at), richText(pane, text, rest, one.offset, at)));
    if (BLOCKS.includes(one.type) && text[at] === '\n') at++; // the block's own end already breaks the line
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
};
const BLOCKS = ['pre', 'blockquote', 'expandable_blockquote'];
const TAGS = { bold: 'b', italic: 'i', underline: 'u', strikethrough: 's', code: 'code', blockquote: 'blockquote' };
const entityNode = (pane, entity, raw, kids) => {
  const press = (act, cls = 'cmd') => el('button', { class: cls, onclick: act }, kids);
  switch (entity.type) {
    case 'text_link':
    case 'url': {
      const url = entity.url || (/^\w+:/.test(raw) ? raw : 'https://' + raw);
      return el(
        'a',
        {
          href: safeUrl(url),
          title: url,
          rel: 'noopener noreferrer',
          onclick: event => {
            event.preventDefault();
            pane.follow(url, entity.type === 'text_link');
          },
        },
        kids,
      );
    }
    case 'email':
      return el('a', { href: 'mailto:' + raw }, kids);
    case 'phone_number':
      return el('a', { href: 'tel:' + raw.replace(/[^+\d]/g, '') }, kids);
    case 'bot_command':
      return press(() => pane.sendText(raw));
    case 'mention':
    case 'text_mention':
      return press(() => pane.toast(entity.user ? fullName(entity.user) : raw));
    case 'hashtag':
    case 'cashtag':
      return el('span.cmd', kids);
    case 'pre':
      return el('pre', { 'data-language': entity.language }, el('code', kids));
    case 'spoiler': {
      const node = el('span.veil', { role: 'button', tabIndex: 0 }, kids);
      node.onclick = node.onkeydown = event => {
        if (!event.key || event.key === 'Enter' || event.key === ' ') node.className = '';
      };
      return node;
    }
    case 'expandable_blockquote': {
      const quote = el('blockquote.long', kids),
        flip = el(
          'button.unfold',
          {
            hidden: true,
            onclick: () => {
              flip.textContent = t(quote.classList.toggle('open') ? 'fold' : 'unfold');
            },
          },
          t('unfold'),
        );
      new ResizeObserver(() => {
        if (!quote.classList.contains('open')) flip.hidden = quote.scrollHeight <= quote.clientHeight + 1;
      }).observe(quote);
      return el('span', quote, flip);
    }
    default:
      return el(TAGS[entity.type] || 'span', {}, kids);
  }
};
export const safeUrl = url => (/^(https?|tg|mailto|tel):/i.test(url) ? url : '#');
export const startPayload = url => {
  try {
    const link = new URL(url),
      name =
        link.protocol === 'tg:'
          ? link.searchParams.get('domain')
          : /^(www\.)?(t|telegram)\.me$/.test(link.host)
            ? link.pathname.slice(1)
            : null;
    return name?.toLowerCase() === world.bot.username?.toLowerCase() ? link.searchParams.get('start') || '' : null;
  } catch {
    return null;
  }
};
const KINDS = ['photo', 'video', 'animation', 'video_note', 'voice', 'audio', 'document', 'sticker', 'location', 'contact', 'poll'];
export const gist = message => {
  const kind = KINDS.find(one => message[one]),
    text = message.text || message.caption;
  if (!kind) return text || (message.dice ? message.dice.emoji : t('message'));
  return [
    t({ voice: 'voiceMessage', video_note: 'videoNote' }[kind] || kind),
    text || message.document?.file_name || message.sticker?.emoji || '',
  ]
    .filter(Boolean)
    .join(' · ');
};
export const serviceText = message => {
  const names = users => users.map(fullName).join(', ');
  if (message.pinned_message) return t('pinned');
  if (message.new_chat_members) return t('joined', { name: names(message.new_chat_members) });
  if (message.left_chat_member) return t('left', { name: fullName(message.left_chat_member) });
  if (message.forum_topic_created) return t('topicMade', { name: message.forum_topic_created.name });
  if (message.forum_topic_edited) return t('topicRenamed', { name: message.forum_topic_edited.name || '' });
  if (message.forum_topic_closed) return t('topicClosed');
  if (message.forum_topic_reopened) return t('topicOpened');
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return t('migrated');
  return null;
};
