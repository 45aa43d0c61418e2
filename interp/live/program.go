package live

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"html"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/magic"
	"github.com/gobraid/gobraid/interp/program"
	"github.com/gobraid/gobraid/interp/split"
)

// programs is what the magics know that make a program of a cell.
type programs struct {
	book    *program.Book
	builder *program.Builder
	results *program.Results
}

func newPrograms(opts Options) *programs {
	p := &programs{
		book:    program.NewBook(),
		builder: &program.Builder{Sources: opts.Sources, Cache: opts.Cache},
		results: program.NewResults(),
	}
	if opts.Modules != nil {
		p.builder.Modules = opts.Modules
	}
	return p
}

// separate is said of each of these magics.
const separate = "\nThe cell runs as an ordinary Go program, built with what it needs of earlier cells. Variables of earlier cells start\n" +
	"as they were declared, a trailing expression is printed with fmt.Println, and what the cell declares is not declared\n" +
	"in the session."

// registerPrograms registers the magics that make a program of their cell.
func (s *Session) registerPrograms(r *magic.Registry) {
	for _, m := range []magic.Magic{
		{Name: "native", Usage: "[-v]", Run: s.nativeMagic,
			Help: "Runs the cell as a Go program of its own, without gobraid.\n\n-v  show the program and how long it took" + separate},
		{Name: "race", Usage: "[-v]", Run: s.raceMagic,
			Help: "Runs the cell as a Go program with the race detector, and explains each data race.\n\n-v  show the program and how long it took" + separate},
		{Name: "bench", Usage: "[-count N] [-benchtime T] [-save NAME] [-against NAME]", Run: s.benchMagic, Help: benchHelp + separate},
		{Name: "test", Usage: "[-run RE] [-count N] [-race] [-v]", Run: s.testMagic, Help: testHelp + separate},
	} {
		m.Cell = true
		r.Register(m)
	}
}

// A job is a program of a cell on its way.
type job struct {
	s       *Session
	env     magic.Env
	call    magic.Call
	id      int // of the body's text
	prog    *program.Program
	exe     string
	race    bool
	verbose bool
	built   time.Duration
}

// prepareProgram checks the body of a magic's cell, and makes and builds its program.
func (s *Session) prepareProgram(ctx context.Context, call magic.Call, env magic.Env, opts program.Options, verbose bool) (*job, error) {
	text := strings.Repeat("\n", call.Line) + call.Body
	id := s.texts.id(env.Request, text)
	if opts.Mode != program.Run && s.lacksTesting(text) {
		text = strings.Replace(text, "\n", "import \"testing\"\n", 1) // on the line of the magic, or above it
	}
	if c, err := check.ConstraintOf("", text); err == nil && c != nil && !c.Holds {
		return nil, errors.New(exclusion(c))
	}
	if err := s.resolve(ctx, text, env.Out); err != nil {
		return nil, err
	}
	cell, errs := s.checker.Check(id, s.texts.virtual(id), text)
	if len(errs) > 0 {
		return nil, s.compileError(errs)
	}
	if e := s.missedBy(cell); e != nil {
		return nil, e
	}
	prog, err := s.programs.book.Program(cell, opts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", call, err)
	}
	j := &job{s: s, env: env, call: call, id: id, prog: prog, race: opts.Race, verbose: verbose}
	start := time.Now()
	j.exe, err = j.build(ctx)
	j.built = time.Since(start)
	var build *program.BuildError
	if errors.As(err, &build) && len(build.Errors) > 0 {
		return nil, s.compileError(build.Errors)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", call, err)
	}
	if verbose {
		env.Printf("%s\nbuilt in %.2f s\n", strings.TrimSpace(readable(prog.Source)), j.built.Seconds())
	}
	return j, nil
}

// lacksTesting tells whether a body mentions package testing, and neither it nor an earlier cell imports it.
func (s *Session) lacksTesting(text string) bool {
	if _, ok := s.checker.Imports()["testing"]; ok || s.checker.Lookup("testing") != nil || !strings.Contains(text, "testing.") {
		return false
	}
	parts, errs := split.Split(token.NewFileSet(), "", text)
	return len(errs) == 0 && !parts.Program &&
		!slices.ContainsFunc(parts.Imports, func(spec *ast.ImportSpec) bool { return spec.Path.Value == `"testing"` })
}

// readable leaves the line directives out of a program.
func readable(source string) string {
	var b strings.Builder
	for line := range strings.Lines(source) {
		if !strings.HasPrefix(line, "//line ") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// build builds the program, and tells the user what it waits for if that takes long.
func (j *job) build(ctx context.Context) (string, error) {
	told := make(chan struct{})
	var timer *time.Timer
	exe, err := j.s.programs.builder.Build(ctx, j.prog, j.race, func(what string) {
		timer = time.AfterFunc(patience, func() {
			defer close(told)
			j.env.Out.Output(interp.Stderr, []byte(what+", once on this machine …\n"))
		})
	})
	if timer != nil && !timer.Stop() {
		<-told
	}
	return exe, err
}

// run runs the program, its output going to the cell.
func (j *job) run(ctx context.Context, env []string) (program.End, error) {
	return j.runTo(ctx, j.print, nil, env)
}

// print prints in the cell.
func (j *job) print(p []byte) { j.env.Out.Output(interp.Stdout, p) }

// runTo runs the program, its standard output going to stdout.
func (j *job) runTo(ctx context.Context, stdout func([]byte), args, env []string) (program.End, error) {
	c := program.Command{
		Exe: j.exe, Args: args, Env: env, Stdout: stdout,
		Stderr: func(p []byte) { j.env.Out.Output(interp.Stderr, p) },
	}
	return c.Run(ctx)
}

// remarks are the lines under the cell that say how the program was not the session.
func (j *job) remarks(end program.End) []string {
	var out []string
	for _, n := range j.prog.Notes {
		if line := j.s.noteText(n); line != "" {
			out = append(out, line)
		}
	}
	if j.prog.ReadsInput {
		out = append(out, "the standard input of the program is empty")
	}
	if end.Left {
		out = append(out, "the program left processes running, which were ended")
	}
	if j.verbose {
		out = append(out, fmt.Sprintf("ran for %.3f s, CPU %.3f s", end.Wall.Seconds(), (end.User+end.System).Seconds()))
	}
	return out
}

// noteText says how a variable starts, "" if it starts as it is now.
func (s *Session) noteText(n program.Note) string {
	if s.background.of[n.Var] != nil {
		return "" // nothing has used it yet
	}
	initial := ""
	if n.Init != "" {
		initial = " (" + n.Init + ")"
	}
	now := "as it is now"
	if b := s.scope.Bindings[n.Var]; b != nil && b.Pointer.IsValid() && b.Pointer.Kind() == reflect.Pointer {
		if text, ok := scalar(b.Pointer.Elem()); ok {
			if isNow(n.Init, text) {
				return ""
			}
			now += " (" + text + ")"
		}
	}
	return fmt.Sprintf("%s starts as %s declared it%s, not %s", n.Name, s.texts.cell(n.Cell), initial, now)
}

// scalar returns the value of a number or truth value as text.
func scalar(v reflect.Value) (string, bool) {
	switch {
	case v.Kind() == reflect.Bool, v.CanInt(), v.CanUint(), v.CanFloat():
		return fmt.Sprint(v), true
	}
	return "", false
}

// isNow tells whether an initialiser, "" for none, is a constant that prints as text.
func isNow(init, text string) bool {
	if init == "" {
		return text == "0" || text == "false"
	}
	tv, err := types.Eval(token.NewFileSet(), nil, token.NoPos, init)
	return err == nil && tv.Value != nil && tv.Value.Kind() != constant.String && tv.Value.String() == text
}

// remark shows lines under the cell.
func (j *job) remark(lines []string) {
	if len(lines) == 0 {
		return
	}
	text := strings.Join(lines, "\n")
	page := `<div style="opacity:.7;font-size:90%">` + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") + "</div>"
	j.env.Note(interp.Data{MIME: map[string]any{"text/plain": text, "text/html": page}})
}

// show displays something as text and HTML.
func (j *job) show(text, page string) {
	j.env.Out.Display(interp.Data{MIME: map[string]any{"text/plain": text, "text/html": page}})
}

// death makes the error of a program that did not end well, nil for one that did.
func (j *job) death(end program.End) error {
	switch {
	case end.Death != "":
		return j.s.traceError(program.ParseTrace(end.Death))
	case end.Signal != "":
		text := "the program was ended by " + end.Signal
		return &interp.Error{Name: interp.ErrExit, Value: text, Traceback: []string{text}}
	case end.Status != 0:
		text := fmt.Sprintf("exit status %d", end.Status)
		return &interp.Error{Name: interp.ErrExit, Value: text, Traceback: []string{text}}
	}
	return nil
}

// traceError makes the error of a program that panicked.
func (s *Session) traceError(t program.Trace) *interp.Error {
	first, _, _ := strings.Cut(t.Title, "\n")
	e := &interp.Error{Name: interp.ErrPanic, Value: first, Traceback: append(strings.Split(t.Title, "\n"), "")}
	for _, f := range t.Stack {
		e.Traceback = append(e.Traceback, s.frameLines(f, "")...)
	}
	if t.Started != nil {
		e.Traceback = append(e.Traceback, s.frameLines(*t.Started, "goroutine started at ")...)
	}
	return e
}

// frameLines are a place with its line of source.
func (s *Session) frameLines(f program.Frame, head string) []string {
	line := head + s.texts.file(f.File, f.Line, 0)
	if f.Func != "" && head == "" {
		line += ", in " + f.Func
	}
	return append([]string{line}, s.texts.excerpt(f.File, f.Line, 0)...)
}

// nativeMagic is the magic native.
func (s *Session) nativeMagic(ctx context.Context, call magic.Call, env magic.Env) error {
	verbose, err := onlyVerbose(call)
	if err != nil {
		return err
	}
	j, err := s.prepareProgram(ctx, call, env, program.Options{}, verbose)
	if err != nil {
		return err
	}
	end, err := j.run(ctx, nil)
	if err != nil {
		return err
	}
	j.remark(j.remarks(end))
	return j.death(end)
}

// onlyVerbose reads the arguments of a magic that knows only -v.
func onlyVerbose(call magic.Call) (bool, error) {
	switch call.Args {
	case "":
		return false, nil
	case "-v":
		return true, nil
	}
	return false, fmt.Errorf("%s: there is no such argument, only -v", call)
}
