// Stickers that the page draws by itself.
import { el } from './nodes.js';
import { lang } from './words.js';

export const REACTIONS = ['👍', '❤', '🔥', '👏', '🎉', '😁', '🤔', '🙏', '👌', '😢', '👀', '👎'];
export const STICKERS = [['👋', '你好', 'Hello'], ['👍', '好的', 'OK'], ['🙏', '谢谢', 'Thanks'], ['🎉', '解决了', 'Solved'], ['🤔', '想一想', 'Hmm'], ['⏳', '稍等', 'Wait'], ['💡', '有办法', 'Idea'], ['❓', '不明白', 'Unclear']];
export const drawSticker = ([emoji, ...names], side) => {
  const canvas = el('canvas', { width: side, height: side }),
    pen = canvas.getContext('2d'),
    unit = side / 512,
    word = names[lang === 'zh' ? 0 : 1];
  Object.assign(pen, {
    textAlign: 'center',
    textBaseline: 'middle',
    lineJoin: 'round',
    strokeStyle: '#fff',
    fillStyle: '#2f6fe4',
    lineWidth: 34 * unit,
  });
  pen.font = `${250 * unit}px sans-serif`;
  pen.fillText(emoji, side / 2, 190 * unit);
  pen.font = `800 ${Math.min(130, 620 / word.length) * unit}px system-ui, "Noto Sans CJK SC", sans-serif`;
  pen.strokeText(word, side / 2, 410 * unit);
  pen.fillText(word, side / 2, 410 * unit);
  return canvas;
};
