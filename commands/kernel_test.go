package commands

import (
	"bytes"
	"context"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/assist"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
	"github.com/gobraid/gobraid/interp/live"
)

func TestIsComplete(t *testing.T) {
	tests := []struct{ code, status, indent string }{
		{"x := 1", "complete", ""},
		{"for {", "incomplete", "\t"},
		{"func )(", "invalid", ""},
		{"%engine", "complete", ""},
		{"%engine yaegi\n!ls", "complete", ""},
		{"%%time\nfor {", "complete", ""},
		{"%who\nif x {", "incomplete", "\t"},
		{"%who\nfunc )(", "invalid", ""},
	}
	for _, test := range tests {
		if status, indent := isComplete(test.code); status != test.status || indent != test.indent {
			t.Errorf("%q is %s, indent %q, want %s, %q", test.code, status, indent, test.status, test.indent)
		}
	}
}

// What is offered after a percent sign is what a session has.
func TestMagics(t *testing.T) {
	session, err := live.New(live.Options{Importer: stdtypes.NewImporter(token.NewFileSet())})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	var out bytes.Buffer
	sink := &terminalSink{stdout: &out, stderr: &out}
	if o := session.Run(t.Context(), interp.Request{Number: 1, Source: "%lsmagic"}, sink); o.Error != nil {
		t.Fatal(o.Error)
	}
	want := append(strings.Fields(out.String()), "%replay", "%get") // which are the supervisor's, and of a session with modules
	want = slices.DeleteFunc(want, func(s string) bool { return s == "!" })
	slices.Sort(want)
	var got []string
	_, _, found := assist.New(session.Names).Complete(t.Context(), "%", 1)
	for _, m := range found {
		got = append(got, m.Text)
	}
	if !slices.Equal(got, want) {
		t.Errorf("offered are %q, a session has %q", got, want)
	}
}

// The kernel's options reach the assistant, and cells that ran teach it.
func TestKernelOptions(t *testing.T) {
	r := newStill()
	s, gate, _ := gated(r)
	close(gate)
	defer func() { _ = s.Close() }()
	opts := kernelOptions(s)
	if opts.Name != "gobraid" || opts.Version != Version || opts.Banner == "" {
		t.Errorf("options %+v", opts)
	}
	<-run(s, t.Context(), "type T struct{}\nfunc (T) Learned() {}")
	s.runner = scoped{r}
	c := opts.Complete(context.Background(), "äx.Lea", 6)
	if len(c.Matches) != 1 || c.Matches[0].Text != "Learned" || c.Matches[0].Kind != "method" || c.Start != 3 || c.End != 6 {
		t.Errorf("completion %+v", c)
	}
	if i := opts.Inspect(context.Background(), "äx", 2, 0); i == nil || i.MIME["text/plain"] != "var äx T\n\nDeclared in cell 7." {
		t.Errorf("inspection %+v", i)
	}
	if i := opts.Inspect(context.Background(), "nosuch", 2, 0); i != nil {
		t.Errorf("inspection of nothing %+v", i)
	}
}

// A scoped session has a variable of a type that a cell declared.
type scoped struct{ *still }

func (scoped) Names() []interp.Name {
	return []interp.Name{{Name: "T", Kind: "type", Type: "struct{}", Cell: 7}, {Name: "äx", Kind: "var", Type: "T", Cell: 7}}
}
