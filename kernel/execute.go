package kernel

import (
	"context"
	"encoding/json"

	"github.com/gobraid/gobraid/interp"
)

// execute runs a cell: busy, execute_input, its output as it comes, its value or its error, the reply,
// idle.
func (k *Kernel) execute(ctx context.Context, sh *shell, r *request) {
	out := newOutlet(k.iopub, r.header)
	k.iopub.begin(r.header, sh == k.shell)
	defer k.iopub.end(r.header, out, sh == k.shell)
	var c executeRequest
	if bad := parse(r, &c); bad != nil {
		k.reply(r, bad, nil)
		return
	}
	started := k.codec.date()
	counts := !c.Silent && or(c.StoreHistory, true)
	ctx, number := sh.begin(ctx, counts, r.Session)
	if !c.Silent {
		k.iopub.post("execute_input", r.header, mustEncode(executeInput{c.Code, number}), nil)
	}
	if counts {
		k.history.add(number, c.Code)
	}
	s := &sink{kernel: k, req: r, out: out, silent: c.Silent, stdin: or(c.AllowStdin, true)}
	outcome := k.runner.Run(ctx, interp.Request{
		Number:      number,
		Source:      c.Code,
		Subshell:    r.Subshell,
		Silent:      c.Silent,
		Engine:      engineOf(r),
		AllowStdin:  s.stdin,
		Expressions: c.Expressions,
	}, s)
	s.ended.Store(true)
	k.conclude(s, number, counts, outcome)
	// What was sent before the client could know of the failure is stopped by it, so that is decided
	// before the reply goes out.
	sh.end(outcome.Error != nil && or(c.StopOnError, true))
	k.reply(r, executeAnswer(number, outcome), answerMetadata(started, outcome))
}

// engineOf returns the engine that the metadata of the cell ask for, "" for none. JupyterLab sends a cell's metadata with it;
// others send none.
func engineOf(r *request) string {
	var m struct {
		Gobraid struct {
			Engine string `json:"engine"`
		} `json:"gobraid"`
	}
	if json.Unmarshal(r.metadata, &m) != nil {
		return "" // metadata of another make are nobody's fault
	}
	return m.Gobraid.Engine
}

// conclude publishes how a cell ended.
func (k *Kernel) conclude(s *sink, number int, counts bool, outcome interp.Outcome) {
	switch {
	case outcome.Error != nil:
		if !s.silent {
			e := outcome.Error
			k.iopub.post("error", s.req.header, mustEncode(errorContent{e.Name, e.Value, lines(e)}), s.out)
		}
	case outcome.Result != nil:
		if counts {
			k.history.result(number, outcome.Result)
		}
		s.result(*outcome.Result, number)
	}
	for _, d := range outcome.Notes {
		s.Display(d)
	}
}

// executeAnswer makes the content of the reply.
func executeAnswer(number int, outcome interp.Outcome) any {
	if e := outcome.Error; e != nil {
		return executeErrorReply{errorReply{statusError, e.Name, e.Value, lines(e)}, number}
	}
	reply := executeReply{Status: statusOK, Count: number, Payload: []any{}, Expressions: map[string]any{}}
	for name, x := range outcome.Expressions {
		reply.Expressions[name] = expressionAnswer(x)
	}
	return reply
}

func expressionAnswer(x interp.Expression) any {
	switch {
	case x.Error != nil:
		return errorReply{statusError, x.Error.Name, x.Error.Value, lines(x.Error)}
	case x.Result != nil:
		return expressionReply{statusOK, orNone(x.Result.MIME), orNone(x.Result.Metadata)}
	}
	return expressionReply{statusOK, map[string]any{}, map[string]any{}}
}

// answerMetadata is what the reply says beside its content: when the cell started, which front ends
// show, which engine ran it, and what the runner has to add.
func answerMetadata(started string, outcome interp.Outcome) map[string]any {
	m := map[string]any{"started": started, "engine": outcome.Engine}
	for key, value := range outcome.Metadata {
		m[key] = value
	}
	if outcome.Exit != nil {
		m["exit"] = *outcome.Exit
	}
	return m
}

// abort answers a cell that is not executed because one before it failed, or the kernel ends.
func abort(k *Kernel, r *request) any {
	return abortedReply{statusAborted, k.shell.count.last()}
}

// refuse answers a request for which the queue has no room, or is no more.
func refuse(k *Kernel, r *request) any {
	sh, there := k.shellOf(r)
	switch {
	case !there:
		return unknownSubshell(k, r)
	case sh.over():
		return abort(k, r)
	}
	return failure("QueueFull", "too many cells are waiting")
}

// lines returns the traceback, never nil.
func lines(e *interp.Error) []string {
	if e.Traceback == nil {
		return []string{}
	}
	return e.Traceback
}

// or returns what p points at, or a default.
func or(p *bool, otherwise bool) bool {
	if p == nil {
		return otherwise
	}
	return *p
}
