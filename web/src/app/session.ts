// Coming in and going out: the first account, the invitation, logging in, one's own account.
import { h, s, type Child } from "../dom";
import { head, section, say2, table, type View } from "../parts";
import { ask, get, listOf, post, Refused, type Me } from "./api";
import { button, field, form, later, text, told } from "./ui";

const LEAST = 12;

/** Name and password; both can be pasted and kept by a password manager. */
export function login(v: View, expired: boolean, done: () => void): Child[] {
  const a = v.t.app;
  const name = field(a.userName, text({ name: "name", autocomplete: "username", autocapitalize: "none", spellcheck: "false", required: true }));
  const password = field(a.password, text({ type: "password", name: "password", autocomplete: "current-password", required: true }));
  const code = field(a.secondCode, text({ name: "code", autocomplete: "one-time-code", inputmode: "text", spellcheck: "false", maxlength: 20 }), a.secondCodeHint);
  code.node.hidden = true;
  return [head(v, a.loginName, expired ? a.expired : a.loginFinding, null), h("section.sec.narrow", {}, h("div.main", {},
    form(v, [name.node, password.node, code.node], a.logIn, async () => {
      name.wrong(name.input.value.trim() ? "" : a.needed);
      password.wrong(password.input.value ? "" : a.needed);
      const bad = [name, password].find((x) => x.input.getAttribute("aria-invalid") === "true");
      if (bad) { bad.input.focus(); return; }
      const said = code.node.hidden ? "" : code.input.value.trim();
      try {
        await ask("POST", "/api/login", { name: name.input.value.trim(), password: password.input.value, ...(said ? { code: said } : {}) }, true);
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== "code") throw error;
        code.node.hidden = false;
        code.wrong(error.message);
        code.input.focus();
        return;
      }
      done();
    })))];
}

/** The one-time link of the first start, or of an invitation. */
export function setup(v: View, token: string, first: boolean, done: () => void): Child[] {
  const a = v.t.app;
  if (!token) return [head(v, a.setupName, a.setupNoToken, h("p.cert", {}, h("span", {}, a.setupNoTokenWhy)))];
  const name = field(a.userName, text({ name: "name", autocomplete: "username", autocapitalize: "none", spellcheck: "false", required: true }), a.userNameHint);
  const password = field(a.password, text({ type: "password", name: "password", autocomplete: "new-password", required: true, minlength: LEAST }), a.passwordHint(LEAST));
  return [head(v, a.setupName, first ? a.setupFirst : a.setupInvited, h("p.cert", {}, h("span", {}, first ? a.setupFirstWhy : a.setupInvitedWhy))), h("section.sec.narrow", {}, h("div.main", {},
    form(v, [name.node, password.node], a.setupDo, async () => {
      name.wrong(name.input.value.trim() ? "" : a.needed);
      password.wrong([...password.input.value].length >= LEAST ? "" : a.tooShort(LEAST));
      const bad = [name, password].find((x) => x.input.getAttribute("aria-invalid") === "true");
      if (bad) { bad.input.focus(); return; }
      await ask("POST", "/api/setup", { token, name: name.input.value.trim(), password: password.input.value }, true);
      done();
    })))];
}

interface Session { id: number | string; started_at?: string; created_at?: string; seen_at?: string; last_seen?: string; agent?: string; from?: string; current?: boolean; own?: boolean }

/** A moment as the reader's clock has it; a local time of the data stays as it is written. */
export function stamp(v: View, at: string | null | undefined): string {
  if (!at) return v.t.noValue;
  if (!/(Z|[+-]\d\d:\d\d)$/.test(at)) return v.t.app.at(v.f.date(at.slice(0, 10)), at.slice(11, 16));
  const d = new Date(at), two = (n: number) => String(n).padStart(2, "0");
  return v.t.app.at(v.f.date(`${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`), `${two(d.getHours())}:${two(d.getMinutes())}`);
}

function sessions(v: View): HTMLElement {
  const a = v.t.app;
  return later(v, "sessions", () => get<unknown>("/api/sessions"), (got, again) => {
    const list = listOf<Session>(got, "sessions");
    const said = h("p.said", { role: "alert" });
    return [table("st se", [{ name: a.sessionBegan }, { name: a.sessionSeen }, { name: a.what, bare: true }], list.map((x) => {
      const here = x.current || x.own;
      return [stamp(v, x.started_at ?? x.created_at), stamp(v, x.seen_at ?? x.last_seen), here ? h("b", {}, a.sessionThis)
        : button(a.sessionEnd, async () => { try { await ask("DELETE", `/api/sessions/${x.id}`); again(); } catch (error) { said.textContent = told(v, error); } }, "small")];
    })), said];
  });
}

/** A QR code, dark on light in every theme, for that is what cameras read. */
function square(rows: string[], name: string): SVGElement {
  const n = rows.length + 8;
  return s("svg.qr", { viewBox: `0 0 ${n} ${n}`, width: 204, height: 204, role: "img", "aria-label": name, "shape-rendering": "crispEdges" }, s("rect", { width: n, height: n, fill: "#fff" }),
    s("path", { fill: "#000", d: rows.map((row, y) => [...row].map((x, i) => (x === "1" ? `M${i + 4} ${y + 4}h1v1h-1z` : "")).join("")).join("") }));
}

/** Stands in the place of every page where one's role needs a second factor and there is none yet. */
export function secondFirst(v: View, me: Me, goOn: () => void, out: () => void): Child[] {
  const a = v.t.app;
  return [head(v, a.secondSection, a.secondNeeded, h("div.btns", {}, button(a.logOut, out))), section(v, a.secondSection, a.secondAside, null, second(v, me, goOn))];
}

/** The second factor: off, being set up with the key shown, or on. */
function second(v: View, me: Me, goOn: () => void): HTMLElement {
  const a = v.t.app, box = h("div", {});
  const on = (): Child[] => {
    const password = field(a.password, text({ type: "password", autocomplete: "current-password" }));
    const code = field(a.secondCode, text({ autocomplete: "one-time-code", spellcheck: "false", maxlength: 20 }), a.secondCodeHint);
    return [say2(a.secondOn), h("details.rows", {}, h("summary", {}, a.secondOff), form(v, [password.node, code.node], a.secondOff, async () => {
      await post("/api/me/second/off", { password: password.input.value, code: code.input.value.trim() });
      me.second = false;
      draw(off());
    }))];
  };
  const off = (): Child[] => {
    const password = field(a.password, text({ type: "password", autocomplete: "current-password" }), a.secondAskHint);
    return [say2(a.secondIsOff), form(v, [password.node], a.secondBegin, async () => {
      password.wrong(password.input.value ? "" : a.needed);
      if (!password.input.value) { password.input.focus(); return; }
      const { secret, link, qr } = await post<{ secret: string; link: string; qr: string[] }>("/api/me/second", { password: password.input.value });
      draw(key(secret, link, qr));
    })];
  };
  const key = (secret: string, link: string, qr: string[]): Child[] => {
    const code = field(a.secondCode, text({ autocomplete: "one-time-code", inputmode: "numeric", spellcheck: "false", maxlength: 10 }));
    return [say2(a.secondKey), square(qr, a.secondPicture), h("p.note", {}, a.secondByHand), h("p", {}, h("code.mono", {}, (secret.match(/.{4}/g) ?? [secret]).join("\u00a0"))), h("p.note", {}, h("a", { href: link }, a.secondLink)),
      form(v, [code.node], a.secondConfirm, async () => {
        const { recovery } = await post<{ recovery: string[] }>("/api/me/second/confirm", { code: code.input.value.trim() });
        me.second = true;
        const must = me.second_needed;
        me.second_needed = false;
        draw([say2(a.secondDone), h("p.lede", {}, a.secondKeep), h("ul.plain", {}, recovery.map((x) => h("li", {}, h("code.mono", {}, x)))), must ? h("div.btns", {}, button(a.secondGoOn, goOn, "pri")) : null]);
      })];
  };
  const draw = (parts: Child[]) => { box.replaceChildren(h("div", {}, parts)); box.querySelector<HTMLInputElement>("input:not([hidden])")?.focus(); };
  box.replaceChildren(h("div", {}, me.second ? on() : off()));
  return box;
}

/** One's own account: who, what one may, the password, where one is logged in. */
export function account(v: View, me: Me, out: () => void): Child[] {
  const a = v.t.app;
  const old = field(a.passwordOld, text({ type: "password", name: "old", autocomplete: "current-password" }));
  const fresh = field(a.passwordNew, text({ type: "password", name: "new", autocomplete: "new-password", minlength: LEAST }), a.passwordHint(LEAST));
  const rights = Object.entries(a.rights).filter(([key]) => me.may.includes(key)).map(([, words]) => words);
  return [
    head(v, a.account, a.accountFinding(me.name, (a.roles[me.role] ?? me.role).toLocaleLowerCase(v.f.lang)), h("div.btns", {}, button(a.logOut, out))),
    section(v, a.rightsSection, null, null, rights.length ? h("ul.plain", {}, rights.map((x) => h("li", {}, x))) : say2(a.rightsNone),
      me.team_ids.length ? h("p.note", {}, a.ownTeams(v.t.and(me.team_ids.map(v.t.team)))) : null, h("p.note", {}, a.personLevel[me.person_level])),
    section(v, a.password, null, null, form(v, [old.node, fresh.node], a.passwordChange, async () => {
      old.wrong(old.input.value ? "" : a.needed);
      fresh.wrong([...fresh.input.value].length >= LEAST ? "" : a.tooShort(LEAST));
      const bad = [old, fresh].find((x) => x.input.getAttribute("aria-invalid") === "true");
      if (bad) { bad.input.focus(); return; }
      await ask("PATCH", "/api/me", { password: { old: old.input.value, new: fresh.input.value } });
      old.input.value = fresh.input.value = "";
      return a.passwordChanged;
    })),
    section(v, a.secondSection, a.secondAside, null, second(v, me, out)),
    section(v, a.sessionsSection, a.sessionsAside, null, sessions(v)),
  ];
}

export const logout = (): Promise<unknown> => post("/api/logout");
