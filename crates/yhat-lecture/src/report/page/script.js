"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const remembered = (key) => { try { return localStorage.getItem("yhat-" + key); } catch { return null; } };
  const remember = (key, value) => { try { localStorage.setItem("yhat-" + key, value); } catch { /* a private window */ } };

  // What stands where the reader looks stays there while the text above it changes.
  const inPlace = (anchor, change) => {
    const before = anchor.getBoundingClientRect().top;
    change();
    window.scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
  };

  // Languages.
  const titles = Object.fromEntries(all("h1 [lang]").map((span) => [span.lang, span.textContent]));
  const setLanguage = (lang) => {
    root.lang = lang;
    document.title = titles[lang];
    all(".seen").filter((seen) => seen.lang === lang).forEach((seen) => {
      all(".yhat-plot, svg.diagram", seen.closest("figure")).forEach((drawing) =>
        drawing.setAttribute("aria-label", seen.textContent));
    });
    all("[data-lang]").forEach((button) => button.setAttribute("aria-pressed", button.dataset.lang === lang));
  };
  setLanguage(root.lang);
  const chapterInView = () => all(".chapter").find((chapter) => chapter.getBoundingClientRect().bottom > 0);
  all("[data-lang]").forEach((button) => button.addEventListener("click", () =>
    inPlace(window.scrollY > 200 && chapterInView() || button, () => setLanguage(button.dataset.lang))));

  // Light and dark.
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const themeButton = document.querySelector(".theme");
  const setTheme = (theme) => {
    root.dataset.theme = theme;
    themeButton.setAttribute("aria-pressed", theme === "dark");
    root.dispatchEvent(new CustomEvent("themechange"));
  };
  const preferred = () => remembered("theme") || (dark.matches ? "dark" : "light");
  setTheme(preferred());
  dark.addEventListener("change", () => setTheme(preferred()));
  themeButton.addEventListener("click", () => {
    setTheme(root.dataset.theme === "dark" ? "light" : "dark");
    remember("theme", root.dataset.theme);
  });

  window.addEventListener("beforeprint", () => setTheme("light"));
  window.addEventListener("afterprint", () => setTheme(preferred()));

  // yhat or Keras: one choice for the whole page.
  const setCode = (name) => {
    all(".tabbed").forEach((tabbed) => {
      all("[role=tab]", tabbed).forEach((tab) => {
        const chosen = tab.dataset.code === name;
        tab.setAttribute("aria-selected", chosen);
        tab.tabIndex = chosen ? 0 : -1;
      });
      all("[role=tabpanel]", tabbed).forEach((panel) => { panel.hidden = panel.dataset.code !== name; });
    });
  };
  all("[role=tab]").forEach((tab) => {
    tab.addEventListener("click", () => inPlace(tab, () => setCode(tab.dataset.code)));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = all("[role=tab]", tab.parentElement).find((sibling) => sibling !== tab);
      other.click();
      other.focus();
      event.preventDefault();
    });
  });

  // A node of a diagram lights its line in the figures of its chapter.
  all(".chapter").forEach((chapter) => {
    const figures = all(".plot .yhat-figure", chapter);
    const ids = new Map(figures.map((figure) => {
      const { still, moving } = JSON.parse(figure.querySelector(":scope > script").textContent);
      return [figure, new Set([...still, ...moving].map((part) => part.id).filter(Boolean))];
    }));
    const known = (unit) => figures.filter((figure) => ids.get(figure).has(unit));
    all(".network .node[data-unit]", chapter).filter((node) => known(node.dataset.unit).length).forEach((node) => {
      const unit = node.dataset.unit;
      const light = (on) => {
        node.classList.toggle("lit", on);
        known(unit).forEach((figure) => yhatPlot.light(figure, on ? unit : undefined));
      };
      node.setAttribute("tabindex", "0");
      node.setAttribute("role", "button");
      node.closest("svg").setAttribute("role", "group");
      for (const [type, on] of [["pointerenter", true], ["pointerleave", false], ["focus", true], ["blur", false]]) {
        node.addEventListener(type, () => light(on));
      }
    });
  });

  // What is wider than the window can be scrolled by keyboard too.
  const scrollable = () => all("math[display=block], .scroll, .text > div, .yhat-data, .drawing").forEach((part) => {
    if (part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== "visible") part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  });
  new ResizeObserver(scrollable).observe(document.querySelector("main"));

  // Where the reader is.
  const contents = document.querySelector(".contents details");
  const wide = window.matchMedia("(min-width: 75rem)");
  const fold = () => { contents.open = wide.matches; };
  fold();
  wide.addEventListener("change", fold);
  const links = new Map(all(".contents a").map((link) => [link.hash.slice(1), link]));
  links.forEach((link) => link.addEventListener("click", () => { if (!wide.matches) contents.open = false; }));
  const seen = new IntersectionObserver((entries) => entries.forEach((entry) => {
    if (!entry.isIntersecting) return;
    links.forEach((link) => link.removeAttribute("aria-current"));
    links.get(entry.target.id).setAttribute("aria-current", "true");
  }), { rootMargin: "-10% 0px -85% 0px" });
  all(".chapter").forEach((chapter) => seen.observe(chapter));
})();
