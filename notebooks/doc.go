// Package notebooks reads, writes and runs Jupyter notebooks without Jupyter.
//
// The folder also holds the walk-throughs themselves, the .ipynb files. Their outputs come from running
// them (make notebooks) and are never edited by hand.
//
// # Files
//
// [Read] and [Parse] take nbformat 4.0 to 4.5 and whatever later 4.x adds: fields the package does not
// know are kept and written back. [Notebook.Encode] writes nbformat 4.5 the way Jupyter itself does:
// sorted keys, one space of indent, text as arrays of lines, a newline at the end. A notebook that
// Jupyter wrote and nobody changed is written back byte for byte (U+2028 and U+2029, which encoding/json
// always escapes, apart), so a diff shows only what changed.
// Cells without an id, from before nbformat 4.5, get one that depends on nothing but their place and text.
//
// # Runs
//
// [Run] executes the code cells of a notebook in order on an [interp.Runner], shows what they give out
// as it comes, and stops at the first cell that fails. What a goroutine prints after its cell has ended
// is still that cell's output, and is recorded there after the line "[after the cell ended]", until the last cell has ended
// (nbclient and papermill drop it). What a cell takes back, by display.Clear, is not recorded. A cell tagged raises-exception may fail; one tagged skip-execution is
// left alone, with the outputs it has. Outputs of every other code cell are cleared before the run, so
// an executed notebook holds nothing that this run did not produce, also when it failed half-way.
//
// The metadata of a cell say when it ran, as in Jupyter, and under "gobraid", "run", what it cost, unless Options.NoMetadata is set. A cell whose
// metadata have an "engine" under "gobraid", auto, yaegi or compiled, runs on that whatever the others run on; "engine_reason" says why.
//
//	sum, err := notebooks.Run(ctx, "00-start.ipynb", runner, notebooks.Options{
//		Out:     "executed.ipynb",
//		Timeout: time.Minute,
//		Stdout:  os.Stdout,
//		Stderr:  os.Stderr,
//	})
//	var failed *notebooks.CellError
//	if errors.As(err, &failed) {
//		os.Exit(1) // the cell's error has been shown
//	}
//
// # Parameters and matrices
//
// The variables and constants of the cell tagged parameters are the parameters of a notebook. [Notebook.Set] gives them other values, in a cell tagged
// injected-parameters after it, as papermill does and with the same effect: "workers = 8" assigns to the variable, a constant is declared again. The
// values are checked by Go's rules before anything runs; a string needs no quotes, and a time.Duration may be written 500ms. [Matrix] runs a
// notebook for each combination of values and collects what package experiment recorded.
//
// # Run records
//
// The metadata of a notebook that was run have under "gobraid", "record", a [RunRecord]: versions, machine, parameters, seeds, the hash, engine and costs
// of each cell, how it ended. The same is in a file beside it, NAME.run.json.
//
// # Verifying
//
// [Verify] runs a notebook again and compares the outputs of each cell with those stored. Text is compared line by line, after escape sequences for
// colours are taken out, and
//
//   - durations, times of day, addresses of memory, ports of this machine, numbers after the words goroutine, thread, task, pid and
//     process, UUIDs, and the numbers in temporary paths count as equal; where there are such, the width of columns does too. In a cell on
//     a clock of its own, %%virtual, times and durations are compared;
//   - pictures are compared by being there, and so are their words and pages with a picture in them, but for cells on a clock of their own. Other pages are
//     compared by what they say;
//   - a record of package experiment is compared by name and unit, and by its value if that is not a time;
//   - that the compiled engine is being made ready, the line about the cost of a cell, how long a task has waited, how many others a panic has ended, and whether output came after the end of its
//     cell, are not compared: they are there when there is something to say;
//   - in cells with %tasks, %locks, %kill, %workers or %cluster numbers are ids, but for those of cells and lines; in those with %%bench no number
//     is compared;
//   - whether a cell fails is always compared.
//
// The order of lines counts, and that of what is shown. But if the cell had several tasks in this run, its lines may have come in any order in which the
// lines of each task, as seen in this run, are in theirs. Lines that several tasks wrote alike have none, and what is shown may come in any order. What one task
// made another wait for is not known: a line moved across such a point is not found.
//
// Tags of a cell change the rules, several together if need be:
//
//	compare:exact         nothing is left out and nothing counts as equal that is not
//	compare:ignore        outputs are not compared
//	compare:unordered     the same lines and displays, in any order
//	compare:shape         numbers may be anything, the text around them is compared
//	compare:numbers=20%   numbers, durations too, are within 20 % of those stored, the text around them is compared
package notebooks
