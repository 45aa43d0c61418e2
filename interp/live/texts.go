package live

import (
	"fmt"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
)

// texts numbers the texts of cells: the same text has the same id, however often it runs. Its methods
// may be called from any goroutine.
type texts struct {
	mu      sync.Mutex
	ids     map[string]int
	byID    map[int]*text
	highest int
}

// A text is what is known of an id.
type text struct {
	source string
	number int    // of the latest run
	file   string // for a cell that is a file
}

func newTexts() *texts { return &texts{ids: map[string]int{}, byID: map[int]*text{}} }

// id returns the id of the text of a request.
func (t *texts) id(req interp.Request, source string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := req.File + "\x00" + source
	id, ok := t.ids[key]
	if !ok {
		id = req.Number
		if _, taken := t.byID[id]; taken || id <= 0 {
			id = t.highest + 1
		}
		t.ids[key] = id
		t.byID[id] = &text{source: source, file: req.File}
		t.highest = max(t.highest, id)
	}
	t.byID[id].number = req.Number
	return id
}

// virtual returns the name of the virtual file that stands for a text.
func (t *texts) virtual(id int) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if x := t.byID[id]; x != nil && x.file != "" {
		return task.NamedCellFile(id, x.file)
	}
	return task.CellFile(id)
}

// number returns the number of the latest run of a text.
func (t *texts) number(id int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if x, ok := t.byID[id]; ok {
		return x.number
	}
	return id
}

// cell returns what a text is called: "cell 3" or the name of its file.
func (t *texts) cell(id int) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch x := t.byID[id]; {
	case x == nil:
		return fmt.Sprintf("cell %d", id)
	case x.file != "":
		return x.file
	default:
		return fmt.Sprintf("cell %d", x.number)
	}
}

// line returns a line of a text without blanks around it, "" when there is none.
func (t *texts) line(id, line int) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := t.byID[id]
	if x == nil {
		return ""
	}
	lines := strings.Split(x.source, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[line-1])
}

// place returns a position in words: "cell 3, line 7" or "file.go:7".
func (t *texts) place(id, line, column int) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	x, ok := t.byID[id]
	if !ok {
		x = &text{number: id}
	}
	switch {
	case x.file != "" && column > 0:
		return fmt.Sprintf("%s:%d:%d", x.file, line, column)
	case x.file != "":
		return fmt.Sprintf("%s:%d", x.file, line)
	case column > 0:
		return fmt.Sprintf("cell %d, line %d:%d", x.number, line, column)
	}
	return fmt.Sprintf("cell %d, line %d", x.number, line)
}

// file returns a position that carries a virtual file name in words.
func (t *texts) file(name string, line, column int) string {
	if id, ok := task.ParseCellFile(name); ok {
		return t.place(id, line, column)
	}
	return fmt.Sprintf("%s:%d:%d", name, line, column)
}

// excerpt returns a line of a text as an indented quotation with its number, and a caret under the
// column if there is one. It returns nothing for a line that is not there.
func (t *texts) excerpt(name string, line, column int) []string {
	id, ok := task.ParseCellFile(name)
	t.mu.Lock()
	x := t.byID[id]
	t.mu.Unlock()
	if !ok || x == nil {
		return nil
	}
	lines := strings.Split(x.source, "\n")
	if line < 1 || line > len(lines) {
		return nil
	}
	source := strings.TrimRight(lines[line-1], " \t\r")
	out := []string{fmt.Sprintf("%5d | %s", line, source)}
	if column > 0 && column <= len(source)+1 {
		pad := strings.Map(func(r rune) rune {
			if r == '\t' {
				return r
			}
			return ' '
		}, source[:column-1])
		out = append(out, "      | "+pad+"^")
	}
	return out
}
