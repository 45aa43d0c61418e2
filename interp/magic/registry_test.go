package magic_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/magic"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A sink keeps output, by stream, and tells of the first.
type sink struct {
	mu    sync.Mutex
	text  map[interp.Stream]*bytes.Buffer
	first func()
}

func newSink() *sink {
	return &sink{text: map[interp.Stream]*bytes.Buffer{interp.Stdout: {}, interp.Stderr: {}}}
}

func (s *sink) Output(stream interp.Stream, text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text[stream].Write(text)
	if s.first != nil {
		s.first()
		s.first = nil
	}
}

func (s *sink) Display(interp.Data) {}

func (s *sink) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("no input")
}

func (s *sink) String() string { return s.text[interp.Stdout].String() }

func registry(t *testing.T) (r *magic.Registry, calls *[]magic.Call) {
	t.Helper()
	r, calls = magic.NewRegistry(), new([]magic.Call)
	run := func(_ context.Context, c magic.Call, _ magic.Env) error { *calls = append(*calls, c); return nil }
	r.Register(magic.Magic{Name: "engine", Usage: "[auto|yaegi|compiled]", Help: "Shows or sets the engine.\nMore of it.", Run: run})
	r.Register(magic.Magic{Name: "who", Help: "Lists the names in scope.", Run: run})
	r.Register(magic.Magic{Name: "test", Cell: true, Help: "Tests.", Run: run})
	return r, calls
}

// do runs the magics of a cell and returns what they print, or the error.
func do(r *magic.Registry, source string) string {
	out := newSink()
	calls, _ := magic.Parse(source)
	for _, c := range calls {
		if err := r.Run(context.Background(), c, magic.Env{Out: out}); err != nil {
			return "error: " + err.Error()
		}
	}
	return out.String()
}

func TestRun(t *testing.T) {
	r, calls := registry(t)
	if got := do(r, "%engine yaegi\nx\n"); got != "" || len(*calls) != 1 || (*calls)[0].Args != "yaegi" {
		t.Errorf("%q, calls %v", got, *calls)
	}
	if got := do(r, "%%test\nbody"); got != "" || len(*calls) != 2 || (*calls)[1].Body != "body" {
		t.Errorf("%q, calls %v", got, *calls)
	}
}

func TestErrors(t *testing.T) {
	r, calls := registry(t)
	tests := []struct{ source, want string }{
		{"%engin", "unknown magic %engin, did you mean %engine?"},
		{"%egnine", "unknown magic %egnine, did you mean %engine?"},
		{"%eng", "unknown magic %eng, did you mean %engine?"},
		{"%whoo", "unknown magic %whoo, did you mean %who?"},
		{"%Who", "unknown magic %Who, did you mean %who?"},
		{"%%tset", "unknown magic %%tset, did you mean %%test?"},
		{"%ls", "unknown magic %ls, did you mean %lsmagic?"},
		{"%matplotlib inline", "unknown magic %matplotlib, %lsmagic lists what there is"},
		{"%a", "unknown magic %a, %lsmagic lists what there is"},
		{"%%engine yaegi", "there is no %%engine, it is written %engine [auto|yaegi|compiled]"},
		{"%test", "there is no %test, it is written %%test"},
		{"x\n%%test", "%%test must be the first line of its cell"},
		{"%help whho", "unknown magic %whho, did you mean %who?"},
		{"!", "! needs a command, such as !ls"},
		{"!exit 3", "!exit 3: exit status 3"},
	}
	for _, test := range tests {
		if got := do(r, test.source); got != "error: "+test.want {
			t.Errorf("%q: %s\nwant %s", test.source, got, test.want)
		}
	}
	if len(*calls) > 0 {
		t.Errorf("ran %v", *calls)
	}
	var unknown *magic.UnknownError
	if err := r.Check(magic.Call{Name: "whom"}); !errors.As(err, &unknown) || unknown.Nearest != "%who" {
		t.Errorf("Check = %v", err)
	}
}

func TestHelp(t *testing.T) {
	r, _ := registry(t)
	const all = `!COMMAND                       Runs a shell command and shows its output as it comes.
%%test                         Tests.
%engine [auto|yaegi|compiled]  Shows or sets the engine.
%help [NAME]                   Tells what a magic does, or what all of them do.
%lsmagic                       Lists the magics.
%who                           Lists the names in scope.
`
	if got := do(r, "%help"); got != all {
		t.Errorf("help:\n%s\nwant\n%s", got, all)
	}
	for _, name := range []string{"engine", "%engine"} {
		if got := do(r, "%help "+name); got != "%engine [auto|yaegi|compiled]\n\nShows or sets the engine.\nMore of it.\n" {
			t.Errorf("help %s:\n%s", name, got)
		}
	}
	if got := do(r, "%lsmagic"); got != "!  %%test  %engine  %help  %lsmagic  %who\n" {
		t.Errorf("lsmagic: %s", got)
	}
}

func TestRegisterPanics(t *testing.T) {
	r, _ := registry(t)
	run := func(context.Context, magic.Call, magic.Env) error { return nil }
	for want, m := range map[string]magic.Magic{
		"magic: Register of %who twice":                  {Name: "who", Run: run},
		"magic: Register of a magic without Name or Run": {Name: "x"},
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("panic %v, want %s", got, want)
				}
			}()
			r.Register(m)
		}()
	}
}

func TestShell(t *testing.T) {
	out, dir := newSink(), t.TempDir()
	if err := os.WriteFile(dir+"/a", []byte("content\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	calls, _ := magic.Parse("!cat a; echo $WORD \\\n  more; echo oops >&2")
	env := magic.Env{Out: out, Dir: dir, Environ: append(os.Environ(), "WORD=some")}
	if err := magic.NewRegistry().Run(context.Background(), calls[0], env); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "content\nsome more\n" {
		t.Errorf("standard output %q", got)
	}
	if got := out.text[interp.Stderr].String(); got != "oops\n" {
		t.Errorf("standard error %q", got)
	}
}

func TestShellIsKilledWithItsChildren(t *testing.T) {
	// The loops print for ever: the pipe closes, and Run returns, only when both are gone.
	ctx, cancel := context.WithCancel(context.Background())
	out := newSink()
	out.first = cancel
	call := magic.Call{Name: magic.Shell, Args: "while :; do echo a; done & while :; do echo b; done"}
	if err := magic.NewRegistry().Run(ctx, call, magic.Env{Out: out}); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
}

func TestShellLeavesNothingBehind(t *testing.T) {
	call := magic.Call{Name: magic.Shell, Args: "sleep 1000 & echo $!"}
	out := newSink()
	err := magic.NewRegistry().Run(context.Background(), call, magic.Env{Out: out})
	if err == nil || !strings.Contains(err.Error(), "left a process in the background") {
		t.Errorf("error = %v", err)
	}
}

func TestAside(t *testing.T) {
	r := magic.NewRegistry()
	run := func(context.Context, magic.Call, magic.Env) error { return nil }
	r.Register(magic.Magic{Name: "look", Aside: true, Run: run})
	r.Register(magic.Magic{Name: "change", Run: run})
	r.Register(magic.Magic{Name: "look", Cell: true, Run: run})
	for source, want := range map[string]bool{
		"%look":                        true,
		"  %look all\n\n%help look\n":  true,
		"// why\n%look\n/* and\nso */": true,
		"":                             false,
		"// nothing":                   false,
		"%look\nx := 1":                false,
		"%look\n%change":               false,
		"%%look\ntext":                 false,
		"%unknown":                     false,
		"%look\n!ls":                   false,
		"%look\n\"unfinished":          false,
	} {
		if got := r.Aside(source); got != want {
			t.Errorf("Aside(%q) = %v", source, got)
		}
	}
}
