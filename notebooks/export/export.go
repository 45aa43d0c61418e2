package export

import (
	"strings"

	"github.com/gobraid/gobraid/notebooks"
)

// Options say how a notebook is exported. The zero value exports it safely, without files from beside it.
type Options struct {
	// Dir is the notebook's folder, from which pictures of Markdown cells are taken. Empty takes none.
	Dir string
	// Name is what the page is called if it has no heading of the first level.
	Name string
	// Trust leaves HTML of outputs and Markdown as it is, with scripts. It is for notebooks of one's own.
	Trust bool
}

// A Page is a notebook exported.
type Page struct {
	Text     []byte
	Title    string
	Warnings []string // what is not in the page as it is in the notebook, and why
}

// A page that is being made.
type maker struct {
	nb       *notebooks.Notebook
	opts     Options
	warnings []string
	headings []heading
	ids      map[string]int
}

// A heading is a line of the table of contents.
type heading struct {
	level    int
	id, text string
}

func newMaker(nb *notebooks.Notebook, opts Options) *maker {
	return &maker{nb: nb, opts: opts, ids: map[string]int{}}
}

func (m *maker) warn(text string) { m.warnings = append(m.warnings, text) }

// title is the notebook's own, its first heading, or its name.
func (m *maker) title() string {
	if t, ok := m.nb.Metadata["title"].(string); ok && t != "" {
		return t
	}
	for _, h := range m.headings {
		if h.level == 1 {
			return h.text
		}
	}
	if m.opts.Name != "" {
		return m.opts.Name
	}
	return "Notebook"
}

// contents are the headings that the table of contents lists: all to the third level, but for the title.
func (m *maker) contents() []heading {
	var list []heading
	title := true
	for _, h := range m.headings {
		if h.level == 1 && title {
			title = false
			continue
		}
		if h.level <= 3 {
			list = append(list, h)
		}
	}
	return list
}

// language is the language of the notebook's code.
func (m *maker) language() string {
	for _, key := range []string{"language_info", "kernelspec"} {
		info, _ := m.nb.Metadata[key].(map[string]any)
		for _, field := range []string{"name", "language"} {
			if s, ok := info[field].(string); ok && key+field != "kernelspecname" {
				return s
			}
		}
	}
	return "go"
}

// shown says what of a cell is shown.
func shown(c *notebooks.Cell) (input, hidden, outputs bool) {
	has := func(tags ...string) bool {
		for _, t := range tags {
			if c.Tagged(t) {
				return true
			}
		}
		return false
	}
	jupyter, _ := c.Metadata["jupyter"].(map[string]any)
	if has("remove-cell", "remove_cell") {
		return false, false, false
	}
	input = !has("remove-input", "remove_input") && strings.TrimSpace(c.Source) != ""
	hidden = has("hide-input", "hide_input") || jupyter["source_hidden"] == true
	return input, hidden, !has("remove-output", "remove_output")
}
