// The line to the study: every gesture has a number and waits until the study says it stands.

const PATIENCE = 8000;

export function wire(model, { onPage, onPatch, onTrouble, onState, patience = PATIENCE }) {
  const client = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
  const waiting = new Map();
  let count = 0;
  let lost = false;
  let rev = null;

  const state = () => onState({ waiting: waiting.size, lost });
  const lose = () => {
    lost = true;
    state();
  };
  const post = (message) => {
    try {
      model.send({ v: 1, client, ...message });
    } catch {
      lose();
    }
  };
  const put = (one) => {
    clearTimeout(one.timer);
    one.timer = setTimeout(lose, patience);
    post(one.message);
  };
  const hello = () => post({ kind: "hello" });

  /** Do something; resolves with the answer, or with null when the study refused it. */
  const ask = (kind, facts = {}) =>
    new Promise((resolve) => {
      const message = { kind, req: ++count, ...facts };
      const one = { message, resolve, timer: 0 };
      waiting.set(message.req, one);
      state();
      put(one);
    });
  const settle = (req, answer) => {
    const one = waiting.get(req);
    if (!one) return;
    clearTimeout(one.timer);
    waiting.delete(req);
    one.resolve(answer);
  };

  const heard = (message, buffers = []) => {
    lost = false;
    const numbers = (view) => new Int32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
    if (message.kind === "page" && (!message.to || message.to === client)) {
      rev = message.rev;
      onPage(JSON.parse(new TextDecoder().decode(buffers[0])), buffers[1] ? numbers(buffers[1]) : null, rev);
    } else if (message.kind === "patch" && rev !== null) {
      const mine = message.client === client;
      if (message.rev === rev + 1) {
        rev = message.rev;
        onPatch(message, buffers[0] ? numbers(buffers[0]) : null, mine);
      } else if (message.rev > rev) hello();
      if (mine) settle(message.req, message);
    } else if (message.kind === "error" && (!message.to || message.to === client)) {
      onTrouble(message.text);
      settle(message.req, null);
    }
    state();
  };
  model.on("msg:custom", heard);
  return {
    client,
    ask,
    hello,
    again: () => {
      lost = false;
      hello();
      for (const one of waiting.values()) put(one);
    },
    numbers: () => ({ asked: count, waiting: waiting.size, lost }),
    close: () => {
      model.off("msg:custom", heard);
      for (const one of waiting.values()) clearTimeout(one.timer);
    },
  };
}
