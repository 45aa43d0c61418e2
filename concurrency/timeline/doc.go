// Package timeline draws what the tasks of a cell did over time, as a picture and in words.
//
// [SVG] draws a [task.Trace], which a [task.Recording] gives, and [Text] tells the same to those who cannot see it:
//
//	picture := timeline.SVG(trace, timeline.Options{Title: "Cell 3"})
//	words := timeline.Text(trace, timeline.Options{})
//
// Neither blocks, neither changes the trace, and both can be called by many goroutines at a time. Equal arguments give equal bytes.
//
// # What the picture shows
//
// Time goes from left to right. Each task has a lane, below that of the task that started it and indented; a dotted line
// leads from the one to the other. On the lane a task
//
//   - runs, or is ready to and waits for a processor: a full bar. The trace does not tell the two from each other;
//   - waits for a channel, a lock, a group or result, or something else: lower bars, each with a colour, a pattern and a height of its
//     own, so that they can be told apart on paper and by those who see few colours;
//   - sleeps: a line.
//
// Of up to ten lanes, what a task waits for and the line are written below, where there is room.
//
// Arrows lead from a task to one that it let go on: by a value, the close of a channel, an unlock, being done or
// a cancellation. Small triangles are lines that were printed, diamonds lines on stderr. The sign at the end of a lane tells
// whether the task returned, panicked, was told to end or is still alive. Everything has a text on hover, with the
// line of the source if [Options.Source] gives it.
//
// # Much of it
//
// Spans that are too narrow to be seen are drawn together, as a stack in which each kind has the part of its height that is its share of the
// time. Arrows that would lie on each other are left out, and the picture says how many. Of more than 42 tasks, those that
// were started at the same line by the same one, or by ones that are together, share a lane: a band as high as the number of
// them alive, divided into what they do. The smallest groups stay apart as long as there is room. A picture takes at most about 380 kB;
// the more there is, the coarser it gets. It is 900 units wide and as high as it must be.
//
// The picture has no script, and its colours are attributes; a style only changes them where the page is dark. So it survives
// sanitisers, export and printing. The texts on hover need the SVG to stand in the page itself; a page that
// shows it as an image, as JupyterLab and nbconvert do with image/svg+xml, has none.
//
// # Costs
//
// BenchmarkSVG: a picture of 100 events takes 1 ms, of 4,000 events 60 ms, of 200,000 a quarter of a second, on a shared core.
//
// # Other traces
//
// A [Chart] is what is drawn, in plain data. Package interp/threads makes one of Go's own execution trace.
package timeline
