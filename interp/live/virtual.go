package live

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/gobraid/gobraid/concurrency/task"
	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check"
	"github.com/gobraid/gobraid/interp/magic"
)

// virtualWrapper is %%virtual.
func virtualWrapper() wrapper {
	return wrapper{
		Magic: magic.Magic{
			Name: "virtual", Cell: true, Usage: "[SEED]",
			Help: `Runs the cell on a clock of its own, which stands still while anything can be done and then jumps to what is next.
An hour of sleeping passes in no time, and what happens when is the same on every run: one task runs at a
time, until it waits. The clock begins at midnight of 1 January 2000 UTC. With a seed, the order in which tasks go
on and what select chooses come from random numbers made from that: the same seed gives the same run.
A cell that waits for what can never happen ends with an error. Network, child processes, signals and input are
refused. Tasks of other cells go on as they are, on the real clock; what they send, close and unlock is noticed when no task of
this cell can go on. Tasks that the cell leaves behind go on at the pace of real time.`,
			Run: func(context.Context, magic.Call, magic.Env) error {
				return errors.New("%%virtual stands above everything else in a cell")
			},
		},
		apply: func(args string, h *how) error {
			h.virtual = true
			args = strings.TrimSpace(args)
			if args == "" {
				return nil
			}
			seed, err := strconv.ParseUint(args, 10, 64)
			if err != nil {
				return fmt.Errorf("%%%%virtual: %q is no seed: it is a number, such as 7", args)
			}
			h.seed = seed
			return nil
		},
	}
}

// dressVirtual prepares a run that is to go on a clock of its own.
func (h how) dressVirtual(run *task.Run) {
	if h.virtual {
		run.Virtual(h.seed)
	}
}

// timeVirtual adds how much time has passed on the clock of a run to its outcome.
func (h how) timeVirtual(run *task.Run, outcome *interp.Outcome) {
	if !h.virtual {
		return
	}
	if outcome.Metadata == nil {
		outcome.Metadata = map[string]any{}
	}
	outcome.Metadata["virtual_seconds"] = run.Elapsed().Seconds()
}

// refuseReal returns the error of a cell that is to run on a clock of its own and mentions what does real input or
// output, nil if it does not. It knows what the cell itself mentions, not what functions of earlier cells do.
func (s *Session) refuseReal(cell *check.Cell, h how) *interp.Error {
	if !h.virtual {
		return nil
	}
	var found []*ast.Ident
	for id, obj := range cell.Info.Uses {
		if isReal(obj) {
			found = append(found, id)
		}
	}
	if len(found) == 0 {
		return nil
	}
	slices.SortFunc(found, func(a, b *ast.Ident) int { return int(a.Pos() - b.Pos()) })
	e := &interp.Error{Name: interp.ErrRefused}
	for _, id := range found {
		p := cell.Fset.Position(id.Pos())
		line := fmt.Sprintf("%s: %s", s.texts.file(p.Filename, p.Line, p.Column), task.RefusalOf(realName(cell.Info.Uses[id])))
		if e.Value == "" {
			e.Value = line
		}
		e.Traceback = append(e.Traceback, line)
		e.Traceback = append(e.Traceback, s.texts.excerpt(p.Filename, p.Line, p.Column)...)
	}
	e.Traceback = append(e.Traceback, "        run the cell without %%virtual, or give the code a stand-in such as a channel or a buffer")
	return e
}

// realFuncs are the beginnings of the names of functions and methods, by package, that wait for something outside the process, or
// inside a library where the scheduler cannot see it. An empty one stands for all.
var realFuncs = map[string][]string{
	"net":                        {"Dial", "Listen", "Lookup", "Resolve", "File", "Pipe", "Accept", "Read", "Write", "Interface"},
	"net/http":                   {"Get", "Post", "Head", "ListenAndServe", "Serve", "Do", "RoundTrip", "Shutdown"},
	"net/http/httptest":          {"NewServer", "NewTLSServer", "NewUnstartedServer", "Start"},
	"net/rpc":                    {"Dial", "Accept", "Serve", "Call", "Go"},
	"net/smtp":                   {"Dial", "SendMail"},
	"crypto/tls":                 {"Dial", "Listen", "Handshake", "Read", "Write"},
	"os":                         {"StartProcess", "FindProcess", "Pipe", "Stdin"},
	"os/exec":                    {"Command", "Run", "Start", "Output", "CombinedOutput", "Wait"},
	"os/signal":                  {"Notify"},
	"syscall":                    {""},
	"io":                         {"Pipe"},
	"fmt":                        {"Scan"},
	"database/sql":               {"Open", "Query", "Exec", "Ping", "Begin", "Prepare"},
	"testing/synctest":           {""},
	"golang.org/x/sync/errgroup": {""},
}

// isReal tells whether a function or variable of a library does real input or output, or waits for it.
func isReal(obj types.Object) bool {
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	switch o := obj.(type) {
	case *types.Func:
		if slices.Contains(pure, o.FullName()) {
			return false
		}
	case *types.Var:
		if o.IsField() || o.Name() != "Stdin" {
			return false
		}
	default:
		return false
	}
	for _, begin := range realFuncs[obj.Pkg().Path()] {
		if strings.HasPrefix(obj.Name(), begin) {
			return true
		}
	}
	return false
}

// pure are functions with such names that only compute.
var pure = []string{
	"(net/http.Header).Get", "(net/http.Header).Write", "(net/http.Header).WriteSubset", "(*net/http.ServeMux).ServeHTTP",
	"(net/http.HandlerFunc).ServeHTTP", "(net/http.Handler).ServeHTTP", "net/http.ServeContent",
}

// realName writes what the user has mentioned, such as http.Get.
func realName(obj types.Object) string {
	f, ok := obj.(*types.Func)
	if !ok || f.Signature().Recv() == nil {
		return obj.Pkg().Name() + "." + obj.Name()
	}
	recv := types.TypeString(f.Signature().Recv().Type(), func(p *types.Package) string { return p.Name() })
	if strings.HasPrefix(recv, "*") {
		recv = "(" + recv + ")"
	}
	return recv + "." + f.Name()
}
