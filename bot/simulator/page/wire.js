// The socket to the simulator, and files on their way to it.
import { t } from './words.js';
import { takes, world } from './world.js';

const waiting = new Map();
let socket,
  asked = 0,
  patience = 300;
export const connect = () => {
  socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/page`);
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    patience = 300;
    document.querySelector('.gone').hidden = true;
    if (frame.type === 'reply') settle(frame);
    else takes[frame.type]?.(frame);
  };
  socket.onclose = () => {
    document.querySelector('.gone').hidden = false;
    waiting.forEach(wait => wait.fail(new Error(t('gone'))));
    waiting.clear();
    setTimeout(connect, patience);
    patience = Math.min(patience * 1.6, 4000);
  };
};
const settle = ({ id, ok, error, ...rest }) => {
  const wait = waiting.get(id);
  waiting.delete(id);
  if (wait) ok ? wait.done(rest) : wait.fail(new Error(error));
};
export const act = (name, values) =>
  new Promise((done, fail) => {
    if (socket?.readyState !== 1) return fail(new Error(t('gone')));
    waiting.set(++asked, { done, fail });
    socket.send(JSON.stringify({ id: asked, act: name, ...values }));
  });
export const upload = async file => {
  if (file.size > world.limit * 1048576) throw new Error(t('tooBig', { n: world.limit }));
  const answer = await fetch('/page/files?' + new URLSearchParams({ name: file.name || 'file' }), {
    method: 'POST',
    body: file,
    headers: { 'Content-Type': file.type || 'application/octet-stream' },
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()).upload;
};
/** Width, height and length of a picture, video or sound, as a phone would tell them. */
export const measure = async file => {
  const url = URL.createObjectURL(file),
    kind = file.type.split('/')[0];
  try {
    if (kind === 'image') {
      const image = new Image();
      image.src = url;
      await image.decode();
      return { width: image.naturalWidth, height: image.naturalHeight };
    }
    if (kind !== 'video' && kind !== 'audio') return {};
    const media = document.createElement(kind);
    media.src = url;
    await new Promise((done, fail) => {
      media.onloadedmetadata = done;
      media.onerror = fail;
    });
    return {
      duration: Number.isFinite(media.duration) ? Math.round(media.duration) : undefined,
      width: media.videoWidth,
      height: media.videoHeight,
    };
  } catch {
    return {};
  } finally {
    URL.revokeObjectURL(url);
  }
};
