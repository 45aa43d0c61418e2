package notebooks_test

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/notebooks"
)

// A replay is a runner that gives out what a notebook has stored, whatever it is asked to run.
type replay struct {
	fake
	cells []*notebooks.Cell
}

func newReplay(nb *notebooks.Notebook) *replay {
	r := &replay{}
	for _, c := range nb.Cells {
		if c.Type == notebooks.Code && strings.TrimSpace(c.Source) != "" && !c.Tagged(notebooks.TagSkip) {
			r.cells = append(r.cells, c)
		}
	}
	return r
}

func (r *replay) Run(_ context.Context, req interp.Request, out interp.Sink) interp.Outcome {
	c := r.cells[req.Number-1]
	var o interp.Outcome
	if own, ok := c.Metadata["gobraid"].(map[string]any); ok {
		o.Metadata = map[string]any{"gobraid": own["run"]}
	}
	for _, x := range c.Outputs {
		switch x.Type {
		case notebooks.StreamOutput:
			out.Output(interp.Stream(x.Name), []byte(x.Text))
		case notebooks.DisplayOutput:
			if o.Result != nil || o.Error != nil {
				o.Notes = append(o.Notes, interp.Data{MIME: x.Data, Metadata: x.Metadata})
			} else {
				out.Display(interp.Data{MIME: x.Data, Metadata: x.Metadata})
			}
		case notebooks.ResultOutput:
			o.Result = &interp.Data{MIME: x.Data, Metadata: x.Metadata}
		case notebooks.ErrorOutput:
			o.Error = &interp.Error{Name: x.EName, Value: x.EValue, Traceback: x.Traceback}
		}
	}
	return o
}

var word = regexp.MustCompile(`[A-Za-z]{5,}`)

// tampers change an output, and report whether they could.
var tampers = []struct {
	name string
	do   func(c *notebooks.Cell, i int) bool
}{
	{"an output is taken away", func(c *notebooks.Cell, i int) bool {
		c.Outputs = slices.Delete(c.Outputs, i, i+1)
		return true
	}},
	{"a line is added", func(c *notebooks.Cell, i int) bool {
		o := c.Outputs[i]
		o.Text += "and one more line\n"
		return o.Type == notebooks.StreamOutput
	}},
	{"a line is taken away", func(c *notebooks.Cell, i int) bool {
		o := c.Outputs[i]
		line, rest, _ := strings.Cut(o.Text, "\n")
		o.Text = rest
		return o.Type == notebooks.StreamOutput && word.MatchString(line) && !strings.HasPrefix(line, "[after")
	}},
	{"a word of text", func(c *notebooks.Cell, i int) bool {
		o := c.Outputs[i]
		first, rest, _ := strings.Cut(o.Text, "\n")
		if o.Type != notebooks.StreamOutput || strings.HasPrefix(first, "[after") || !word.MatchString(first) {
			return false
		}
		at := word.FindStringIndex(first)
		o.Text = first[:at[0]] + "Changed" + first[at[1]:] + "\n" + rest
		return true
	}},
	{"a word of a value", func(c *notebooks.Cell, i int) bool {
		o := c.Outputs[i]
		text, ok := o.Data["text/plain"].(string)
		for mime, v := range o.Data { // the words of a picture are not compared
			s, _ := v.(string)
			if strings.HasPrefix(mime, "image/") || strings.Contains(s, "<svg") {
				return false
			}
		}
		at := word.FindStringIndex(text)
		if !ok || at == nil || strings.Contains(text, " · ") {
			return false
		}
		o.Data["text/plain"] = text[:at[0]] + "Changed" + text[at[1]:]
		return true
	}},
	{"another form", func(c *notebooks.Cell, i int) bool {
		o := c.Outputs[i]
		text, _ := o.Data["text/plain"].(string)
		if o.Data == nil || strings.Contains(text, " · ") {
			return false
		}
		o.Data["text/x-new"] = "new"
		return true
	}},
	{"no picture", func(c *notebooks.Cell, i int) bool {
		_, ok := c.Outputs[i].Data["image/svg+xml"]
		delete(c.Outputs[i].Data, "image/svg+xml")
		return ok
	}},
	{"an empty picture", func(c *notebooks.Cell, i int) bool {
		_, ok := c.Outputs[i].Data["image/svg+xml"]
		if ok {
			c.Outputs[i].Data["image/svg+xml"] = ""
		}
		return ok
	}},
	{"another error", func(c *notebooks.Cell, i int) bool {
		c.Outputs[i].EName += "s"
		return c.Outputs[i].Type == notebooks.ErrorOutput
	}},
	{"what an error says", func(c *notebooks.Cell, i int) bool {
		c.Outputs[i].EValue += " perhaps"
		return c.Outputs[i].Type == notebooks.ErrorOutput
	}},
	{"where an error was", func(c *notebooks.Cell, i int) bool {
		o := c.Outputs[i]
		o.Traceback = append(slices.Clone(o.Traceback), "cell 99, line 1")
		return o.Type == notebooks.ErrorOutput
	}},
	{"no error", func(c *notebooks.Cell, i int) bool {
		was := c.Outputs[i].Type
		c.Outputs[i] = &notebooks.Output{Type: notebooks.StreamOutput, Name: "stdout", Text: "fine\n"}
		return was == notebooks.ErrorOutput
	}},
}

// TestTampering changes each output of each shipped notebook in each of several ways, and asserts that Verify finds every change, in its
// cell and nowhere else. Cells tagged compare:ignore are left out, and so is the line about what a cell has cost.
func TestTampering(t *testing.T) {
	files, err := filepath.Glob("*.ipynb")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	tried := 0
	for _, file := range files {
		stored, err := notebooks.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), file)
		cells := newReplay(stored).cells
		for n, c := range cells {
			if c.Tagged("compare:ignore") {
				continue
			}
			whole := &notebooks.Notebook{Cells: []*notebooks.Cell{copied(t, c)}, Metadata: map[string]any{}}
			if v := verified(t, whole, newReplay(&notebooks.Notebook{Cells: []*notebooks.Cell{copied(t, c)}}), path); !v.Same() {
				t.Errorf("%s, cell %d: not the same as itself\n%s", file, n+1, v)
				continue
			}
			for i := range c.Outputs {
				if text, _ := c.Outputs[i].Data["text/plain"].(string); strings.Contains(text, " · CPU ") || strings.HasPrefix(c.Outputs[i].Text, "The compiled engine is being made ready") {
					continue
				}
				for _, tamper := range tampers {
					one := &notebooks.Notebook{Cells: []*notebooks.Cell{copied(t, c)}, Metadata: map[string]any{}}
					if !tamper.do(one.Cells[0], i) {
						continue
					}
					tried++
					ran := newReplay(&notebooks.Notebook{Cells: []*notebooks.Cell{copied(t, c)}})
					if v := verified(t, one, ran, path); v.Err != nil || v.Differing() != 1 {
						t.Errorf("%s, cell %d (%s), output %d: not found: %s", file, n+1, c.ID, i+1, tamper.name)
					}
				}
			}
		}
	}
	t.Logf("%d changes", tried)
	if tried < 100 {
		t.Errorf("only %d changes were tried", tried)
	}
}

func verified(t *testing.T, nb *notebooks.Notebook, r interp.Runner, path string) *notebooks.Verdict {
	t.Helper()
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
	return notebooks.Verify(t.Context(), path, r, notebooks.Options{})
}

// copied returns a cell that shares nothing with c.
func copied(t *testing.T, c *notebooks.Cell) *notebooks.Cell {
	t.Helper()
	b, err := (&notebooks.Notebook{Cells: []*notebooks.Cell{c}}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	nb, err := notebooks.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return nb.Cells[0]
}
