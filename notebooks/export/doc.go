// Package export makes pages of notebooks that are read and not run: HTML, Markdown and, with Chromium, PDF.
//
//	nb, err := notebooks.Read("report.ipynb")
//	…
//	page, err := export.HTML(nb, export.Options{Dir: "."})
//	os.WriteFile("report.html", page.Text, 0o644)
//	for _, w := range page.Warnings { … } // such as a picture that is not there
//
// A page is one file: pictures and styles are in it, and nothing is fetched from anywhere when it is read. It has a table of
// contents, every cell has an address (#cell-ID), headings have the addresses they have in Jupyter, and the run record, which `gobraid run`
// leaves in the notebook's metadata under gobraid.record, stands at its end. It follows the reader's choice of light or
// dark, fits a phone, and prints: cells are kept together where that is possible, and code is wrapped.
//
// # What is taken out
//
// Outputs and Markdown are data of whoever wrote or ran the notebook, so a page runs nothing of theirs: HTML keeps what shows
// and loses scripts, forms, frames, handlers and styles that could cover the page; SVG is shown as a picture, in which nothing runs or
// is fetched; and a policy in the page itself has the browser refuse what may have been overlooked. Pictures from elsewhere become links to them.
// Files are taken from the notebook's folder only, and only pictures. Options.Trust leaves HTML as it is, scripts and all.
//
// # Which form of an output is shown
//
// In HTML the first there is of HTML, Markdown, SVG, LaTeX, PNG, JPEG, GIF, WebP, JSON, plain text, as in JupyterLab; in Markdown pictures come first
// and HTML is left out for the text form. The text of a picture is its alternative text. LaTeX is shown as it is written.
//
// # Tags
//
// Cells tagged remove-cell, remove-input, remove-output and hide-input are treated as by Jupyter Book.
//
// The package is linked into the program gobraid-export and not into gobraid: its libraries take some eight milliseconds to start, which every session
// and worker would pay.
package export
