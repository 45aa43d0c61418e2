package live_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/gobraid/gobraid/interp"
)

// shown gathers what cells display, too.
type shown struct {
	*sink
	mu    sync.Mutex
	pages []string
}

func (s *shown) Display(d interp.Data) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page, _ := d.MIME["text/html"].(string)
	s.pages = append(s.pages, page)
}

// TestProgramPages looks at what the magics show as HTML: nothing of the user's is taken for markup.
func TestProgramPages(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"race", "%%race\nm := []string{\"\"}\ndone := make(chan bool)\nadd := func() { m[0] = \"<b>\"; done <- true }\ngo add()\ngo add()\n<-done\n<-done",
			"data race on m[0] at cell 1, line 4"},
		{"test", "%%test\nfunc TestA(t *testing.T) { t.Run(\"<b>\", func(t *testing.T) { t.Error(\"<b>\") }) }", ": &lt;b&gt;"},
		{"bench", "%%bench -count 1 -benchtime 1x\nfunc BenchmarkA(b *testing.B) { b.Run(\"<b>\", func(b *testing.B) {}) }", "<td>A/&lt;b&gt;</td>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSession(t)
			out := &shown{sink: newSink()}
			s.Run(t.Context(), interp.Request{Number: 1, Source: test.text}, out)
			page := strings.Join(out.pages, "\n")
			if !strings.Contains(page, test.want) || strings.Contains(page, `"<b>`) {
				t.Errorf("%s\nhas no %s, or markup of the user's", page, test.want)
			}
		})
	}
}

// TestProgramAgain runs the same cell under another number: what is said of it has that number.
func TestProgramAgain(t *testing.T) {
	s := newSession(t)
	for _, number := range []int{1, 7} {
		out := newSink()
		got := s.Run(t.Context(), interp.Request{Number: number, Source: "%%native\npanic(\"oh\")"}, out)
		want := map[int]string{1: "cell 1, line 2, in main", 7: "cell 7, line 2, in main"}[number]
		if got.Error == nil || !strings.Contains(strings.Join(got.Error.Traceback, "\n"), want) {
			t.Errorf("the error of cell %d is %v", number, got.Error)
		}
	}
}

// TestProgramRestored uses a function that was brought back after the end of a session, and a variable that was not.
func TestProgramRestored(t *testing.T) {
	s := newSession(t)
	s.Restore(t.Context(), []interp.Request{{Number: 1, Source: "import \"fmt\"\nn := 3\nfunc double(n int) int { return n + n }"}})
	out := newSink()
	if got := s.Run(t.Context(), interp.Request{Number: 2, Source: "%%native\nfmt.Println(double(4))"}, out); got.Error != nil {
		t.Errorf("%v", got.Error.Traceback)
	}
	if text := out.take(interp.Stdout); text != "8\n" {
		t.Errorf("printed %q", text)
	}
	got := s.Run(t.Context(), interp.Request{Number: 3, Source: "%%native\nn"}, out)
	if got.Error == nil || !strings.Contains(strings.Join(got.Error.Traceback, "\n"), "n was lost when the session ended") {
		t.Errorf("the error is %v", got.Error)
	}
}

// TestProgramShown asks for the program.
func TestProgramShown(t *testing.T) {
	s := newSession(t)
	out := newSink()
	if got := s.Run(t.Context(), interp.Request{Number: 1, Source: "%%native -v\nprintln(1)"}, out); got.Error != nil || len(got.Notes) != 1 {
		t.Errorf("error %v, notes %v", got.Error, got.Notes)
	}
	if text := out.take(interp.Stdout); !strings.HasPrefix(text, "package main\n\nfunc main() {\nprintln(1)\n}\nbuilt in ") {
		t.Errorf("printed %q", text)
	}
}
