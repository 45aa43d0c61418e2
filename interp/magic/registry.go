package magic

import (
	"context"
	"fmt"
	"go/scanner"
	"go/token"
	"slices"
	"strings"

	"github.com/gobraid/gobraid/interp"
)

// An Env is what a magic may use.
type Env struct {
	Out     interp.Sink // where output goes
	Dir     string      // the working directory of commands; "" is the process's own
	Environ []string    // the environment of commands; nil is the process's own
	// Request is the cell that the magic is in.
	Request interp.Request
	// Note, if it is not nil, adds to what is shown under the cell when it has ended.
	Note func(d interp.Data)
}

// Printf writes to the standard output of the cell.
func (e Env) Printf(format string, args ...any) {
	e.Out.Output(interp.Stdout, fmt.Appendf(nil, format, args...))
}

// A Magic is something a cell can do besides Go.
type Magic struct {
	Name  string // such as "engine"
	Cell  bool   // whether it is a cell magic, called with two percent signs
	Usage string // its arguments, such as "[auto|yaegi|compiled]"; "" if it takes none
	Help  string // what it does: a line, then perhaps more
	// Aside says that the magic only looks, or acts on what runs: it may run beside a running cell, and its Run
	// is safe to be called by several goroutines.
	Aside bool
	// Run does it. It blocks until it is done or ctx ends. Its error is the cell's error.
	Run func(ctx context.Context, call Call, env Env) error
}

// A Registry holds the magics there are. It must not be changed while it is used.
type Registry struct {
	magics map[string]Magic // by the name as it is written
}

// NewRegistry returns a registry with help, lsmagic and the shell command.
func NewRegistry() *Registry {
	r := &Registry{magics: make(map[string]Magic)}
	r.Register(Magic{Name: "help", Usage: "[NAME]", Help: "Tells what a magic does, or what all of them do.", Aside: true, Run: r.help})
	r.Register(Magic{Name: "lsmagic", Help: "Lists the magics.", Aside: true, Run: r.list})
	r.Register(Magic{Name: Shell, Usage: "COMMAND", Help: "Runs a shell command and shows its output as it comes.", Run: shell})
	return r
}

// Register adds a magic. It panics if there is one of that name already, or if it has no name or nothing
// to run.
func (r *Registry) Register(m Magic) {
	title := Call{Name: m.Name, Cell: m.Cell}.title()
	if m.Name == "" || m.Run == nil {
		panic("magic: Register of a magic without Name or Run")
	}
	if _, ok := r.magics[title]; ok {
		panic("magic: Register of " + title + " twice")
	}
	r.magics[title] = m
}

// Names returns the magics as they are written, such as "%engine", sorted.
func (r *Registry) Names() []string {
	var names []string
	for title := range r.magics {
		names = append(names, title)
	}
	slices.Sort(names)
	return names
}

// Check returns the error that running a call must end in: an *[UnknownError], or one that says how the
// magic is written. It runs nothing, so a cell can be refused as a whole.
func (r *Registry) Check(call Call) error {
	if _, ok := r.magics[call.title()]; ok {
		if call.Late {
			return fmt.Errorf("%s must be the first line of its cell", call.title())
		}
		return nil
	}
	other := call
	other.Cell = !call.Cell
	if m, ok := r.magics[other.title()]; ok {
		return fmt.Errorf("there is no %s, it is written %s", call.title(), usage(m))
	}
	return &UnknownError{Name: call.title(), Nearest: nearest(call.title(), r.Names())}
}

// Run runs a call, after [Registry.Check].
func (r *Registry) Run(ctx context.Context, call Call, env Env) error {
	if err := r.Check(call); err != nil {
		return err
	}
	return r.magics[call.title()].Run(ctx, call, env)
}

// Aside reports whether the text of a cell consists of magics only that may run beside a running cell. It may be called
// from any goroutine.
func (r *Registry) Aside(source string) bool {
	calls, rest := Parse(source)
	if len(calls) == 0 || !blankText(rest) {
		return false
	}
	for _, c := range calls {
		if m, ok := r.magics[c.title()]; !ok || !m.Aside {
			return false
		}
	}
	return true
}

// Asides returns the magics that may run beside a running cell, as they are written, sorted.
func (r *Registry) Asides() []string {
	return slices.DeleteFunc(r.Names(), func(title string) bool { return !r.magics[title].Aside })
}

// Looks returns a registry that knows of magics only that they may run beside a running cell: what [Registry.Asides]
// of another has returned. It is for [Registry.Aside] in another process.
func Looks(titles []string) *Registry {
	r := &Registry{magics: map[string]Magic{}}
	for _, title := range titles {
		r.magics[title] = Magic{Aside: true}
	}
	return r
}

// blankText reports whether a text has nothing but blanks and comments.
func blankText(text string) bool {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, []byte(text), func(token.Position, string) {}, 0)
	_, tok, _ := s.Scan()
	return tok == token.EOF
}

// usage returns how a magic is written.
func usage(m Magic) string {
	sep := " "
	if m.Name == Shell {
		sep = ""
	}
	return strings.TrimSpace(Call{Name: m.Name, Cell: m.Cell}.title() + sep + m.Usage)
}

// help is the magic of that name.
func (r *Registry) help(_ context.Context, call Call, env Env) error {
	if call.Args != "" {
		m, err := r.lookup(call.Args)
		if err != nil {
			return err
		}
		env.Printf("%s\n\n%s\n", usage(m), m.Help)
		return nil
	}
	width := 0
	for _, m := range r.magics {
		width = max(width, len(usage(m)))
	}
	for _, title := range r.Names() {
		m := r.magics[title]
		line, _, _ := strings.Cut(m.Help, "\n")
		env.Printf("%-*s  %s\n", width, usage(m), line)
	}
	return nil
}

// lookup finds a magic by its name, written with percent signs or without.
func (r *Registry) lookup(name string) (Magic, error) {
	for _, title := range []string{name, "%" + name, "%%" + name} {
		if m, ok := r.magics[title]; ok {
			return m, nil
		}
	}
	title := "%" + strings.TrimLeft(name, "%")
	return Magic{}, &UnknownError{Name: title, Nearest: nearest(title, r.Names())}
}

// list is the magic lsmagic.
func (r *Registry) list(_ context.Context, _ Call, env Env) error {
	env.Printf("%s\n", strings.Join(r.Names(), "  "))
	return nil
}
