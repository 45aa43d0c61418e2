package main

import (
	"testing"

	"github.com/gobraid/gobraid/notebooks"
)

// ran returns a code cell that printed and ended so.
func ran(printed, value, failure string) *notebooks.Cell {
	c := &notebooks.Cell{Type: notebooks.Code}
	if printed != "" {
		c.Outputs = append(c.Outputs, &notebooks.Output{Type: notebooks.StreamOutput, Name: "stdout", Text: printed}, &notebooks.Output{Type: notebooks.StreamOutput, Name: "stderr", Text: "took 1 ms"})
	}
	if value != "" {
		c.Outputs = append(c.Outputs, &notebooks.Output{Type: notebooks.ResultOutput, Data: map[string]any{"text/plain": value}})
	}
	if failure != "" {
		c.Outputs = append(c.Outputs, &notebooks.Output{Type: notebooks.ErrorOutput, EName: failure})
	}
	return c
}

func TestJudgeCell(t *testing.T) {
	tests := []struct {
		name                   string
		stored, reference, got *notebooks.Cell
		want                   verdict
	}{
		{"the same", ran("a\n", "1", ""), ran("a\n", "1", ""), ran("a\n", "1", ""), passedVerdict},
		{"another line", ran("a\n", "", ""), ran("a\n", "", ""), ran("b\n", "", ""), wrongVerdict},
		{"lines that took turns", ran("a\nb\n", "", ""), ran("b\na\n", "", ""), ran("b\na\n", "", ""), passedVerdict},
		{"another value", ran("", "1", ""), ran("", "1", ""), ran("", "2", ""), wrongVerdict},
		{"a line that differs from run to run", ran("1 ms\n", "", ""), ran("2 ms\n", "", ""), ran("3 ms\n", "", ""), passedVerdict},
		{"refused", ran("a\n", "", ""), ran("a\n", "", ""), ran("", "", "Refused"), refusedVerdict},
		{"shows a refusal", ran("", "", "Refused"), ran("", "", "Refused"), ran("", "", "Refused"), passedVerdict},
		{"fails as it should", ran("", "", "Panic"), ran("", "", "Panic"), ran("", "", "Panic"), passedVerdict},
		{"fails otherwise", ran("", "", "Panic"), ran("", "", "Panic"), ran("", "", "Deadlock"), wrongVerdict},
		{"fails", ran("", "", ""), ran("", "", ""), ran("", "", "Panic"), wrongVerdict},
		{"does not fail", ran("", "", "Panic"), ran("", "", "Panic"), ran("", "", ""), wrongVerdict},
	}
	ignored := ran("a\n", "", "")
	ignored.Metadata = map[string]any{"tags": []any{"compare:ignore"}}
	if got, why := judgeCell(ignored, ran("a\n", "", ""), ran("b\n", "", "")); got != passedVerdict {
		t.Errorf("ignored: %s (%s)", got, why)
	}
	for _, test := range tests {
		if got, why := judgeCell(test.stored, test.reference, test.got); got != test.want {
			t.Errorf("%s: %s (%s), want %s", test.name, got, why, test.want)
		}
	}
}
