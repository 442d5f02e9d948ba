"""Draw the pictures that other sites and phones show for a page: ``static/cards/*.png``, and the icons of the portal.

Started by hand after a drawing or a colour has changed: ``python .ci/draw_cards.py``. Needs CHROMIUM, as the tests do.
The name of the portal is not in them, since each installation chooses its own.
"""

import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
DRAWINGS, OUT = ROOT / "templates/drawings", ROOT / "static/cards"
CARDS = {
    "home": ("antibodies", "What immunotherapy is"),
    "therapy": ("cd8-killer-t-cells", "A therapy: when to call, side effects, approved uses"),
    "cancer": ("lymph-nodes", "Immunotherapies approved for a cancer"),
    "test-result": ("b-cells", "What a test result may open"),
    "question": ("dendritic-cells", "Questions and answers"),
    "immune": ("macrophages", "The immune system"),
    "approvals": ("cytokines", "What FDA decided, with dates and sources"),
}
STYLE = """
* { box-sizing: border-box; margin: 0 }
body { width: 1200px; height: 630px; background: #fbfaf6; color: #14242e; display: grid;
  grid-template-columns: 1fr 470px; align-items: center; gap: 40px; padding: 70px 80px;
  font: 700 68px/1.12 "Atkinson Hyperlegible Next";
  border-bottom: 18px solid #0b565c }
svg { width: 100%; height: auto }
.ink { stroke: #14242e } .ink-fill { fill: #14242e } .sun { stroke: #a85505 } .sun-fill { fill: #f6b04e }
.wash { fill: #e9f1ef } .sun-wash { fill: #fdf3e3 } .paper { fill: #fbfaf6 }
"""
FONT = (ROOT / "static/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2").as_uri()
FACE = f'@font-face {{ font-family: "Atkinson Hyperlegible Next"; font-weight: 200 800; src: url("{FONT}") }}'


def main() -> None:
    OUT.mkdir(exist_ok=True)
    draft = OUT / "draft.html"  # a file, so that it may read the font
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        for name, (drawing, words) in CARDS.items():
            picture = (DRAWINGS / f"{drawing}.svg").read_text()
            draft.write_text(f"<!doctype html><meta charset=utf-8><style>{FACE}{STYLE}</style><p>{words}</p>{picture}")
            page.goto(draft.as_uri())
            page.evaluate("document.fonts.ready")
            page.screenshot(path=OUT / f"{name}.png")
        icon = (ROOT / "static/favicon.svg").read_text().replace('rx="7"', "")
        for size in (180, 192, 512):
            page.set_viewport_size({"width": size, "height": size})
            page.set_content(f'<body style="margin:0">{icon.replace("<svg ", f"<svg width={size} height={size} ")}')
            page.screenshot(path=OUT / f"icon-{size}.png")
        browser.close()
    draft.unlink()
    for path in OUT.glob("*.png"):  # flat colours: a third of the size
        Image.open(path).quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    main()
