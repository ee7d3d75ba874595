// qualcode in JupyterLab: a tile that opens the start notebook, and qualcode's own notebooks opened without their code.
//
// This file is a container as JupyterLab loads its extensions: {init, get}, with what it needs taken from the shared scope.
// Opening a notebook runs code of it only when every cell is, to the letter, a cell of a notebook that came with qualcode:
// `notebooks.json` beside this file holds their fingerprints, which of their cells run at opening and which show no code.

(() => {
  const here = document.currentScript.src;
  let scope = null;
  const START = ["notebooks/00-start.ipynb", "00-start.ipynb"];
  const STYLE = ".qualcode-own .qualcode-without-code > .jp-Cell-inputWrapper { display: none; }";

  /** A module of JupyterLab itself, from the versions it shares: the one it has loaded, else any. */
  async function shared(name) {
    const versions = Object.values(scope[name] ?? {});
    const found = versions.find(({ loaded }) => loaded) ?? versions[0];
    return found ? (await found.get())() : null;
  }

  async function fingerprint(cells) {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(cells)));
    return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  const cellsOf = (panel) => [...panel.model.cells].map((cell) => [cell.type, cell.sharedModel.getSource()]);

  async function open(panel, known, NotebookActions) {
    await panel.context.ready;
    const own = known[await fingerprint(cellsOf(panel))];
    panel.node.dataset.qualcode = own ? "own" : "other";
    if (!own) return;
    panel.addClass("qualcode-own");
    panel.content.widgets.forEach((cell, n) => cell.toggleClass("qualcode-without-code", own.hide.includes(n)));
    // a notebook that is changed later shows its code again
    panel.model.contentChanged.connect(async () => panel.toggleClass("qualcode-own", (await fingerprint(cellsOf(panel))) in known));
    // so does one whose kernel starts again: its cells have to be run, and for that a person must see them
    panel.sessionContext.statusChanged.connect((_, status) => /restarting|dead/.test(status) && panel.removeClass("qualcode-own"));
    if (!own.run.length) return;
    await Promise.all([panel.revealed, panel.sessionContext.ready]);
    // ready is said before the kernel answers
    await panel.sessionContext.session?.kernel?.info;
    await NotebookActions.runCells(panel.content, own.run.map((n) => panel.content.widgets[n]), panel.sessionContext);
  }

  async function start(app) {
    for (const path of START) {
      try {
        await app.serviceManager.contents.get(path, { content: false });
        return app.commands.execute("docmanager:open", { path });
      } catch {
        // not in this folder
      }
    }
    return app.commands.execute("notebook:create-new", { kernelName: "python3" });
  }

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB.qualcode = {
    init: (given) => {
      scope = given;
    },
    get: async () => {
      const [notebook, launcher, translation] = await Promise.all(["@jupyterlab/notebook", "@jupyterlab/launcher", "@jupyterlab/translation"].map(shared));
      const kept = fetch(new URL("notebooks.json", here)).then((answer) => answer.json());
      const own = {
        id: "qualcode:own-notebooks",
        autoStart: true,
        requires: [notebook.INotebookTracker],
        activate: async (app, tracker) => {
          document.head.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
          const { notebooks } = await kept;
          const seen = new WeakSet();
          const meet = (panel) => {
            if (seen.has(panel)) return;
            seen.add(panel);
            open(panel, notebooks, notebook.NotebookActions);
          };
          tracker.forEach(meet);
          tracker.widgetAdded.connect((_, panel) => meet(panel));
        },
      };
      const tile = {
        id: "qualcode:tile",
        autoStart: true,
        optional: [launcher?.ILauncher, translation?.ITranslator].filter(Boolean),
        activate: async (app, launch, translator) => {
          const { words } = await kept;
          const said = words[(translator?.languageCode ?? "nl").startsWith("en") ? "en" : "nl"];
          app.commands.addCommand("qualcode:start", { label: said.tile, caption: said.caption, execute: () => start(app) });
          launch?.add({ command: "qualcode:start", category: said.category, rank: 0 });
        },
      };
      return () => ({ __esModule: true, default: [own, tile] });
    },
  };
})();
