package kernel

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// A handler handles one type of request. It returns the content of the reply, nil for none.
type handler struct {
	handle func(k *Kernel, r *request) any
	// queued handlers run one after the other, in the order of the requests, on the shell's goroutine.
	// The others pre-empt: they run on the goroutine of the connection and must not block, so that
	// they are answered whatever a cell does.
	queued bool
	// control says that the request may come on the control channel, and only that it may come on no other.
	control, only bool
}

// handlers lists what the kernel knows to answer. Execute has its own way through the shell.
func handlers() map[string]handler {
	return map[string]handler{
		"execute_request":     {handle: nil, queued: true},
		"comm_open":           {handle: commOpen, queued: true},
		"comm_msg":            {handle: commIgnore, queued: true},
		"comm_close":          {handle: commIgnore, queued: true},
		"kernel_info_request": {handle: kernelInfo, control: true},
		"connect_request":     {handle: connectInfo, control: true},
		"interrupt_request":   {handle: interrupt, control: true},
		"shutdown_request":    {handle: shutdown, control: true},
		"comm_info_request":   {handle: commInfo, control: true},
		"history_request":     {handle: recall, control: true},
		"is_complete_request": {handle: isComplete, control: true},
		"complete_request":    {handle: complete, control: true},
		"inspect_request":     {handle: inspect, control: true},

		"create_subshell_request": {handle: createSubshell, control: true, only: true},
		"delete_subshell_request": {handle: deleteSubshell, control: true, only: true},
		"list_subshell_request":   {handle: listSubshell, control: true, only: true},
	}
}

// receive takes a message from a channel. It is called on a goroutine of the connection; other
// connections go on meanwhile.
func (k *Kernel) receive(c channel, p peer, frames [][]byte) {
	prefix, m, err := k.codec.decode(frames)
	if err != nil {
		k.stats.count(err)
		k.opts.Log.Warn("message refused", "channel", c, "reason", err)
		return
	}
	p.Trust()
	if c == stdinChannel {
		if m.Type != "input_reply" || !k.stdin.receive(m) {
			k.ignore(c, m)
		}
		return
	}
	h, known := k.handlers[m.Type]
	if !known || c == controlChannel && !h.control || h.only && (c != controlChannel || k.concurrent() == nil) {
		k.ignore(c, m)
		return
	}
	r := &request{message: m, channel: c, peer: p, prefix: prefix}
	sh, there := k.shellOf(r)
	switch {
	case !there:
		k.serve(r, unknownSubshell)
	case !h.queued:
		k.serve(r, h.handle)
	case sh == k.shell && k.passes(r) && k.subshells.pass(func(ctx context.Context, sh *shell) { k.execute(ctx, sh, r) }):
	case !sh.put(r):
		k.serve(r, refuse)
	}
}

// shellOf returns the shell that is to execute a request. Only what comes on the shell channel can be for a subshell, and
// a kernel without subshells ignores that it is.
func (k *Kernel) shellOf(r *request) (*shell, bool) {
	if r.channel != shellChannel || k.concurrent() == nil {
		return k.shell, true
	}
	return k.subshells.of(r.Subshell)
}

// ignore drops a message that the kernel has no use for, as the protocol wants it.
func (k *Kernel) ignore(c channel, m *message) {
	k.stats.unknown.Add(1)
	k.opts.Log.Info("message ignored", "channel", c, "type", m.Type)
}

// serve handles a request beside whatever cell runs.
func (k *Kernel) serve(r *request, handle func(*Kernel, *request) any) {
	k.iopub.beside(r.header)
	content := handle(k, r)
	if content != nil && strings.HasSuffix(r.Type, "_request") { // nothing else has a reply
		k.reply(r, content, nil)
	}
	k.iopub.unsay(r.header)
	if _, ok := content.(shutdownContent); ok {
		k.stop()
	}
}

// reply sends the answer to a request to the one who sent it.
func (k *Kernel) reply(r *request, content any, metadata map[string]any) {
	body, err := encodeJSON(content)
	if err != nil {
		body = mustEncode(failure("EncodingError", err.Error()))
	}
	extra, err := encodeJSON(orNone(metadata))
	if err != nil {
		extra = nil
	}
	frames, _ := k.codec.encode(replyType(r.Type), r.header, extra, body)
	whole := append(append([][]byte{}, r.prefix...), frames...)
	if err := r.peer.Send(whole); err != nil {
		k.opts.Log.Info("reply lost", "type", r.Type, "reason", err)
	}
}

func replyType(request string) string {
	return strings.TrimSuffix(request, "_request") + "_reply"
}

// parse decodes the content of a request, or returns the reply that says it cannot be decoded.
func parse(r *request, content any) (bad any) {
	if err := json.Unmarshal(r.content, content); err != nil {
		return failure("BadRequest", fmt.Sprintf("content of %s: %v", r.Type, err))
	}
	return nil
}

func failure(name, value string) errorReply {
	return errorReply{Status: statusError, Name: name, Value: value, Traceback: []string{}}
}

// welcome makes the message with which a new subscriber knows that it will miss nothing from now on.
func (k *Kernel) welcome(topic string) [][]byte {
	frames, _ := k.codec.encode("iopub_welcome", nil, nil, mustEncode(welcomeContent{topic}))
	return append([][]byte{k.iopub.topic("iopub_welcome")}, frames...)
}
