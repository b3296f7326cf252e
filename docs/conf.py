"""How Sphinx builds the handbook; `tools/docs_build.py` calls it."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

project = "Textwell"
html_title = "Textwell"
author = "The Textwell founders"
project_copyright = "The Textwell founders"
version = release = version_of("textwell")

extensions = ["myst_parser", "docs_made", "docs_policy"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_static", "_templates"]
nitpicky = True
language = "en"

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "deflist"]
myst_links_external_new_tab = False

html_theme = "furo"
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["handbook.css"]
html_favicon = "../src/textwell/web/static/textwell/icon.svg"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_domain_indices = False
html_permalinks_icon = "#"
highlight_language = "text"
pygments_style = "a11y-light"
pygments_dark_style = "a11y-dark"
