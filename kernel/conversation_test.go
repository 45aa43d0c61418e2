package kernel

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected messages in testdata/conversations")

// TestConversations plays the conversations in testdata/conversations. Each is a txtar archive: prose
// that says what it shows, a section "talk" with one step a line, and a section "want" with the
// messages that the kernel sends. The steps are
//
//	ID CHANNEL TYPE CONTENT   sends a message, and does not wait
//	await ID                  waits for the reply to ID and its idle, and shows what has come for ID
//	see ID TYPE               shows what has come for ID on a channel up to a message of that type
//	as NAME                   what follows is sent by another client
//	subshell ID               creates a subshell, which is called ID
//	in ID                     what follows is for a subshell; "in -" is for the main shell again
//	delete ID                 deletes a subshell
//	without stdin             the present client has no stdin channel
//	answer ID TEXT            answers the question that ID asked, naming the question
//	# …                       nothing
//
// Messages are shown in the order in which they were sent on their channel, iopub last. A message of
// the cell that runs shows up only when that cell is asked for. Dates are replaced; ids are left out,
// for messages are found by them. How often the busy of a cell is said again is left out too:
// TestBusyAgain looks after it.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/conversations/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			play(t, file)
		})
	}
}

func play(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.Files) != 2 || archive.Files[0].Name != "talk" || archive.Files[1].Name != "want" {
		t.Fatal("want the sections talk and want")
	}
	_, m, _ := start(t, Options{Name: "gobraid", Version: "1", GoVersion: "go1.26", IsComplete: balanced})
	p := &player{memory: m, client: "client", kinds: map[string]string{}, subs: map[string]string{}, shown: map[string]bool{}}
	for line := range strings.Lines(string(archive.Files[0].Data)) {
		p.step(strings.TrimSpace(line))
	}
	if *update {
		archive.Files[1].Data = []byte(p.out.String())
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got, want := p.out.String(), string(archive.Files[1].Data); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// balanced stands for the real thing.
func balanced(code string) (status, indent string) {
	switch open, closed := strings.Count(code, "{"), strings.Count(code, "}"); {
	case open > closed:
		return "incomplete", "\t"
	case open < closed:
		return "invalid", ""
	}
	return "complete", ""
}

// A player carries out the steps of a conversation.
type player struct {
	*memory
	client string
	kinds  map[string]string // type of each request
	shown  map[string]bool   // ids of the messages that have been shown
	in     string            // the subshell
	subs   map[string]string // ids of subshells, by what they are called
	out    strings.Builder
}

func (p *player) step(line string) {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "", "#":
	case "await":
		p.show(rest, p.wait(rest, "the end", done(p.kinds[rest])))
	case "see":
		id, kind, _ := strings.Cut(rest, " ")
		p.see(id, kind)
	case "as":
		p.client = rest
	case "subshell":
		p.send("create "+rest, "control create_subshell_request {}")
		got := p.wait("create "+rest, "the reply", done("create_subshell_request"))
		p.subs[rest], _ = reply(got).content["subshell_id"].(string)
	case "in":
		p.in = ""
		if rest != "-" {
			p.in = cmp.Or(p.subs[rest], rest)
		}
	case "delete":
		p.send(verb+" "+rest, fmt.Sprintf("control delete_subshell_request {\"subshell_id\": %q}", p.subs[rest]))
		p.wait(verb+" "+rest, "the reply", done("delete_subshell_request"))
	case "without":
		p.nobody = p.client
	case "answer":
		id, text, _ := strings.Cut(rest, " ")
		got := p.wait(id, "its question", func(got []captured) bool { return slices.ContainsFunc(got, isQuestion) })
		question := got[slices.IndexFunc(got, isQuestion)]
		p.caller(stdinChannel).send("answer to "+id, "input_reply", question.header, fmt.Sprintf(`{"value": %q}`, text))
	default:
		p.send(verb, rest)
	}
}

func isQuestion(c captured) bool { return c.is("input_request") }

func (p *player) caller(c channel) caller { return caller{p.memory, c, p.client} }

func (p *player) send(id, rest string) {
	fields := strings.SplitN(rest, " ", 3)
	if len(fields) != 3 {
		p.t.Fatalf("not a step: %s %s", id, rest)
	}
	for c := range channels {
		if c.String() == fields[0] {
			p.kinds[id] = fields[1]
			p.caller(c).sendTo(p.in, id, fields[1], Header{}, fields[2])
			return
		}
	}
	p.t.Fatalf("no such channel: %s", fields[0])
}

// see waits for a message that was not shown yet, and shows what its channel carried up to it.
func (p *player) see(id, kind string) {
	at := -1
	got := p.wait(id, kind, func(got []captured) bool {
		at = slices.IndexFunc(got, func(c captured) bool { return c.is(kind) && !p.shown[c.header.ID] })
		return at >= 0
	})
	channel := got[at].channel
	p.show(id, slices.DeleteFunc(got[:at+1], func(c captured) bool { return c.channel != channel }))
}

// show writes down what was not shown yet: replies and questions, then what was broadcast.
func (p *player) show(id string, got []captured) {
	var direct, broadcast []captured
	for _, c := range got {
		switch {
		case p.shown[c.header.ID] || c.busy() && p.shown["busy "+id]:
		case c.channel == "iopub":
			broadcast = append(broadcast, c)
		default:
			direct = append(direct, c)
		}
		p.shown[c.header.ID] = true
		p.shown["busy "+id] = p.shown["busy "+id] || c.busy()
	}
	for _, c := range append(direct, broadcast...) {
		fmt.Fprintf(&p.out, "%s %s\n", id, c)
	}
}
