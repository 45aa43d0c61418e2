package kernel

import "time"

// What a task gives out after its cell has ended goes to that cell's place, which may be far from where the reader looks.
// So its messages say that they are late, in their metadata, and one line says it in the cell.
const lateLine = "[after the cell ended]\n"

var lateMetadata = []byte(`{"gobraid":{"late":true}}`)

// mark puts the line that announces late output into a stream, if that is due. The caller holds the mutex of
// the iopub.
func (out *outlet) mark(s *stream) {
	if !out.late || out.marked {
		return
	}
	out.marked = true
	line := lateLine
	if out.midline == s {
		line = "\n" + line
	}
	s.text = append(s.text, line...)
	out.pub.held += len(line)
	if s.due.IsZero() {
		out.pub.schedule(s, time.Now())
	}
}
